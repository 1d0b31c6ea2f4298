// Who can fill one need near a point: the facts of everybody who qualifies, written by hand for this question
// alone. It knows no opportunities, customers, walls, several needs, remote work or wider rings.
MATCH (needed:Competency {id: $competency})
CALL (needed) {
  MATCH (needed)<-[:BROADER*0..]-(narrower)
  RETURN collect(DISTINCT narrower) AS wanted
}
CALL {
  MATCH (office:Office)
  WHERE point.distance(office.location, $at) <= $metres
  WITH office WHERE office.retiredOn IS NULL OR office.retiredOn > $asOf
  RETURN collect(office) AS near
}
WITH needed, wanted, near, reduce(holdings = 0, held IN wanted | holdings + COUNT { (held)<-[:OF]-() }) AS holdings
CALL (wanted, near, holdings) {
  WITH near WHERE holdings > 2 * size(near)
  UNWIND near AS office
  MATCH (office)<-[:HAS_OFFICE]-(partner)
  RETURN partner, collect(office) AS offices
  UNION ALL
  WITH near WHERE holdings <= 2 * size(near)
  UNWIND wanted AS held
  MATCH (held)<-[:OF]-(holding)<-[:HAS_HOLDING]-(partner)
  WITH DISTINCT near, partner
  MATCH (partner)-[:HAS_OFFICE]->(office)
  WHERE office IN near
  RETURN partner, collect(office) AS offices
}
WITH wanted, partner, offices
WHERE partner.status = 'ACTIVE' AND coalesce(partner.capacity, 10) > 0 AND partner.id <> $asker
MATCH (partner)-[:HAS_HOLDING]->(holding)-[:OF]->(held)
WHERE held IN wanted
WITH wanted, partner, offices, holding, held
WHERE coalesce(holding.level, 3) >= $minLevel
  AND holding.mergedInto IS NULL
  AND (holding.retiredOn IS NULL OR holding.retiredOn > $asOf)
  AND (holding.since IS NULL OR holding.since <= $asOf)
  AND (holding.until IS NULL OR holding.until >= $asOf)
OPTIONAL MATCH (holding)-[:AT]->(tied)
WITH wanted, partner, offices, holding, held, tied
WHERE tied IS NULL OR tied IN offices
WITH wanted, partner, head(collect(offices)) AS offices, collect([
  holding.id, held.id, held.name, tied.id, holding.level, holding.since, holding.until, holding.remote,
  [
    (partner)-[:HAS_CERTIFICATION]->(certification)-[:ATTESTS]->(attested)
    WHERE certification.verified = true
      AND (certification.retiredOn IS NULL OR certification.retiredOn > $asOf)
      AND (certification.issuedOn IS NULL OR certification.issuedOn <= $asOf)
      AND (certification.expiresOn IS NULL OR certification.expiresOn >= $asOf)
      AND (attested = held OR EXISTS { (attested)-[:BROADER*1..]->(held) })
      AND (tied IS NULL OR NOT EXISTS { (certification)-[:AT]->(at) WHERE at <> tied })
    | [certification.id, certification.scheme, certification.expiresOn]
  ]
]) AS holdings
CALL (partner, wanted) {
  OPTIONAL MATCH (partner)<-[:TO]-(referral)
  WITH referral, referral.state AS state, referral.sentOn AS sentOn
  WITH referral, state, sentOn,
    CASE WHEN state IN ['WON', 'LOST', 'DECLINED', 'EXPIRED'] THEN coalesce(referral.closedOn, referral.answeredOn, sentOn) END AS closing
  WITH collect(CASE WHEN state IN ['WON', 'LOST'] AND closing > $proofFrom AND closing <= $asOf THEN referral END) AS decided,
    count(CASE WHEN sentOn > $fairFrom AND sentOn <= $asOf THEN 1 END) AS received,
    count(CASE
      WHEN closing <= $asOf OR sentOn > $asOf THEN null
      WHEN referral.answeredOn IS NULL THEN CASE WHEN state IN ['ACTIVE', 'FORWARDED', 'WON', 'LOST'] THEN 1 END
      WHEN referral.answeredOn <= $asOf THEN 1
    END) AS openReferrals
  CALL (decided, wanted) {
    UNWIND decided AS referral
    MATCH (referral)-[:FOR]->(about)
    WHERE about IN wanted
    RETURN count(referral) AS closedReferrals,
      count(CASE WHEN referral.state = 'WON' THEN 1 END) AS wonReferrals,
      max(CASE WHEN referral.state = 'WON' THEN coalesce(referral.closedOn, referral.answeredOn, referral.sentOn) END) AS lastReferral
  }
  RETURN received, openReferrals, closedReferrals, wonReferrals, lastReferral
}
CALL (partner, wanted) {
  OPTIONAL MATCH (partner)-[duty:LEADS|JOINS]->(opportunity)
  WITH opportunity, collect(type(duty)) AS duties
  WHERE opportunity.stage <> 'DRAFT' AND NOT coalesce(opportunity.review, '') IN ['WITHDRAWN', 'REJECTED']
  WITH opportunity, 'LEADS' IN duties AS leads, opportunity.stage IN ['LAUNCHED', 'LOST'] AS isClosed,
    CASE WHEN opportunity.stage IN ['LAUNCHED', 'LOST'] THEN coalesce(opportunity.closedOn, opportunity.postedOn) END AS closing
  WITH opportunity, closing,
    opportunity.postedOn <= $asOf AND (NOT isClosed OR closing > $asOf) AS isOpen,
    leads AND closing > $proofFrom AND closing <= $asOf AND EXISTS { MATCH (opportunity)-[:NEEDS]->(need) WHERE need IN wanted } AS isProof
  RETURN count(CASE WHEN isOpen THEN 1 END) AS openOpportunities,
    count(CASE WHEN isProof THEN 1 END) AS closedOpportunities,
    count(CASE WHEN isProof AND opportunity.stage = 'LAUNCHED' THEN 1 END) AS wonOpportunities,
    max(CASE WHEN isProof AND opportunity.stage = 'LAUNCHED' THEN closing END) AS lastOpportunity
}
RETURN collect(partner.id) AS ids, collect(partner.name) AS names, collect(coalesce(partner.capacity, -1)) AS capacities, collect(partner.synthetic) AS synthetic,
  collect([office IN offices | [office.id, office.name, office.city, office.location.latitude, office.location.longitude]]) AS offices,
  collect(holdings) AS holdings, collect(received) AS received, collect(openReferrals + openOpportunities) AS open,
  collect(wonReferrals + wonOpportunities) AS won, collect(closedReferrals + closedOpportunities) AS closed,
  collect(coalesce(lastReferral, '')) AS lastReferrals, collect(coalesce(lastOpportunity, '')) AS lastOpportunities
