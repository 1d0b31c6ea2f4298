n {
  .*,
  links: [(n)-[link:FOR|AT|NEEDS|OWNS|LEADS|JOINS|DECLINED|ADDRESSES|OFFERED_TO|SHARED_IN]-(other) | [type(link), link.position, other.id, labels(other), link.minLevel]]
}
