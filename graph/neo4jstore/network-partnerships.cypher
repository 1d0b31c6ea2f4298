MATCH (n:Partnership)
WHERE n.id > $from
WITH n ORDER BY n.id LIMIT $limit
RETURN collect(PROJECTION) AS answer
