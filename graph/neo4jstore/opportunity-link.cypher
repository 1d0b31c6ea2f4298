CALL (n, row) {
  MATCH (customer:Customer {id: row.links.customer})
  CREATE (n)-[:FOR]->(customer)
}
CALL (n, row) {
  MATCH (site:Site {id: row.links.site})
  CREATE (n)-[:AT]->(site)
}
CALL (n, row) {
  UNWIND row.links.needs AS link
  MATCH (competency:Competency {id: link.id})
  CREATE (n)-[:NEEDS {position: link.position, minLevel: link.minLevel}]->(competency)
}
CALL (n, row) {
  MATCH (owner:Partner {id: row.links.owner})
  CREATE (owner)-[:OWNS]->(n)
}
CALL (n, row) {
  MATCH (lead:Partner {id: row.links.lead})
  CREATE (lead)-[:LEADS]->(n)
}
CALL (n, row) {
  UNWIND row.links.members AS link
  MATCH (member:Partner {id: link.id})
  CREATE (member)-[:JOINS {position: link.position}]->(n)
}
CALL (n, row) {
  UNWIND row.links.declined AS link
  MATCH (partner:Partner {id: link.id})
  CREATE (partner)-[:DECLINED {position: link.position}]->(n)
}
CALL (n, row) {
  UNWIND row.links.audiencePartners AS link
  MATCH (partner:Partner {id: link.id})
  CREATE (n)-[:ADDRESSES {position: link.position}]->(partner)
}
CALL (n, row) {
  UNWIND row.links.audienceCompetencies AS link
  MATCH (competency:Competency {id: link.id})
  CREATE (n)-[:ADDRESSES {position: link.position}]->(competency)
}
CALL (n, row) {
  MATCH (region:Region {id: row.links.audienceRegion})
  CREATE (n)-[:ADDRESSES]->(region)
}
CALL (n, row) {
  MATCH (partner:Partner {id: row.links.transferTo})
  CREATE (n)-[:OFFERED_TO]->(partner)
}
CALL (n, row) {
  UNWIND row.links.sharedIn AS link
  MATCH (partnership:Partnership {id: link.id})
  CREATE (n)-[:SHARED_IN {position: link.position}]->(partnership)
}
