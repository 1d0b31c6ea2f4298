CALL (n, row) {
  UNWIND row.links.broader AS link
  MATCH (broader:Competency {id: link.id})
  CREATE (n)-[:BROADER {position: link.position}]->(broader)
}
CALL (n, row) {
  UNWIND row.links.related AS link
  MATCH (related:Competency {id: link.id})
  CREATE (n)-[:RELATED {position: link.position}]->(related)
}
