n {
  .*,
  links: [(n)-[link:HAS_INVITATION|INVITES]-(other) | [type(link), link.position, other.id]]
}
