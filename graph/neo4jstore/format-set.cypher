MATCH (log:Log {id: 'log'})
SET log.format = $format
