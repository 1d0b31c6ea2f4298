// The lock of the log, held until the transaction ends: whoever writes holds it.
MATCH (log:Log)
SET log.turn = randomUUID()
RETURN log {.*} AS course
