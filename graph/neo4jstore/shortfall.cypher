// What decides why somebody does not qualify: of every partner that holds each need today and is not walled
// off, all that the tests of a question look at.
PLACE
QUESTION
CALL (needs, wanted, asker, walls, blocked) {
  REACH
  WITH partner, offices
  WHERE (asker IS NULL OR partner <> asker) AND NOT partner IN blocked AND THERE(Partner partner)
  MATCH (partner)-[:HAS_HOLDING]->(holding)-[:OF]->(held)
  WHERE held IN wanted
  WITH partner, offices, holding, held
  WHERE holding.mergedInto IS NULL
    AND (holding.retiredOn IS NULL OR holding.retiredOn > $asOf)
    AND (holding.since IS NULL OR holding.since <= $asOf)
    AND (holding.until IS NULL OR holding.until >= $asOf)
    AND none(wall IN walls WHERE wall.partner = partner AND held IN wall.subtree)
  OPTIONAL MATCH (holding)-[:AT]->(tied)
  WITH partner, head(collect(offices)) AS offices, collect([
    [i IN range(0, size(needs) - 1) WHERE held IN needs[i].subtree], coalesce(holding.level, 3), tied.id, holding.remote,
    EXISTS {
      MATCH (partner)-[:HAS_CERTIFICATION]->(certification)-[:ATTESTS]->(attested)
      WHERE certification.verified = true
        AND (certification.retiredOn IS NULL OR certification.retiredOn > $asOf)
        AND (certification.issuedOn IS NULL OR certification.issuedOn <= $asOf)
        AND (certification.expiresOn IS NULL OR certification.expiresOn >= $asOf)
        AND (attested = held OR EXISTS { (attested)-[:BROADER*1..]->(held) })
        AND (tied IS NULL OR NOT EXISTS { (certification)-[:AT]->(at) WHERE at <> tied })
    }
  ]) AS holdings
  WHERE all(i IN range(0, size(needs) - 1) WHERE any(holding IN holdings WHERE i IN holding[0]))
  RETURN collect([
    partner.id, partner.kind, partner.tier, partner.status, partner.capacity, holdings,
    [office IN offices | [office.id, office.location.latitude, office.location.longitude]]
  ]) AS holders
}
RETURN {
  place: place, points: points, needs: [need IN needs | [need.competency, need.minLevel, need.name, need.known]],
  asker: asker.id, askerState: asker.status, blocked: [partner IN blocked | partner.id], declined: [partner IN declined | partner.id], holders: holders
} AS answer
