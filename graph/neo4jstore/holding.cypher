n {
  .*,
  links: [(n)-[link:HAS_HOLDING|OF|AT]-(other) | [type(link), link.position, other.id]]
}
