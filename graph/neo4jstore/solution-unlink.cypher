MATCH (n)-[link:DELIVERS|REQUIRES|BUILDS_ON]-()
WHERE type(link) <> 'BUILDS_ON' OR startNode(link) = n
