// A page of a list, out of what lies near; with the places of each, which are measured again.
UNWIND $points AS at
MATCH (place:PLACE)
WHERE point.distance(place.location, at) <= $metres AND (place.retiredOn IS NULL OR place.retiredOn > $asOf)
WITH DISTINCT place
OWNER
WITH n, collect(place.location) AS locations
WHERE KEYED AFTER $from AND ($text IS NULL OR n.texts CONTAINS $text OR n.longTexts CONTAINS $text) AND (FILTER) AND SEEN(KIND n)
WITH n, locations ORDER BY KEYED DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION, locations: locations}) AS answer
