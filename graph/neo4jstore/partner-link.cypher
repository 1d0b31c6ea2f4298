CALL (n, row) {
  MATCH (parent:Partner {id: row.links.partOf})
  CREATE (n)-[:PART_OF]->(parent)
}
