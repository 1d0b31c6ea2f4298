// What a question asks for, beside where: its needs with all that is narrower, its asker, and whom walls and
// declines keep out. An opportunity supplies needs and asker where the question states none.
OPTIONAL MATCH (asker:Partner {id: coalesce($asker, owner.id)})
WITH place, points, customer, asker,
  CASE
    WHEN size($needs) > 0 THEN $needs
    ELSE [(opportunity)-[need:NEEDS]->(needed:Competency) | {position: need.position, competency: needed.id, minLevel: need.minLevel}]
  END AS needs,
  [(opportunity)<-[:DECLINED]-(partner:Partner) | partner.id]
    + [(opportunity)-[:HAS_INVITATION]->(:Invitation {state: 'DECLINED'})-[:INVITES]->(partner:Partner) | partner.id] AS declined
CALL (needs) {
  UNWIND needs AS need
  OPTIONAL MATCH (needed:Competency {id: need.competency})
  OPTIONAL MATCH (needed)<-[:BROADER*0..]-(narrower:Competency)
  WITH need, needed, collect(DISTINCT narrower.id) AS subtree
  ORDER BY need.position
  RETURN collect({competency: need.competency, minLevel: need.minLevel, name: needed.name, known: needed IS NOT NULL, subtree: subtree}) AS wanted
}
WITH place, points, customer, asker, declined, wanted AS needs
CALL (customer, needs) {
  OPTIONAL MATCH (wall:Wall)
  WHERE (wall)-[:FROM]->(customer) OR wall.segment = customer.segment
  WITH needs, wall
  WHERE wall IS NOT NULL AND (wall.retiredOn IS NULL OR wall.retiredOn > $asOf) AND NOT EXISTS { (wall)-[:WITHIN]->(:Partnership) }
  MATCH (wall)-[:KEEPS_OUT]->(kept:Partner)
  OPTIONAL MATCH (wall)-[:WITHIN]->(of:Competency)
  OPTIONAL MATCH (of)<-[:BROADER*0..]-(narrower:Competency)
  WITH needs, wall, kept, of, collect(DISTINCT narrower.id) AS subtree
  RETURN collect({partner: kept.id, all: of IS NULL OR any(need IN needs WHERE need.competency IN subtree), subtree: subtree}) AS walls
}
WITH place, points, asker, declined, needs, walls, [wall IN walls WHERE wall.all | wall.partner] AS blocked
