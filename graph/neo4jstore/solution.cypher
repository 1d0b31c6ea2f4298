n {
  .*,
  links: [(n)<-[link:DELIVERS]-(other) | [type(link), link.position, other.id]]
    + [(n)-[link:REQUIRES|BUILDS_ON]->(other) | [type(link), link.position, other.id]]
}
