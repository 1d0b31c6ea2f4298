// Opportunities that a partner takes part in, or whose audience it is. The distance is that of graph.Kilometres. The
// planner takes other conditions apart and asks of every opportunity whatever is in them; a CASE asks what it must.
NOT n.id IN $viewer.walledOpportunities AND CASE
  WHEN n.id IN $viewer.opportunities THEN true
  WHEN $viewer.profile IS NULL OR n.stage = 'DRAFT' THEN false
  WHEN n.audience = 'ALL' THEN true
  WHEN n.audience = 'NAMED' THEN EXISTS { (n)-[:ADDRESSES]->(:Partner {id: $viewer.me}) }
  WHEN coalesce(n.audience, '') <> 'FILTER' THEN false
  WHEN n.audienceKinds IS NOT NULL AND NOT $viewer.profile.kind IN n.audienceKinds THEN false
  WHEN coalesce(n.audienceMinTier, '') IN $viewer.profile.tiersAbove THEN false
  WHEN n.audienceCountries IS NOT NULL AND none(country IN n.audienceCountries WHERE country IN $viewer.profile.countries) THEN false
  WHEN any(tag IN coalesce(n.audienceTags, []) WHERE NOT tag IN $viewer.profile.tags) THEN false
  WHEN n.audienceNear IS NOT NULL AND n.audienceRadiusKm IS NOT NULL AND none(h IN [office IN $viewer.profile.points |
    sin(radians(n.audienceNear.latitude - office.latitude) / 2) * sin(radians(n.audienceNear.latitude - office.latitude) / 2)
    + cos(radians(office.latitude)) * cos(radians(n.audienceNear.latitude))
    * sin(radians(n.audienceNear.longitude - office.longitude) / 2) * sin(radians(n.audienceNear.longitude - office.longitude) / 2)
  ] WHERE 2 * 6371.0088 * asin(CASE WHEN h > 1 THEN 1.0 ELSE sqrt(h) END) <= n.audienceRadiusKm) THEN false
  WHEN EXISTS { (n)-[:ADDRESSES]->(around:Region) WHERE NOT around.id IN $viewer.profile.regions } THEN false
  WHEN EXISTS { (n)-[:ADDRESSES]->(:Competency) } THEN EXISTS { (n)-[:ADDRESSES]->(wanting:Competency) WHERE wanting.id IN $viewer.profile.held }
  ELSE true
END
