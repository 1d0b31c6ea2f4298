// A page of what is related to each of the parents, in the order of ids.
UNWIND range(0, size($parents) - 1) AS i
WITH i, $parents[i] AS parentId
CALL (parentId) {
  MATCH RELATION
  WITH DISTINCT n
  WHERE coalesce(n.byId, n.id) AFTER $from AND NOT n.id IN $except AND SEEN(KIND n)
  WITH n ORDER BY coalesce(n.byId, n.id) DIRECTION LIMIT $limit
  RETURN collect(PROJECTION) AS nodes
}
CALL (parentId) {
  WITH parentId WHERE $total
  MATCH RELATION
  WITH DISTINCT n
  WHERE NOT n.id IN $except AND SEEN(KIND n)
  RETURN count(n) AS total
}
WITH i, nodes, total ORDER BY i
RETURN collect([nodes, total]) AS answer
