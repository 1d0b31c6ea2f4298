// Partners that hold the first need, and all their offices.
CALL (needs) {
  UNWIND needs[0].subtree AS held
  MATCH (:Competency {id: held})<-[:OF]-(:Holding)<-[:HAS_HOLDING]-(partner:Partner)
  WITH DISTINCT partner
  RETURN partner, [(partner)-[:HAS_OFFICE]->(office:Office) WHERE office.retiredOn IS NULL OR office.retiredOn > $asOf | office] AS offices
}
