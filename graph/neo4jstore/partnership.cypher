n {
  .*,
  links: [(n)-[link:PARTY_TO|AWAITS|AT]-(other) | [type(link), link.position, other.id]]
}
