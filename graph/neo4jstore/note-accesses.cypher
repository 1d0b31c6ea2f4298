// Who was handed out which customers, added to what is noted already.
UNWIND $accesses AS access
MERGE (n:CustomerAccess {id: access.id})
ON CREATE SET n = access
ON MATCH SET
  n.first = CASE WHEN access.first < n.first THEN access.first ELSE n.first END,
  n.last = CASE WHEN access.last > n.last THEN access.last ELSE n.last END,
  n.reads = n.reads + access.reads
