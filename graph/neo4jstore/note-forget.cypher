// What is older than it is kept, some of it: keys are in the order of the days, the newest first.
MATCH (n:CustomerAccess)
WHERE n.id >= $before
WITH n LIMIT $limit
DELETE n
RETURN count(*) AS gone
