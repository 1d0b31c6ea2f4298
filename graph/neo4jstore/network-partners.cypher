MATCH (n:Partner)
WHERE n.id > $from
WITH n ORDER BY n.id LIMIT $limit
RETURN {ids: collect(n.id), names: collect(coalesce(n.name, '')), statuses: collect(coalesce(n.status, ''))} AS answer
