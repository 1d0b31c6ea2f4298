// Partners that hold the first need, and all their offices.
CALL (needs) {
  UNWIND needs[0].subtree AS held
  MATCH (held)<-[:OF]-(holding)<-[:HAS_HOLDING]-(partner)
  WITH DISTINCT partner
  RETURN partner, [(partner)-[:HAS_OFFICE]->(office) WHERE office.retiredOn IS NULL OR office.retiredOn > $asOf | office] AS offices
}
