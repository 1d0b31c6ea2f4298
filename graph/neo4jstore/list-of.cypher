// A page of a list, out of what belongs to somebody.
MATCH PATTERN
WHERE n.KEY AFTER $from AND ($text IS NULL OR n.texts CONTAINS $text OR n.longTexts CONTAINS $text) AND (FILTER)
WITH DISTINCT n ORDER BY n.KEY DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION}) AS answer
