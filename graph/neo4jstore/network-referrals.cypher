// The referrals that some partners sent, column by column.
MATCH (sender:Partner)
WHERE sender.id >= $from AND sender.id <= $to
MATCH (sender)-[:SENT]->(n:Referral)-[:TO]->(recipient:Partner)
RETURN {
  ids: collect(n.id), froms: collect(sender.id), tos: collect(recipient.id), states: collect(coalesce(n.state, '')),
  sent: collect(coalesce(n.sentOn, '')), answered: collect(coalesce(n.answeredOn, '')), closed: collect(coalesce(n.closedOn, ''))
} AS answer
