// What came of creations that brought a token of their client, and tickets, until they are over.
CREATE CONSTRAINT receipt_key IF NOT EXISTS FOR (n:Receipt) REQUIRE n.key IS UNIQUE;
CREATE RANGE INDEX receipt_at IF NOT EXISTS FOR (n:Receipt) ON (n.at);
CREATE CONSTRAINT ticket_digest IF NOT EXISTS FOR (n:Ticket) REQUIRE n.digest IS UNIQUE;
CREATE RANGE INDEX ticket_until IF NOT EXISTS FOR (n:Ticket) ON (n.until);
// What waits for the clock, by day: referrals and invitations that nobody has answered, and protections.
CREATE RANGE INDEX referral_waiting IF NOT EXISTS FOR (n:Referral) ON (n.waitingSince);
CREATE RANGE INDEX invitation_waiting IF NOT EXISTS FOR (n:Invitation) ON (n.waitingSince);
CREATE RANGE INDEX opportunity_protection IF NOT EXISTS FOR (n:Opportunity) ON (n.protectionEnds);
// The names that statements about these use; why, stands in 0007.
UNWIND ['Receipt', 'Ticket'] AS name
CALL db.createLabel(name)
FINISH;
UNWIND ['AWAITS', 'OFFERED_TO'] AS name
CALL db.createRelationshipType(name)
FINISH;
UNWIND [
  'altered', 'at', 'body', 'deployment', 'digest', 'expires', 'forgotten', 'key', 'moved', 'node', 'noted',
  'organisation', 'postedBy', 'protectedUntil', 'protectionEnds', 'redeemed', 'reviewFields', 'reviewNote',
  'scopes', 'submittedBy', 'waitingSince'
] AS name
CALL db.createProperty(name)
FINISH;
MATCH (n:Referral)
WHERE n.state = 'NEW' AND n.retiredOn IS NULL AND date(n.updatedAt) <= n.sentOn + duration({days: 14})
CALL (n) {
  SET n.waitingSince = n.sentOn
} IN TRANSACTIONS OF 10000 ROWS;
MATCH (n:Invitation)
WHERE n.state = 'PENDING' AND n.retiredOn IS NULL AND date(n.updatedAt) <= n.sentOn + duration({days: 14})
CALL (n) {
  SET n.waitingSince = n.sentOn
} IN TRANSACTIONS OF 10000 ROWS;
