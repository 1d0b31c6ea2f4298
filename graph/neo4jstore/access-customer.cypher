// What a customer may see: docs/access.md, in the words of graph.Access.
OPTIONAL MATCH (me:Customer {id: $me})
CALL (me) {
  MATCH (me)<-[row:SERVES]-(who:Partner)
  WHERE SERVES(row)
  RETURN collect(DISTINCT who.id) AS contacts
}
CALL (me) {
  MATCH (me)<-[:ABOUT]-(referral:Referral)
  WHERE me.consent = true
    AND EXISTS { (referral)<-[:SENT]-(who:Partner) WHERE who.status = 'ACTIVE' AND coalesce(who.discoverable, true) }
    AND EXISTS { (referral)-[:TO]->(who:Partner) WHERE who.status = 'ACTIVE' AND coalesce(who.discoverable, true) }
  RETURN collect(referral.id) AS referrals
}
CALL (me) {
  CALL (me) {
    MATCH (me)<-[:FOR]-(opportunity:Opportunity)
    RETURN opportunity
    UNION
    MATCH (me)-[:HAS_SITE]->(:Site)<-[:AT]-(opportunity:Opportunity)
    WHERE NOT EXISTS { (opportunity)-[:FOR]->(:Customer) }
    RETURN opportunity
  }
  WITH opportunity
  WHERE opportunity.stage <> 'DRAFT' OR NOT EXISTS { (opportunity)<-[:OWNS]-(:Partner) }
  RETURN collect(opportunity.id) AS opportunities
}
CALL {
  MATCH (who:Partner)
  WHERE who.status = 'PENDING' OR who.discoverable = false
  RETURN collect(who.id) AS hidden
}
RETURN {
  known: me IS NOT NULL AND (me.retiredOn IS NULL OR me.retiredOn > $today),
  contacts: contacts, referrals: referrals, opportunities: opportunities, hidden: hidden
} AS answer
