// A page of a list, out of what belongs to somebody.
MATCH PATTERN
WHERE KEYED AFTER $from AND ($text IS NULL OR n.texts CONTAINS $text OR n.longTexts CONTAINS $text) AND (FILTER) AND SEEN(KIND n)
WITH DISTINCT n ORDER BY KEYED DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION}) AS answer
