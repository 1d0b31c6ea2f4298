CREATE (n:Ticket)
SET n = $ticket
