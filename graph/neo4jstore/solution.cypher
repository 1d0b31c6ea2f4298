n {
  .*,
  partners: [(n)<-[link:DELIVERS]-(partner:Partner) | [link.position, partner.id]],
  competencies: [(n)-[link:REQUIRES]->(competency:Competency) | [link.position, competency.id]],
  buildsOn: [(n)-[link:BUILDS_ON]->(base:Solution) | [link.position, base.id]]
}
