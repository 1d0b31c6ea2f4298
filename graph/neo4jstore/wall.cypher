n {
  .*,
  partner: [(n)-[:KEEPS_OUT]->(partner:Partner) | partner.id][0],
  customer: [(n)-[:FROM]->(customer:Customer) | customer.id][0],
  competency: [(n)-[:WITHIN]->(competency:Competency) | competency.id][0],
  partnership: [(n)-[:WITHIN]->(partnership:Partnership) | partnership.id][0]
}
