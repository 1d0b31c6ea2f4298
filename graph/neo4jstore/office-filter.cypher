($partner IS NULL OR EXISTS { (n)<-[:HAS_OFFICE]-(:Partner {id: $partner}) })
AND ($countries IS NULL OR n.country IN $countries)
AND ($roles IS NULL OR any(role IN $roles WHERE role IN n.roles))
AND all(tag IN $tags WHERE tag IN n.tags)
AND all(need IN $holds WHERE EXISTS {
  MATCH (n)<-[:AT]-(holding:Holding)-[:OF]->(held:Competency)
  WHERE held.id IN need.subtree
    AND coalesce(holding.level, 3) >= need.minLevel
    AND holding.mergedInto IS NULL
    AND (holding.retiredOn IS NULL OR holding.retiredOn > $asOf)
    AND (holding.since IS NULL OR holding.since <= $asOf)
    AND (holding.until IS NULL OR holding.until >= $asOf)
})
AND (NOT $near OR n.retiredOn IS NULL OR n.retiredOn > $asOf)
