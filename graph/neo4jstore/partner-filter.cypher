($kinds IS NULL OR n.kind IN $kinds)
AND ($statuses IS NULL OR n.status IN $statuses)
AND ($minTier = 0 OR n.tier IN $tiers)
AND all(tag IN $tags WHERE tag IN n.tags)
AND ($hasOffice IS NULL OR $hasOffice = EXISTS {
  MATCH (n)-[:HAS_OFFICE]->(office:Office)
  WHERE office.retiredOn IS NULL OR office.retiredOn > $asOf
})
AND ($countries IS NULL OR EXISTS {
  MATCH (n)-[:HAS_OFFICE]->(office:Office)
  WHERE office.country IN $countries AND (office.retiredOn IS NULL OR office.retiredOn > $asOf)
})
AND all(need IN $holds WHERE EXISTS {
  MATCH (n)-[:HAS_HOLDING]->(holding:Holding)-[:OF]->(held:Competency)
  WHERE held.id IN need.subtree
    AND coalesce(holding.level, 3) >= need.minLevel
    AND holding.mergedInto IS NULL
    AND (holding.retiredOn IS NULL OR holding.retiredOn > $asOf)
    AND (holding.since IS NULL OR holding.since <= $asOf)
    AND (holding.until IS NULL OR holding.until >= $asOf)
})
AND (NOT $certified OR EXISTS {
  MATCH (n)-[:HAS_CERTIFICATION]->(certification:Certification)-[:ATTESTS]->(attested:Competency)
  WHERE ($certifiedIn IS NULL OR attested.id IN $certifiedIn)
    AND ($scheme IS NULL OR certification.scheme = $scheme)
    AND certification.verified = true
    AND (certification.retiredOn IS NULL OR certification.retiredOn > $asOf)
    AND (certification.issuedOn IS NULL OR certification.issuedOn <= $asOf)
    AND (certification.expiresOn IS NULL OR certification.expiresOn >= $asOf)
})
