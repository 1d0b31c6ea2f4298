// The format, and what names the deployment among all others, unless it has a name.
MATCH (log:Log {id: 'log'})
SET log.format = $format, log.deployment = coalesce(log.deployment, $deployment)
