CALL (n, row) {
  MATCH (parent:Region {id: row.links.parent})
  CREATE (n)-[:PART_OF]->(parent)
}
