n {
  .*,
  broader: [(n)-[link:BROADER]->(broader:Competency) | [link.position, broader.id]],
  related: [(n)-[link:RELATED]->(related:Competency) | [link.position, related.id]]
}
