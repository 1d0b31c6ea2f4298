// A node, and of what belongs to it as much as decides who may read it.
MATCH PATTERN
WHERE n.id = $id
RETURN collect({node: PROJECTION, FACTS}) AS answer
