CALL (n, row) {
  MATCH (partner:Partner {id: row.links.partner})
  CREATE (partner)-[:HAS_CONTACT]->(n)
}
CALL (n, row) {
  MATCH (customer:Customer {id: row.links.customer})
  CREATE (customer)-[:HAS_CONTACT]->(n)
}
CALL (n, row) {
  MATCH (office:Office {id: row.links.office})
  CREATE (n)-[:AT]->(office)
}
CALL (n, row) {
  UNWIND row.links.territories AS link
  MATCH (region:Region {id: link.id})
  CREATE (n)-[:ANSWERS_FOR {position: link.position}]->(region)
}
