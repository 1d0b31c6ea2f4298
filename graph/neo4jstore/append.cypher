// The end of a transaction: its events, and how far the log has come. Beside that it says which event was the last
// to alter what somebody may see, and which the last to move an opportunity into or out of somebody's sight; noted
// says up to which event that is told, as an earlier program would not.
MATCH (log:Log)
WITH log, log.seq + size($events) AS seq, coalesce(log.noted, -1) = log.seq AS told
SET log.altered = CASE WHEN $altered OR NOT told THEN seq ELSE log.altered END,
  log.moved = CASE WHEN $moved OR NOT told THEN seq ELSE log.moved END
SET log.seq = seq, log.noted = seq
WITH log
UNWIND $events AS event
CREATE (e:Event)
SET e = event
