// Referrals that are neither hidden by a wall nor sent by a hidden partner; of the recipient it is known.
NOT n.id IN $viewer.walledReferrals
AND NOT ($viewer.hides AND EXISTS { (n)<-[:SENT]-(sender:Partner) WHERE NOT (THERE(Partner sender)) })
