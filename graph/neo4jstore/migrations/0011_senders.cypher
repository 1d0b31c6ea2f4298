// Who sent a referral, on the referral itself: a viewer from whom partners are hidden is asked about each that counts.
UNWIND ['sender'] AS name
CALL db.createProperty(name)
FINISH;
MATCH (sender:Partner)-[:SENT]->(n:Referral)
CALL (sender, n) {
  SET n.sender = sender.id
} IN TRANSACTIONS OF 10000 ROWS;
