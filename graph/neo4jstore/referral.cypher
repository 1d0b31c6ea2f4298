n {
  .*,
  links: [(n)<-[link:SENT]-(other) | [type(link), link.position, other.id]]
    + [(n)-[link:TO|ABOUT|FOR|CONTINUES]->(other) | [type(link), link.position, other.id]]
}
