n {
  .*,
  opportunity: [(n)<-[:HAS_INVITATION]-(opportunity:Opportunity) | opportunity.id][0],
  partner: [(n)-[:INVITES]->(partner:Partner) | partner.id][0]
}
