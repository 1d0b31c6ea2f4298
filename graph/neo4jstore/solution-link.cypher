CALL (n, row) {
  UNWIND row.links.partners AS link
  MATCH (partner:Partner {id: link.id})
  CREATE (partner)-[:DELIVERS {position: link.position}]->(n)
}
CALL (n, row) {
  UNWIND row.links.competencies AS link
  MATCH (competency:Competency {id: link.id})
  CREATE (n)-[:REQUIRES {position: link.position}]->(competency)
}
CALL (n, row) {
  UNWIND row.links.buildsOn AS link
  MATCH (base:Solution {id: link.id})
  CREATE (n)-[:BUILDS_ON {position: link.position}]->(base)
}
