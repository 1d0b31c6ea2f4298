n {
  .*,
  parent: [(n)-[:PART_OF]->(parent:Region) | parent.id][0]
}
