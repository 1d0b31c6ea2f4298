n {
  .*,
  links: [(n)-[link:PART_OF|MANAGED_BY]->(other) | [type(link), link.position, other.id]]
}
