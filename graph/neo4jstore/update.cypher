// Nodes that changed.
UNWIND $rows AS row
MATCH (n:KIND {id: row.id})
SET n = row.properties
