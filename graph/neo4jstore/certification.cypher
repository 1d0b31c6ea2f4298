n {
  .*,
  partner: [(n)<-[:HAS_CERTIFICATION]-(partner:Partner) | partner.id][0],
  competency: [(n)-[:ATTESTS]->(competency:Competency) | competency.id][0],
  office: [(n)-[:AT]->(office:Office) | office.id][0]
}
