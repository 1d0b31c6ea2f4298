MATCH (n:Opportunity)
WHERE COUNTED(Opportunity n)
OPTIONAL MATCH (n)-[:AT]->(site:Site)
WHERE TOLD(Site site)
OPTIONAL MATCH (n)-[:FOR]->(named:Customer)
WHERE TOLD(Customer named)
OPTIONAL MATCH (site)<-[:HAS_SITE]-(owner:Customer)
WITH coalesce(named, owner) AS subject, site.country AS country, count(*) AS counted, 0 AS unknown
