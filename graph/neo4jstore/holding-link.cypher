CALL (n, row) {
  MATCH (partner:Partner {id: row.links.partner})
  CREATE (partner)-[:HAS_HOLDING]->(n)
}
CALL (n, row) {
  MATCH (competency:Competency {id: row.links.competency})
  CREATE (n)-[:OF]->(competency)
}
CALL (n, row) {
  MATCH (office:Office {id: row.links.office})
  CREATE (n)-[:AT]->(office)
}
