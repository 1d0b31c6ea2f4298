($segments IS NULL OR coalesce(n.segment, '') IN $segments)
AND ($industries IS NULL OR coalesce(n.industry, '') IN $industries)
AND ($countries IS NULL OR EXISTS {
  MATCH (n)-[:HAS_SITE]->(site:Site)
  WHERE site.country IN $countries AND (site.retiredOn IS NULL OR site.retiredOn > $asOf)
})
AND ($partner IS NULL OR EXISTS { (n)<-[:SERVES]-(:Partner {id: $partner}) })
