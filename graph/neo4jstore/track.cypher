// What a partner has received, closed and carries (2-questions.md: proof, open, received).
CALL (partner, needs) {
  OPTIONAL MATCH (partner)<-[:TO]-(referral:Referral)
  WITH needs, referral, coalesce(referral.sentOn, $never) AS sentOn,
    CASE WHEN referral.state IN ['WON', 'LOST', 'DECLINED', 'EXPIRED'] THEN coalesce(referral.closedOn, referral.answeredOn, referral.sentOn, $never) END AS closing
  WITH needs, referral, closing,
    sentOn > $fairFrom AND sentOn <= $asOf AS isReceived,
    sentOn <= $asOf AND (closing IS NULL OR closing > $asOf)
      AND CASE WHEN referral.answeredOn IS NULL THEN referral.state IN ['ACTIVE', 'FORWARDED', 'WON', 'LOST'] ELSE referral.answeredOn <= $asOf END AS isOpen,
    referral.state IN ['WON', 'LOST'] AND closing > $proofFrom AND closing <= $asOf AS isDecided
  WITH referral, closing, isReceived, isOpen,
    isDecided AND any(id IN [(referral)-[:FOR]->(about:Competency) | about.id] WHERE any(need IN needs WHERE id IN need.subtree)) AS isProof
  RETURN count(CASE WHEN isReceived THEN 1 END) AS received,
    count(CASE WHEN isOpen THEN 1 END) AS openReferrals,
    count(CASE WHEN isProof THEN 1 END) AS closedReferrals,
    count(CASE WHEN isProof AND referral.state = 'WON' THEN 1 END) AS wonReferrals,
    max(CASE WHEN isProof AND referral.state = 'WON' THEN closing END) AS lastReferral
}
CALL (partner, needs) {
  OPTIONAL MATCH (partner)-[duty:LEADS|JOINS]->(opportunity:Opportunity)
  WHERE opportunity.stage <> 'DRAFT' AND NOT coalesce(opportunity.review, '') IN ['WITHDRAWN', 'REJECTED']
  WITH needs, opportunity, any(one IN collect(type(duty)) WHERE one = 'LEADS') AS leads
  WITH needs, opportunity, leads, opportunity.stage IN ['LAUNCHED', 'LOST'] AS isClosed,
    CASE WHEN opportunity.stage IN ['LAUNCHED', 'LOST'] THEN coalesce(opportunity.closedOn, opportunity.postedOn, $never) END AS closing
  WITH opportunity, closing,
    coalesce(opportunity.postedOn, $never) <= $asOf AND (NOT isClosed OR closing > $asOf) AS isOpen,
    leads AND closing > $proofFrom AND closing <= $asOf
      AND any(id IN [(opportunity)-[:NEEDS]->(needed:Competency) | needed.id] WHERE any(need IN needs WHERE id IN need.subtree)) AS isProof
  RETURN count(CASE WHEN isOpen THEN 1 END) AS openOpportunities,
    count(CASE WHEN isProof THEN 1 END) AS closedOpportunities,
    count(CASE WHEN isProof AND opportunity.stage = 'LAUNCHED' THEN 1 END) AS wonOpportunities,
    max(CASE WHEN isProof AND opportunity.stage = 'LAUNCHED' THEN closing END) AS lastOpportunity
}
WITH partner, holdings, offices, received, openReferrals, openOpportunities,
  wonReferrals + wonOpportunities AS won, closedReferrals + closedOpportunities AS closed,
  CASE WHEN lastOpportunity IS NULL OR lastReferral > lastOpportunity THEN lastReferral ELSE lastOpportunity END AS lastWon
