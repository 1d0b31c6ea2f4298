// Partners with an office near, and those offices. Where fewer hold the need that is held least than there are
// offices near, the way is from its holders to their offices.
CALL (points) {
  UNWIND points AS at
  MATCH (office:Office)
  WHERE point.distance(office.location, at) <= $rings[-1]
  WITH DISTINCT office
  WHERE office.retiredOn IS NULL OR office.retiredOn > $asOf
  RETURN collect(office) AS near
}
CALL (needs) {
  UNWIND needs AS need
  WITH need, reduce(holdings = 0, held IN need.subtree | holdings + COUNT { (held)<-[:OF]-() }) AS holdings
  ORDER BY holdings
  RETURN collect({subtree: need.subtree, holdings: holdings})[0] AS rarest
}
CALL (near, rarest) {
  WITH near WHERE rarest.holdings > 2 * size(near)
  UNWIND near AS office
  MATCH (office)<-[:HAS_OFFICE]-(partner)
  RETURN partner, collect(office) AS offices
  UNION ALL
  WITH near WHERE rarest.holdings <= 2 * size(near)
  UNWIND rarest.subtree AS held
  MATCH (held)<-[:OF]-(holding)<-[:HAS_HOLDING]-(partner)
  WITH DISTINCT near, partner
  MATCH (partner)-[:HAS_OFFICE]->(office)
  WHERE office IN near
  RETURN partner, collect(office) AS offices
}
