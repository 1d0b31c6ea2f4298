n {
  .*,
  from: [(n)<-[:SENT]-(partner:Partner) | partner.id][0],
  to: [(n)-[:TO]->(partner:Partner) | partner.id][0],
  customer: [(n)-[:ABOUT]->(customer:Customer) | customer.id][0],
  competency: [(n)-[:FOR]->(competency:Competency) | competency.id][0],
  parent: [(n)-[:CONTINUES]->(parent:Referral) | parent.id][0]
}
