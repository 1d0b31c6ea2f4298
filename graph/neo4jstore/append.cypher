// The end of a transaction: its events, and how far the log has come.
MATCH (log:Log)
SET log.seq = log.seq + size($events)
WITH log
UNWIND $events AS event
CREATE (e:Event)
SET e = event
