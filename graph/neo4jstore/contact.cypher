n {
  .*,
  partner: [(n)<-[:HAS_CONTACT]-(partner:Partner) | partner.id][0],
  customer: [(n)<-[:HAS_CONTACT]-(customer:Customer) | customer.id][0],
  office: [(n)-[:AT]->(office:Office) | office.id][0],
  territories: [(n)-[link:ANSWERS_FOR]->(region:Region) | [link.position, region.id]]
}
