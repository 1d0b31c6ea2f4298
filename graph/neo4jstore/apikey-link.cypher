CALL (n, row) {
  MATCH (partner:Partner {id: row.links.partner})
  CREATE (partner)-[:HAS_KEY]->(n)
}
