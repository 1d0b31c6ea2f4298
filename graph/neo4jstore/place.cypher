// Where a question stands: the point, the site, the customer or the opportunity that it names, with the
// customer whose walls count and the points to measure from. What is unknown comes back as null, and the
// points are then none.
OPTIONAL MATCH (opportunity:Opportunity {id: $place.opportunity}) WHERE SEEN(Opportunity opportunity)
OPTIONAL MATCH (opportunity)-[:AT]->(posted:Site)
OPTIONAL MATCH (opportunity)-[:FOR]->(postedFor:Customer)
OPTIONAL MATCH (opportunity)<-[:OWNS]-(owner:Partner) WHERE SEEN(Partner owner)
OPTIONAL MATCH (stated:Site {id: $place.site}) WHERE SEEN(Site stated)
OPTIONAL MATCH (named:Customer {id: $place.customer}) WHERE SEEN(Customer named)
WITH opportunity, postedFor, owner, named, coalesce(stated, posted) AS site
OPTIONAL MATCH (site)<-[:HAS_SITE]-(siteOf:Customer)
WITH opportunity, owner, site, siteOf, postedFor, named,
  CASE WHEN opportunity IS NULL THEN coalesce(siteOf, named) ELSE coalesce(postedFor, siteOf) END AS customer
WITH opportunity, owner, site, siteOf, postedFor, named, customer,
  COLLECT {
    MATCH (customer)-[:HAS_SITE]->(own:Site)
    WHERE own.retiredOn IS NULL OR own.retiredOn > $asOf
    RETURN own ORDER BY coalesce(own.byId, own.id)
  } AS sites
WITH opportunity, owner, customer,
  CASE
    WHEN $place.point IS NOT NULL THEN [$place.point]
    WHEN site IS NOT NULL THEN [at IN [site] WHERE at.retiredOn IS NULL OR at.retiredOn > $asOf | at.location]
    WHEN $place.site IS NOT NULL THEN []
    WHEN opportunity.point IS NOT NULL THEN [opportunity.point]
    ELSE [own IN sites | own.location]
  END AS points,
  {
    opportunity: opportunity.id,
    point: opportunity.point,
    postedFor: postedFor.id,
    customer: named.id,
    site: site.id,
    location: site.location,
    country: site.country,
    retiredOn: site.retiredOn,
    siteOf: siteOf.id,
    owner: owner.id,
    sites: [own IN sites | own.location],
    countries: [own IN sites | own.country]
  } AS place
