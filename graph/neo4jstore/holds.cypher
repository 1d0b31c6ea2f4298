// The summary of what a partner holds, for readers of the database: one HOLDS a partner and competency, with
// the highest level (3 where none is stated), from the earliest since to the latest until, open where one is.
UNWIND $pairs AS pair
MATCH (partner:Partner {id: pair[0]})
MATCH (competency:Competency {id: pair[1]})
OPTIONAL MATCH (partner)-[old:HOLDS]->(competency)
DELETE old
WITH DISTINCT partner, competency
MATCH (partner)-[:HAS_HOLDING]->(holding:Holding)-[:OF]->(competency)
WHERE holding.mergedInto IS NULL AND holding.retiredOn IS NULL
WITH partner, competency, max(coalesce(holding.level, 3)) AS level,
  CASE WHEN count(*) = count(holding.since) THEN min(holding.since) END AS since,
  CASE WHEN count(*) = count(holding.until) THEN max(holding.until) END AS until
CREATE (partner)-[:HOLDS {level: level, since: since, until: until}]->(competency)
