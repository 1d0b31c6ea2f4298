// A page of a list, along the index of its order.
MATCH PATTERN
WHERE n.KEY AFTER $from AND (FILTER) AND SEEN(KIND n)
WITH n ORDER BY n.KEY DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION}) AS answer
