// Referrals from and to partners that are hidden from an analyst are hidden, too.
EXISTS { (n)<-[:SENT]-(sender:Partner) WHERE THERE(Partner sender) }
AND EXISTS { (n)-[:TO]->(recipient:Partner) WHERE THERE(Partner recipient) }
