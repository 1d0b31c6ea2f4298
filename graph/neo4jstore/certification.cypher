n {
  .*,
  links: [(n)-[link:HAS_CERTIFICATION|ATTESTS|AT]-(other) | [type(link), link.position, other.id]]
}
