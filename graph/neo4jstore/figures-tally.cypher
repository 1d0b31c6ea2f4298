// Where records count: their subject says segment and industry, and its sites the country where nothing else does.
CALL (subject) {
  MATCH (subject)-[:HAS_SITE]->(site:Site)
  WHERE site.country IS NOT NULL AND (site.retiredOn IS NULL OR site.retiredOn > $today)
  WITH site.country AS land, count(*) AS sites ORDER BY sites DESC, land LIMIT 1
  RETURN collect(land)[0] AS most
}
WITH subject.segment AS segment, subject.industry AS industry, coalesce(country, most) AS country, sum(counted) AS counted, sum(unknown) AS unknown
RETURN collect([segment, industry, country, counted, unknown]) AS cells
