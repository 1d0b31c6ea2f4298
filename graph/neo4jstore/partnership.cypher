n {
  .*,
  parties: [(n)<-[link:PARTY_TO]-(partner:Partner) | [link.position, partner.id]],
  pending: [(n)-[link:AWAITS]->(partner:Partner) | [link.position, partner.id]],
  sites: [(n)-[link:AT]->(site:Site) | [link.position, site.id]]
}
