MATCH (party)-[row:SERVES]->(n:Customer)
WHERE row.role IN ['OWNER', 'CO_OWNER'] AND SERVES(row)
  AND none(wall IN walls WHERE wall.scope IS NULL AND (coalesce(n.id = wall.customer, false) OR coalesce(n.segment = wall.segment, false)))
  AND THERE(Customer n)
WITH DISTINCT n, id ORDER BY id
WITH n, collect(id) AS within
CALL (n) {
  WITH n WHERE SEEN(Customer n)
  RETURN count(*) AS known
}
WITH n AS subject, null AS country, 1 - known AS unknown, within
