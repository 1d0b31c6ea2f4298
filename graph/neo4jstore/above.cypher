// What is above nodes of a hierarchy: pairs of a node and one that it stands under.
UNWIND $ids AS id
MATCH (:KIND {id: id})-[:RELATION*0..]->(below:KIND)-[:RELATION]->(above:KIND)
WITH DISTINCT below.id AS below, above.id AS above
RETURN collect([below, above]) AS answer
