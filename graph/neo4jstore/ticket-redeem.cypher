// Takes a ticket: whoever comes later finds it redeemed. The lock is taken before it is looked at.
MATCH (n:Ticket {digest: $digest})
WHERE n.until > $now
SET n.turn = randomUUID()
WITH n
WHERE n.redeemed IS NULL
SET n.redeemed = true
RETURN n {.*} AS ticket
