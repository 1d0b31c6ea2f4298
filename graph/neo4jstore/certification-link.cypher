CALL (n, row) {
  MATCH (partner:Partner {id: row.links.partner})
  CREATE (partner)-[:HAS_CERTIFICATION]->(n)
}
CALL (n, row) {
  MATCH (competency:Competency {id: row.links.competency})
  CREATE (n)-[:ATTESTS]->(competency)
}
CALL (n, row) {
  MATCH (office:Office {id: row.links.office})
  CREATE (n)-[:AT]->(office)
}
