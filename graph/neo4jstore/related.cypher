// A page of what is related to each of the parents, in the order of ids, and how many there are where that is asked.
UNWIND range(0, size($parents) - 1) AS i
WITH i, $parents[i] AS parentId
CALL (parentId) {
  MATCH RELATION
  WITH DISTINCT n, coalesce(n.byId, n.id) AS key
  WHERE ($total OR key AFTER $from) AND NOT n.id IN $except AND SEEN(KIND n)
  WITH n, key ORDER BY key DIRECTION
  WITH count(n) AS total, collect(CASE WHEN key AFTER $from THEN n END)[..$limit] AS page
  RETURN total, [n IN page | PROJECTION] AS nodes
}
WITH i, nodes, CASE WHEN $total THEN total END AS total ORDER BY i
RETURN collect([nodes, total]) AS answer
