n {
  .*,
  links: [(n)-[link:BROADER|RELATED]->(other) | [type(link), link.position, other.id]]
}
