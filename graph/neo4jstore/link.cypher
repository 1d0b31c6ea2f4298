// What nodes name.
UNWIND $rows AS row
MATCH (n:KIND {id: row.id})
WITH n, row
LINKS
