// Lets go of receipts that are older than they are kept. The lock is taken before they are looked at.
MATCH (log:Log)
SET log.turn = randomUUID()
WITH log
MATCH (n:Receipt)
WHERE n.at < $before
WITH n LIMIT $limit
DELETE n
RETURN count(*) AS gone
