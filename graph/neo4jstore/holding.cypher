n {
  .*,
  partner: [(n)<-[:HAS_HOLDING]-(partner:Partner) | partner.id][0],
  competency: [(n)-[:OF]->(competency:Competency) | competency.id][0],
  office: [(n)-[:AT]->(office:Office) | office.id][0]
}
