// What the clock has to end, the oldest of each kind first.
CALL {
  MATCH (n:Referral)
  WHERE n.waitingSince < $sentBefore
  WITH n ORDER BY n.waitingSince LIMIT $limit
  RETURN collect('Referral:' + n.id) AS referrals
}
CALL {
  MATCH (n:Invitation)
  WHERE n.waitingSince < $sentBefore
  WITH n ORDER BY n.waitingSince LIMIT $limit
  RETURN collect('Invitation:' + n.id) AS invitations
}
CALL {
  MATCH (n:Opportunity)
  WHERE n.protectionEnds <= $protectedBy
  WITH n ORDER BY n.protectionEnds LIMIT $limit
  RETURN collect('Opportunity:' + n.id) AS opportunities
}
RETURN (referrals + invitations + opportunities)[0..$limit] AS answer
