// Partners with an office near, and those offices; and whoever holds the first need remotely.
CALL (points, needs) {
  CALL (points, needs) {
    UNWIND points AS at
    MATCH (office:Office)
    WHERE point.distance(office.location, at) <= $rings[-1] AND (office.retiredOn IS NULL OR office.retiredOn > $asOf)
    MATCH (partner:Partner)-[:HAS_OFFICE]->(office)
    RETURN partner, office
    UNION
    UNWIND needs[0].subtree AS held
    MATCH (:Competency {id: held})<-[:OF]-(:Holding {remote: true})<-[:HAS_HOLDING]-(partner:Partner)
    RETURN partner, null AS office
  }
  RETURN partner, collect(DISTINCT office) AS offices
}
