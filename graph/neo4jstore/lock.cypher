// The lock of the log, held until the transaction ends: whoever writes holds it.
MATCH (log:Log)
SET log.turn = randomUUID()
RETURN log.seq AS seq,
  CASE WHEN log.noted = log.seq THEN log.altered ELSE log.seq END AS altered,
  CASE WHEN log.noted = log.seq THEN log.moved ELSE log.seq END AS moved
