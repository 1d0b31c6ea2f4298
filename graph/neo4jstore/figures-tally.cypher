// Where records count: their subject says segment and industry, and its sites the country where nothing else does. Of
// several countries with as many sites all are returned: the first is told where texts are ordered as everywhere.
CALL (subject) {
  MATCH (subject)-[:HAS_SITE]->(site:Site)
  WHERE site.country IS NOT NULL AND (site.retiredOn IS NULL OR site.retiredOn > $today)
  WITH site.country AS land, count(*) AS sites
  WITH sites, collect(land) AS lands ORDER BY sites DESC LIMIT 1
  RETURN head(collect(lands)) AS most
}
WITH subject.segment AS segment, subject.industry AS industry, CASE WHEN country IS NULL THEN most ELSE [country] END AS countries, sum(counted) AS counted, sum(unknown) AS unknown
RETURN collect([segment, industry, countries, counted, unknown]) AS cells
