EXISTS { (n)-[:INVITES]->(who:Partner) WHERE SEEN(Partner who) }
AND EXISTS { (n)<-[:HAS_INVITATION]-(gap:Opportunity) WHERE SEEN(Opportunity gap) }
