EXISTS { (n)-[:INVITES]->(who:Partner) WHERE SEEN(Partner who) }
AND EXISTS {
  MATCH (n)<-[:HAS_INVITATION]-(gap:Opportunity)
  WHERE (EXISTS { (n)-[:INVITES]->(:Partner {id: $viewer.me}) } OR EXISTS { (gap)<-[:OWNS|LEADS|JOINS]-(:Partner {id: $viewer.me}) })
    AND SEEN(Opportunity gap)
}
