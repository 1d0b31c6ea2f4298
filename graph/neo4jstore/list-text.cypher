// A page of a list, out of what holds a text.
MATCH (n:KIND)
USING TEXT INDEX n:KIND(texts)
WHERE n.texts CONTAINS $text
WITH n
WHERE n.KEY AFTER $from AND (FILTER)
WITH n ORDER BY n.KEY DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION}) AS answer
