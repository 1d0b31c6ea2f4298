CALL (n, row) {
  MATCH (customer:Customer {id: row.links.customer})
  CREATE (customer)-[:HAS_SITE]->(n)
}
