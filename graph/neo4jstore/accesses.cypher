// A page of who was handed out which customers, the newest first, and how many there are.
CALL {
  MATCH (n:CustomerAccess)
  WHERE n.id > $from AND (NARROWED)
  WITH n ORDER BY n.id LIMIT $limit
  RETURN collect(n {.*}) AS accesses
}
CALL {
  WITH 1 AS one WHERE $total
  MATCH (n:CustomerAccess)
  WHERE NARROWED
  RETURN count(n) AS total
}
RETURN [accesses, total] AS answer
