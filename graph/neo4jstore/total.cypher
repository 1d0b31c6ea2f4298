// How many a list has.
MATCH PATTERN
WHERE ($text IS NULL OR n.texts CONTAINS $text OR n.longTexts CONTAINS $text) AND (FILTER) AND SEEN(KIND n)
RETURN count(n) AS answer
