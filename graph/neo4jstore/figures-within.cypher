// How many records the other parties of a partnership have, where they count; and how many of those that the viewer
// may not read its partnerships have in common. A member is some records that are alike in all of that.
OPTIONAL MATCH (asked:Partnership {id: $partnership})
WHERE SEEN(Partnership asked)
CALL (asked) {
  UNWIND $tellers AS teller
  MATCH (partnership:Partnership {id: teller.id})
  WHERE asked IS NOT NULL AND coalesce(partnership.dataSharing, '') <> 'NONE'
    AND (partnership.retiredOn IS NULL OR partnership.retiredOn > $today)
    AND (partnership.startsOn IS NULL OR partnership.startsOn <= $today)
    AND (partnership.endsOn IS NULL OR partnership.endsOn >= $today)
    AND NOT EXISTS { (partnership)-[:AWAITS]->(:Partner) }
  RETURN collect({id: partnership.id, node: partnership, walls: teller.walls}) AS telling
}
CALL (telling) {
  UNWIND telling AS one
  WITH one.id AS id, one.node AS partnership, one.walls AS walls
  MATCH (partnership)<-[:PARTY_TO]-(party:Partner)
  WHERE $me IS NULL OR party.id <> $me
  RECORDS
  WITH subject, country, unknown, within, count(*) AS counted
  RETURN collect({subject: subject, country: country, unknown: unknown, within: within, counted: counted}) AS members
}
CALL (members) {
  UNWIND members AS member
  WITH member WHERE $partnership IN member.within
  WITH member.subject AS subject, member.country AS country, member.counted AS counted, member.unknown * member.counted AS unknown
  TALLY
}
CALL (members) {
  UNWIND members AS member
  WITH member WHERE member.unknown = 1
  WITH member.within AS within, sum(member.counted) AS unknown
  RETURN collect([within, unknown]) AS overlaps
}
RETURN {known: asked IS NOT NULL, open: any(one IN telling WHERE one.id = $partnership), cells: cells, overlaps: overlaps} AS answer
