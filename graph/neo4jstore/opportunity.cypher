n {
  .*,
  customer: [(n)-[:FOR]->(customer:Customer) | customer.id][0],
  site: [(n)-[:AT]->(site:Site) | site.id][0],
  needs: [(n)-[link:NEEDS]->(competency:Competency) | [link.position, competency.id, link.minLevel]],
  owner: [(n)<-[:OWNS]-(partner:Partner) | partner.id][0],
  lead: [(n)<-[:LEADS]-(partner:Partner) | partner.id][0],
  members: [(n)<-[link:JOINS]-(partner:Partner) | [link.position, partner.id]],
  declined: [(n)<-[link:DECLINED]-(partner:Partner) | [link.position, partner.id]],
  audiencePartners: [(n)-[link:ADDRESSES]->(partner:Partner) | [link.position, partner.id]],
  audienceCompetencies: [(n)-[link:ADDRESSES]->(competency:Competency) | [link.position, competency.id]],
  audienceRegion: [(n)-[:ADDRESSES]->(region:Region) | region.id][0],
  transferTo: [(n)-[:OFFERED_TO]->(partner:Partner) | partner.id][0],
  sharedIn: [(n)-[link:SHARED_IN]->(partnership:Partnership) | [link.position, partnership.id]]
}
