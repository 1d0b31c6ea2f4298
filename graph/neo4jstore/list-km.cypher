// A page of what lies near, by distance as the database measures it. Places as far as each other may be in
// another order than where kilometres are measured: the page is cut there.
UNWIND $points AS at
MATCH (n:KIND)
WHERE point.distance(n.location, at) <= $metres AND (n.retiredOn IS NULL OR n.retiredOn > $asOf)
WITH n, min(point.distance(n.location, at)) AS metres
WHERE metres >= $least AND metres <= $most AND ($text IS NULL OR n.texts CONTAINS $text OR n.longTexts CONTAINS $text) AND (FILTER) AND SEEN(KIND n)
WITH n, metres ORDER BY metres DIRECTION, n.id DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION, metres: metres}) AS answer
