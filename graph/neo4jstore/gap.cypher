// Who can fill a gap: the facts of every partner that qualifies within the smallest of the rings in which
// enough do, else in the last. Rings are in metres as the database measures them, a little wide; whoever
// asks measures again.
PLACE
QUESTION
CALL (points, needs, wanted, asker, declined, walls, blocked) {
  REACH
  WITH partner, offices
  WHERE partner.status = 'ACTIVE'
    AND coalesce(partner.capacity, 10) > 0
    AND ($kinds IS NULL OR partner.kind IN $kinds)
    AND ($minTier = 0 OR partner.tier IN $tiers)
    AND (asker IS NULL OR partner <> asker)
    AND NOT partner IN blocked
    AND NOT partner IN declined
    AND THERE(Partner partner)
  MATCH (partner)-[:HAS_HOLDING]->(holding)-[:OF]->(held)
  WHERE held IN wanted
  WITH partner, offices, holding, held, [i IN range(0, size(needs) - 1) WHERE held IN needs[i].subtree AND coalesce(holding.level, 3) >= needs[i].minLevel] AS fills
  WHERE size(fills) > 0
    AND holding.mergedInto IS NULL
    AND (holding.retiredOn IS NULL OR holding.retiredOn > $asOf)
    AND (holding.since IS NULL OR holding.since <= $asOf)
    AND (holding.until IS NULL OR holding.until >= $asOf)
    AND none(wall IN walls WHERE wall.partner = partner AND held IN wall.subtree)
  OPTIONAL MATCH (holding)-[:AT]->(tied)
  WITH partner, offices, holding, held, fills, tied
  WHERE ($remote AND holding.remote = true) OR (tied IS NULL AND size(offices) > 0) OR tied IN offices
  WITH partner, offices, holding, held, fills, tied, [
    (partner)-[:HAS_CERTIFICATION]->(certification)-[:ATTESTS]->(attested)
    WHERE certification.verified = true
      AND (certification.retiredOn IS NULL OR certification.retiredOn > $asOf)
      AND (certification.issuedOn IS NULL OR certification.issuedOn <= $asOf)
      AND (certification.expiresOn IS NULL OR certification.expiresOn >= $asOf)
      AND (attested = held OR EXISTS { (attested)-[:BROADER*1..]->(held) })
      AND (tied IS NULL OR NOT EXISTS { (certification)-[:AT]->(at) WHERE at <> tied })
    | [certification.id, certification.scheme, certification.expiresOn]
  ] AS certifications
  WHERE NOT $certifiedOnly OR size(certifications) > 0
  WITH partner, head(collect(offices)) AS offices, collect([
    fills, holding.id, held.id, held.name, tied.id, holding.level, holding.since, holding.until, holding.remote, certifications
  ]) AS holdings
  WHERE all(i IN range(0, size(needs) - 1) WHERE any(holding IN holdings WHERE i IN holding[0]))
  WITH partner, holdings, [office IN offices | [
    office.id, office.name, office.city, office.location.latitude, office.location.longitude,
    reduce(least = 1e12, at IN points | CASE WHEN point.distance(office.location, at) < least THEN point.distance(office.location, at) ELSE least END),
    office.country
  ]] AS offices
  WITH partner, holdings, offices, reduce(farthest = 0.0, i IN range(0, size(needs) - 1) |
    CASE
      WHEN any(holding IN holdings WHERE i IN holding[0] AND $remote AND holding[8] = true) THEN farthest
      ELSE reduce(most = farthest, metres IN [reduce(least = 1e12, office IN offices |
        CASE
          WHEN office[5] < least AND any(holding IN holdings WHERE i IN holding[0] AND coalesce(holding[4], office[0]) = office[0]) THEN office[5]
          ELSE least
        END)] | CASE WHEN metres > most THEN metres ELSE most END)
    END) AS metres
  WITH collect({partner: partner, holdings: holdings, offices: offices, metres: metres}) AS found
  WITH found, coalesce([ring IN $rings WHERE size([one IN found WHERE one.metres <= ring]) >= $enough][0], $rings[-1]) AS ring
  CALL (found, ring, wanted) {
    UNWIND found AS one
    WITH one WHERE one.metres <= ring
    WITH one.partner AS partner, one.holdings AS holdings, [office IN one.offices WHERE office[5] <= ring] AS offices
    TRACK
    RETURN collect([
      partner.id, partner.name, partner.capacity, partner.synthetic, offices, holdings,
      won, closed, lastWon, openReferrals, openOpportunities, received, partner.kind, partner.tier
    ]) AS candidates
  }
  RETURN candidates, ring
}
RETURN {
  place: place, points: points, needs: [need IN needs | [need.competency, need.minLevel, need.name, need.known]],
  asker: asker.id, askerState: asker.status, blocked: [partner IN blocked | partner.id], candidates: candidates, ring: ring
} AS answer
