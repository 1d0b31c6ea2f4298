n {
  .*,
  links: [(n)-[link:HAS_CONTACT|AT|ANSWERS_FOR]-(other) | [type(link), link.position, other.id, labels(other)]]
}
