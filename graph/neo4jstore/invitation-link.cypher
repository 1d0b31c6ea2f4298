CALL (n, row) {
  MATCH (opportunity:Opportunity {id: row.links.opportunity})
  CREATE (opportunity)-[:HAS_INVITATION]->(n)
}
CALL (n, row) {
  MATCH (partner:Partner {id: row.links.partner})
  CREATE (n)-[:INVITES]->(partner)
}
