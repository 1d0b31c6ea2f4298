// What a question asks for, beside where: its needs with all that is narrower, its asker, and whom walls and
// declines keep out. An opportunity supplies needs and asker where the question states none. What fills any
// of the needs is in wanted.
OPTIONAL MATCH (asker:Partner {id: coalesce($asker, owner.id)}) WHERE SEEN(Partner asker)
WITH place, points, customer, asker,
  CASE
    WHEN size($needs) > 0 THEN $needs
    ELSE [(opportunity)-[need:NEEDS]->(needed) | {position: need.position, competency: needed.id, minLevel: need.minLevel}]
  END AS asked,
  [(opportunity)-[:HAS_INVITATION]->(invitation)-[:INVITES]->(partner) WHERE invitation.state = 'DECLINED' | partner]
    + [(opportunity)<-[:DECLINED]-(partner) | partner] AS declined
CALL (asked) {
  UNWIND asked AS need
  OPTIONAL MATCH (needed:Competency {id: need.competency})
  OPTIONAL MATCH (needed)<-[:BROADER*0..]-(narrower)
  WITH need, needed, collect(DISTINCT narrower) AS subtree
  ORDER BY need.position
  RETURN collect({competency: need.competency, minLevel: need.minLevel, name: needed.name, known: needed IS NOT NULL, needed: needed, subtree: subtree}) AS needs
}
CALL (customer, needs) {
  CALL (customer) {
    MATCH (customer)<-[:FROM]-(wall)
    RETURN wall
    UNION
    WITH customer WHERE customer.segment IS NOT NULL
    MATCH (wall:Wall {segment: customer.segment})
    RETURN wall
  }
  WITH wall
  WHERE (wall.retiredOn IS NULL OR wall.retiredOn > $asOf) AND NOT EXISTS { (wall)-[:WITHIN]->(:Partnership) }
  MATCH (wall)-[:KEEPS_OUT]->(kept)
  OPTIONAL MATCH (wall)-[:WITHIN]->(of)
  OPTIONAL MATCH (of)<-[:BROADER*0..]-(narrower)
  WITH wall, kept, of, collect(DISTINCT narrower) AS subtree
  RETURN collect({partner: kept, all: of IS NULL OR any(need IN needs WHERE need.needed IN subtree), subtree: subtree}) AS walls
}
WITH place, points, asker, declined, needs, walls, [wall IN walls WHERE wall.all | wall.partner] AS blocked,
  CASE WHEN size(needs) = 1 THEN needs[0].subtree ELSE reduce(all = [], need IN needs | all + need.subtree) END AS wanted
