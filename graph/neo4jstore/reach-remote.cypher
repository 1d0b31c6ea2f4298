// Partners with an office near, and those offices; and whoever holds the first need remotely.
CALL (points, needs) {
  CALL (points, needs) {
    UNWIND points AS at
    MATCH (office:Office)
    WHERE point.distance(office.location, at) <= $rings[-1]
    WITH DISTINCT office
    WHERE office.retiredOn IS NULL OR office.retiredOn > $asOf
    MATCH (office)<-[:HAS_OFFICE]-(partner)
    RETURN partner, office
    UNION
    UNWIND needs[0].subtree AS held
    MATCH (held)<-[:OF]-(holding)
    WITH holding WHERE holding.remote = true
    MATCH (holding)<-[:HAS_HOLDING]-(partner)
    RETURN partner, null AS office
  }
  RETURN partner, collect(DISTINCT office) AS offices
}
