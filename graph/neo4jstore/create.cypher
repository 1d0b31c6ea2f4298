// New nodes, with what they name.
UNWIND $rows AS row
CREATE (n:KIND)
SET n = row.properties
WITH n, row
LINKS
