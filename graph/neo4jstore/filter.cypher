// What a filter names: its place, what is narrower than its competencies, the countries of its region, and
// whether partner and customer are known.
PLACE
WITH place, points
CALL {
  UNWIND range(0, size($competencies) - 1) AS i
  OPTIONAL MATCH (named:Competency {id: $competencies[i]})
  OPTIONAL MATCH (named)<-[:BROADER*0..]-(narrower:Competency)
  WITH i, collect(DISTINCT narrower.id) AS subtree ORDER BY i
  RETURN collect(subtree) AS subtrees
}
CALL {
  OPTIONAL MATCH (region:Region {id: $region})
  OPTIONAL MATCH (region)<-[:PART_OF*0..]-(part:Region)
  RETURN region IS NOT NULL AS regionKnown, collect(DISTINCT part.countries) AS countries
}
RETURN {
  place: place, subtrees: subtrees, regionKnown: regionKnown, countries: reduce(all = [], some IN countries | all + some),
  partnerKnown: EXISTS { (partner:Partner {id: $partner}) WHERE SEEN(Partner partner) }, customerKnown: EXISTS { (customer:Customer {id: $customer}) WHERE SEEN(Customer customer) }
} AS answer
