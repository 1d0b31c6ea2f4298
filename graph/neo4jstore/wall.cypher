n {
  .*,
  links: [(n)-[link:KEEPS_OUT|FROM|WITHIN]->(other) | [type(link), link.position, other.id, labels(other)]]
}
