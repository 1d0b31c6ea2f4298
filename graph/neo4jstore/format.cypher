MATCH (log:Log {id: 'log'})
RETURN log.format AS format
