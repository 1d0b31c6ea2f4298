CALL (n, row) {
  UNWIND row.links.parties AS link
  MATCH (partner:Partner {id: link.id})
  CREATE (partner)-[:PARTY_TO {position: link.position}]->(n)
}
CALL (n, row) {
  UNWIND row.links.sites AS link
  MATCH (site:Site {id: link.id})
  CREATE (n)-[:AT {position: link.position}]->(site)
}
CALL (n, row) {
  UNWIND row.links.pending AS link
  MATCH (partner:Partner {id: link.id})
  CREATE (n)-[:AWAITS {position: link.position}]->(partner)
}
