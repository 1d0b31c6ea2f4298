MATCH (n)-[link:SENT|TO|ABOUT|FOR|CONTINUES]-()
WHERE type(link) <> 'CONTINUES' OR startNode(link) = n
