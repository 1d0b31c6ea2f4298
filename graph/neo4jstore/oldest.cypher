MATCH (log:Log)
RETURN {forgotten: coalesce(log.forgotten, 0), deployment: log.deployment} AS answer
