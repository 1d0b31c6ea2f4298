// What a partner has received, closed and carries (2-questions.md: proof, open, received).
CALL (partner, wanted) {
  OPTIONAL MATCH (partner)<-[:TO]-(referral)
  WITH referral, referral.state AS state, coalesce(referral.sentOn, $never) AS sentOn
  WITH referral, state, sentOn,
    CASE WHEN state IN ['WON', 'LOST', 'DECLINED', 'EXPIRED'] THEN coalesce(referral.closedOn, referral.answeredOn, sentOn) END AS closing
  WITH referral, state IN ['WON', 'LOST'] AND closing > $proofFrom AND closing <= $asOf AS isDecided,
    sentOn > $fairFrom AND sentOn <= $asOf AS isReceived,
    CASE
      WHEN closing <= $asOf OR sentOn > $asOf THEN false
      WHEN referral.answeredOn IS NULL THEN state IN ['ACTIVE', 'FORWARDED', 'WON', 'LOST']
      ELSE referral.answeredOn <= $asOf
    END AS isOpen
  WITH referral, isDecided, isReceived, isOpen, isDecided OR isReceived OR isOpen AS counts
  WHERE counts AND THERE(Referral referral)
  WITH collect(CASE WHEN isDecided THEN referral END) AS decided,
    count(CASE WHEN isReceived THEN 1 END) AS received,
    count(CASE WHEN isOpen THEN 1 END) AS openReferrals
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
    CASE WHEN opportunity.stage IN ['LAUNCHED', 'LOST'] THEN coalesce(opportunity.closedOn, opportunity.postedOn, $never) END AS closing
  WITH opportunity, closing,
    coalesce(opportunity.postedOn, $never) <= $asOf AND (NOT isClosed OR closing > $asOf) AS isOpen,
    CASE WHEN leads AND closing > $proofFrom AND closing <= $asOf THEN EXISTS { MATCH (opportunity)-[:NEEDS]->(needed) WHERE needed IN wanted } ELSE false END AS isProof
  WHERE (isOpen OR isProof) AND THERE(Opportunity opportunity)
  RETURN count(CASE WHEN isOpen THEN 1 END) AS openOpportunities,
    count(CASE WHEN isProof THEN 1 END) AS closedOpportunities,
    count(CASE WHEN isProof AND opportunity.stage = 'LAUNCHED' THEN 1 END) AS wonOpportunities,
    max(CASE WHEN isProof AND opportunity.stage = 'LAUNCHED' THEN closing END) AS lastOpportunity
}
WITH partner, holdings, offices, received, openReferrals, openOpportunities,
  wonReferrals + wonOpportunities AS won, closedReferrals + closedOpportunities AS closed,
  CASE WHEN lastOpportunity IS NULL OR lastReferral > lastOpportunity THEN lastReferral ELSE lastOpportunity END AS lastWon
