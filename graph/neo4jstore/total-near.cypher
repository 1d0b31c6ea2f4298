// How many of a list lie near: all of them with their places, which are measured again.
UNWIND $points AS at
MATCH (place:PLACE)
WHERE point.distance(place.location, at) <= $metres AND (place.retiredOn IS NULL OR place.retiredOn > $asOf)
WITH DISTINCT place
OWNER
WITH n, collect(place.location) AS locations
WHERE ($text IS NULL OR n.texts CONTAINS $text OR n.longTexts CONTAINS $text) AND (FILTER) AND SEEN(KIND n)
RETURN collect(locations) AS answer
