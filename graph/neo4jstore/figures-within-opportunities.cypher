MATCH (party)-[:OWNS]->(n:Opportunity)
WHERE id = $partnership AND SEEN(Opportunity n)
OPTIONAL MATCH (n)-[:AT]->(place:Site)
OPTIONAL MATCH (place)<-[:HAS_SITE]-(resident:Customer)
OPTIONAL MATCH (n)-[:FOR]->(buyer:Customer)
WITH DISTINCT n, id, walls, coalesce(buyer, resident) AS whose, [(n)-[:NEEDS]->(need:Competency) | need.id] AS needs
WHERE none(wall IN walls WHERE (wall.scope IS NULL OR any(need IN needs WHERE need IN wall.scope))
  AND (coalesce(whose.id = wall.customer, false) OR coalesce(whose.segment = wall.segment, false)))
OPTIONAL MATCH (n)-[:AT]->(site:Site)
WHERE TOLD(Site site)
OPTIONAL MATCH (n)-[:FOR]->(named:Customer)
WHERE TOLD(Customer named)
OPTIONAL MATCH (site)<-[:HAS_SITE]-(owner:Customer)
WITH coalesce(named, owner) AS subject, site.country AS country, 0 AS unknown, [id] AS within
