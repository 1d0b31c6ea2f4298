// What is older than it is kept.
MATCH (n:CustomerAccess)
WHERE n.id >= $from
DELETE n
