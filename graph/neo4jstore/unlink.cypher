// What nodes no longer name, or name differently.
UNWIND $rows AS row
MATCH (n:KIND {id: row.id})
WITH n
UNLINK
DELETE link
