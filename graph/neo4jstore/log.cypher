MERGE (log:Log {id: 'log'})
ON CREATE SET log.seq = 0, log.format = 0
