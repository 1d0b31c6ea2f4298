CALL (n, row) {
  MATCH (from:Partner {id: row.links.from})
  CREATE (from)-[:SENT]->(n)
}
CALL (n, row) {
  MATCH (to:Partner {id: row.links.to})
  CREATE (n)-[:TO]->(to)
}
CALL (n, row) {
  MATCH (customer:Customer {id: row.links.customer})
  CREATE (n)-[:ABOUT]->(customer)
}
CALL (n, row) {
  MATCH (competency:Competency {id: row.links.competency})
  CREATE (n)-[:FOR]->(competency)
}
CALL (n, row) {
  MATCH (parent:Referral {id: row.links.parent})
  CREATE (n)-[:CONTINUES]->(parent)
}
