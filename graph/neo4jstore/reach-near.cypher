// Partners with an office near, and those offices.
CALL (points) {
  UNWIND points AS at
  MATCH (office:Office)
  WHERE point.distance(office.location, at) <= $rings[-1] AND (office.retiredOn IS NULL OR office.retiredOn > $asOf)
  WITH DISTINCT office
  MATCH (partner:Partner)-[:HAS_OFFICE]->(office)
  RETURN partner, collect(office) AS offices
}
