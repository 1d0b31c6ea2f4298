// What decides why somebody does not qualify: of every partner that holds each need today and is not walled
// off, all that the tests of a question look at.
PLACE
QUESTION
CALL (needs, asker, walls, blocked, points) {
  REACH
  WITH needs, walls, partner, offices
  WHERE (asker IS NULL OR partner <> asker) AND NOT partner.id IN blocked
  CALL (partner, needs, walls) {
    MATCH (partner)-[:HAS_HOLDING]->(holding:Holding)-[:OF]->(held:Competency)
    WHERE any(need IN needs WHERE held.id IN need.subtree)
      AND holding.mergedInto IS NULL
      AND (holding.retiredOn IS NULL OR holding.retiredOn > $asOf)
      AND (holding.since IS NULL OR holding.since <= $asOf)
      AND (holding.until IS NULL OR holding.until >= $asOf)
      AND none(wall IN walls WHERE wall.partner = partner.id AND held.id IN wall.subtree)
    OPTIONAL MATCH (holding)-[:AT]->(tied:Office)
    WITH needs, collect([
      [i IN range(0, size(needs) - 1) WHERE held.id IN needs[i].subtree], coalesce(holding.level, 3), tied.id, holding.remote,
      EXISTS {
        MATCH (partner)-[:HAS_CERTIFICATION]->(certification:Certification)-[:ATTESTS]->(attested:Competency)
        WHERE certification.verified = true
          AND (certification.retiredOn IS NULL OR certification.retiredOn > $asOf)
          AND (certification.issuedOn IS NULL OR certification.issuedOn <= $asOf)
          AND (certification.expiresOn IS NULL OR certification.expiresOn >= $asOf)
          AND (attested = held OR EXISTS { (attested)-[:BROADER*1..]->(held) })
          AND (tied IS NULL OR NOT EXISTS { (certification)-[:AT]->(at:Office) WHERE at <> tied })
      }
    ]) AS holdings
    WHERE all(i IN range(0, size(needs) - 1) WHERE any(holding IN holdings WHERE i IN holding[0]))
    RETURN holdings
  }
  RETURN collect([
    partner.id, partner.kind, partner.tier, partner.status, partner.capacity, holdings,
    [office IN offices | [office.id, office.location.latitude, office.location.longitude]]
  ]) AS holders
}
RETURN {
  place: place, points: points, needs: [need IN needs | [need.competency, need.minLevel, need.name, need.known]],
  asker: asker.id, askerState: asker.status, blocked: blocked, declined: declined, holders: holders
} AS answer
