// Opportunities that a partner takes part in, or whose audience it is. The distance is that of graph.Kilometres.
NOT n.id IN $viewer.walledOpportunities AND (n.id IN $viewer.opportunities OR $viewer.profile IS NOT NULL AND n.stage <> 'DRAFT' AND (
  n.audience = 'ALL'
  OR n.audience = 'NAMED' AND EXISTS { (n)-[:ADDRESSES]->(:Partner {id: $viewer.me}) }
  OR n.audience = 'FILTER'
    AND (n.audienceKinds IS NULL OR $viewer.profile.kind IN n.audienceKinds)
    AND NOT coalesce(n.audienceMinTier, '') IN $viewer.profile.tiersAbove
    AND (n.audienceCountries IS NULL OR any(country IN n.audienceCountries WHERE country IN $viewer.profile.countries))
    AND all(tag IN coalesce(n.audienceTags, []) WHERE tag IN $viewer.profile.tags)
    AND (n.audienceNear IS NULL OR n.audienceRadiusKm IS NULL OR any(h IN [office IN $viewer.profile.points |
      sin(radians(n.audienceNear.latitude - office.latitude) / 2) * sin(radians(n.audienceNear.latitude - office.latitude) / 2)
      + cos(radians(office.latitude)) * cos(radians(n.audienceNear.latitude))
      * sin(radians(n.audienceNear.longitude - office.longitude) / 2) * sin(radians(n.audienceNear.longitude - office.longitude) / 2)
    ] WHERE 2 * 6371.0088 * asin(CASE WHEN h > 1 THEN 1.0 ELSE sqrt(h) END) <= n.audienceRadiusKm))
    AND NOT EXISTS { (n)-[:ADDRESSES]->(around:Region) WHERE NOT around.id IN $viewer.profile.regions }
    AND (NOT EXISTS { (n)-[:ADDRESSES]->(:Competency) } OR EXISTS { (n)-[:ADDRESSES]->(wanting:Competency) WHERE wanting.id IN $viewer.profile.held })
))
