CALL (n, row) {
  MATCH (partner:Partner {id: row.links.partner})
  CREATE (n)-[:KEEPS_OUT]->(partner)
}
CALL (n, row) {
  MATCH (customer:Customer {id: row.links.customer})
  CREATE (n)-[:FROM]->(customer)
}
CALL (n, row) {
  MATCH (competency:Competency {id: row.links.competency})
  CREATE (n)-[:WITHIN]->(competency)
}
CALL (n, row) {
  MATCH (partnership:Partnership {id: row.links.partnership})
  CREATE (n)-[:WITHIN]->(partnership)
}
