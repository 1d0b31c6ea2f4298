// Lets go of tickets that are over. The lock is taken before they are looked at.
MATCH (log:Log)
SET log.turn = randomUUID()
WITH log
MATCH (n:Ticket)
WHERE n.until < $before
WITH n LIMIT $limit
DELETE n
RETURN count(*) AS gone
