// What a partner may see: docs/access.md, in the words of graph.Access. What is in force, serves or is held is
// so today.
OPTIONAL MATCH (me:Partner {id: $me})
CALL (me) {
  MATCH (me)<-[:KEEPS_OUT]-(wall:Wall)
  WHERE wall.retiredOn IS NULL OR wall.retiredOn > $today
  OPTIONAL MATCH (wall)-[:FROM]->(named:Customer)
  OPTIONAL MATCH (wall)-[:WITHIN]->(within:Partnership)
  OPTIONAL MATCH (wall)-[:WITHIN]->(of:Competency)
  OPTIONAL MATCH (of)<-[:BROADER*0..]-(narrower:Competency)
  WITH wall, named, within, of, collect(DISTINCT narrower.id) AS subtree
  RETURN collect({customer: named.id, segment: wall.segment, within: within.id, scope: CASE WHEN of IS NOT NULL THEN subtree END}) AS walls
}
// Whom the walls are around.
CALL (walls) {
  CALL (walls) {
    UNWIND walls AS wall
    MATCH (customer:Customer {id: wall.customer})
    RETURN wall, customer
    UNION
    UNWIND walls AS wall
    WITH wall WHERE wall.segment IS NOT NULL
    MATCH (customer:Customer {segment: wall.segment})
    RETURN wall, customer
  }
  RETURN collect({within: wall.within, scope: wall.scope, customer: customer}) AS around
}
WITH me, walls, around, [one IN around WHERE one.within IS NULL AND one.scope IS NULL | one.customer] AS walledCustomers
CALL (around) {
  UNWIND around AS one
  WITH one WHERE one.within IS NULL
  WITH one, one.customer AS customer
  MATCH (customer)<-[:ABOUT]-(referral:Referral)
  WHERE one.scope IS NULL OR EXISTS { (referral)-[:FOR]->(about:Competency) WHERE about.id IN one.scope }
  WITH DISTINCT referral
  MATCH (sender:Partner)-[:SENT]->(referral)-[:TO]->(recipient:Partner)
  RETURN collect([referral.timeline, sender.id, recipient.id]) AS concealed, collect(referral.id) AS walledReferrals
}
CALL (around) {
  UNWIND around AS one
  WITH one, one.customer AS customer
  CALL (customer) {
    MATCH (customer)<-[:FOR]-(opportunity:Opportunity)
    RETURN opportunity
    UNION
    MATCH (customer)-[:HAS_SITE]->(:Site)<-[:AT]-(opportunity:Opportunity)
    WHERE NOT EXISTS { (opportunity)-[:FOR]->(:Customer) }
    RETURN opportunity
  }
  WITH one, opportunity
  WHERE one.scope IS NULL OR EXISTS { (opportunity)-[:NEEDS]->(needed:Competency) WHERE needed.id IN one.scope }
  RETURN collect(DISTINCT CASE WHEN one.within IS NULL THEN opportunity.id END) AS walledOpportunities,
    collect(DISTINCT CASE WHEN one.within IS NOT NULL THEN one.within + ' ' + opportunity.id END) AS withheld
}
// The referrals that it may read, and who and whom they are about.
CALL (me, walledReferrals) {
  MATCH (me)-[:SENT|TO]-(own:Referral)
  WHERE NOT own.id IN walledReferrals
  WITH DISTINCT own, walledReferrals
  MATCH steps = (own)<-[:CONTINUES*0..]-(read:Referral)
  WHERE none(step IN nodes(steps) WHERE step.id IN walledReferrals)
  RETURN collect(DISTINCT read) AS read
}
CALL (me, read) {
  CALL (me, read) {
    RETURN me AS who
    UNION
    MATCH (me)-[:PARTY_TO]->(:Partnership)<-[:PARTY_TO]-(who:Partner)
    RETURN who
    UNION
    UNWIND read AS referral
    MATCH (referral)<-[:SENT]-(who:Partner)
    RETURN who
    UNION
    UNWIND read AS referral
    MATCH (referral)-[:TO]->(who:Partner)
    RETURN who
  }
  WITH who WHERE who.status <> 'ACTIVE' OR who.discoverable = false
  RETURN collect(who.id) AS kin
}
CALL (me) {
  MATCH (me)-[:PARTY_TO]->(partnership:Partnership)
  RETURN collect(DISTINCT partnership.id) AS partnerships
}
CALL (me) {
  MATCH (me)-[:PARTY_TO]->(partnership:Partnership)
  WHERE (partnership.retiredOn IS NULL OR partnership.retiredOn > $today)
    AND (partnership.startsOn IS NULL OR partnership.startsOn <= $today)
    AND (partnership.endsOn IS NULL OR partnership.endsOn >= $today)
    AND NOT EXISTS { (partnership)-[:AWAITS]->(:Partner) }
  WITH DISTINCT partnership, coalesce(
    partnership.dataSharing,
    CASE partnership.collaboration WHEN 'HIGH' THEN 'INDIVIDUAL' WHEN 'MEDIUM' THEN 'CONSENTED' ELSE 'AGGREGATE' END
  ) AS sharing
  RETURN collect({id: partnership.id, node: partnership, sharing: sharing}) AS inForce
}
// Whom it serves, and whom others let it read in partnerships.
CALL (me) {
  MATCH (me)-[row:SERVES]->(customer:Customer)
  WHERE SERVES(row)
  RETURN collect(DISTINCT customer) AS served
}
CALL (me, inForce, around) {
  UNWIND inForce AS one
  WITH me, around, one.id AS within, one.node AS partnership, one.sharing AS sharing
  WHERE sharing IN ['CONSENTED', 'INDIVIDUAL']
  MATCH (partnership)<-[:PARTY_TO]-(other:Partner)
  WHERE other <> me
  MATCH (other)-[row:SERVES]->(customer:Customer)
  WHERE row.role IN ['OWNER', 'CO_OWNER'] AND SERVES(row)
    AND (sharing = 'INDIVIDUAL' OR customer.consent = true)
    AND none(one IN around WHERE one.within = within AND one.scope IS NULL AND one.customer = customer)
  RETURN collect(DISTINCT customer) AS lent
}
CALL (me, read, served, lent, walledCustomers, walledReferrals) {
  CALL (me, read, served, lent, walledReferrals) {
    UNWIND served + lent AS customer
    RETURN customer
    UNION
    UNWIND read AS referral
    MATCH (referral)-[:ABOUT]->(customer:Customer)
    WHERE customer.consent = true OR EXISTS { (me)-[:SENT]->(referral) } AND NOT EXISTS {
      (referral)-[:CONTINUES]->(received:Referral)-[:TO]->(me) WHERE NOT received.id IN walledReferrals
    }
    RETURN customer
  }
  WITH customer WHERE NOT customer IN walledCustomers
  RETURN collect(customer.id) AS customers
}
// The opportunities that it may read whoever they are addressed to.
CALL (me, inForce, withheld, walledOpportunities) {
  CALL (me, inForce, withheld) {
    MATCH (me)-[:OWNS]->(opportunity:Opportunity)
    RETURN opportunity
    UNION
    MATCH (me)-[:LEADS|JOINS]->(opportunity:Opportunity)
    WHERE opportunity.stage <> 'DRAFT'
    RETURN opportunity
    UNION
    MATCH (me)<-[:INVITES]-(invitation:Invitation)<-[:HAS_INVITATION]-(opportunity:Opportunity)
    WHERE invitation.state IN ['PENDING', 'ACCEPTED'] AND opportunity.stage <> 'DRAFT'
    RETURN opportunity
    UNION
    UNWIND inForce AS one
    WITH withheld, one.node AS partnership, one.sharing AS sharing WHERE sharing = 'INDIVIDUAL'
    MATCH (partnership)<-[:SHARED_IN]-(opportunity:Opportunity)
    WHERE opportunity.stage <> 'DRAFT' AND NOT partnership.id + ' ' + opportunity.id IN withheld
    RETURN opportunity
  }
  WITH opportunity WHERE NOT opportunity.id IN walledOpportunities
  RETURN collect(opportunity.id) AS opportunities
}
// What audiences ask.
CALL (me) {
  MATCH (me)-[:HAS_HOLDING]->(holding:Holding)-[:OF]->(own:Competency)
  WHERE holding.mergedInto IS NULL
    AND (holding.retiredOn IS NULL OR holding.retiredOn > $today)
    AND (holding.since IS NULL OR holding.since <= $today)
    AND (holding.until IS NULL OR holding.until >= $today)
  WITH DISTINCT own
  MATCH (own)-[:BROADER*0..]->(broader:Competency)
  RETURN collect(DISTINCT broader.id) AS held
}
CALL (me) {
  MATCH (me)-[:HAS_OFFICE]->(office:Office)
  WHERE office.retiredOn IS NULL OR office.retiredOn > $today
  RETURN collect(DISTINCT office.country) AS countries, collect(office.location) AS points
}
CALL (countries) {
  MATCH (part:Region)
  WHERE any(country IN part.countries WHERE country IN countries)
  MATCH (part)-[:PART_OF*0..]->(region:Region)
  RETURN collect(DISTINCT region.id) AS regions
}
CALL (kin) {
  MATCH (who:Partner)
  WHERE (who.status = 'PENDING' OR who.discoverable = false) AND NOT who.id IN kin
  RETURN collect(who.id) AS hidden
}
RETURN {
  status: me.status, kin: kin, hidden: hidden, walls: walls, concealed: concealed, customers: customers,
  contacts: [customer IN served + [one IN lent WHERE one.consent = true] WHERE NOT customer IN walledCustomers | customer.id],
  tellers: [one IN inForce WHERE one.sharing <> 'NONE' | one.id],
  shares: [one IN inForce WHERE one.sharing = 'INDIVIDUAL' | one.id],
  kind: me.kind, tier: me.tier, tags: me.tags, held: held, regions: regions, countries: countries, points: points,
  partnerships: partnerships, referrals: [referral IN read | referral.id], opportunities: opportunities,
  walledOpportunities: walledOpportunities, walledCustomers: [customer IN walledCustomers | customer.id]
} AS answer
