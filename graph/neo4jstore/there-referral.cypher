// Referrals that are neither hidden by a wall nor sent by a hidden partner; of the recipient it is known. To look a
// key up in a map costs the database a fraction of what it costs to find a text in a list, or to follow a relation.
// One that does not say its sender was written by hand, or by an earlier program.
NOT n.id IN $viewer.walledReferrals AND CASE
  WHEN n.sender IS NULL THEN NOT EXISTS { (n)<-[:SENT]-(sender:Partner) WHERE NOT (THERE(Partner sender)) }
  ELSE $viewer.hidden[n.sender] IS NULL
END
