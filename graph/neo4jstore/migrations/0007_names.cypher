// The names that statements use. The database does not keep the plan of a statement that names what it has never
// met: on a graph without a wall, say, every question would be planned anew, which takes it seconds.
UNWIND [
  'Certification', 'Commit', 'Competency', 'Contact', 'Customer', 'Event', 'Holding', 'Invitation', 'Log',
  'Office', 'Opportunity', 'Partner', 'Partnership', 'Referral', 'Region', 'Site', 'Solution', 'Wall'
] AS name
CALL db.createLabel(name)
FINISH;
UNWIND [
  'ABOUT', 'ADDRESSES', 'ANSWERS_FOR', 'AT', 'ATTESTS', 'BROADER', 'BUILDS_ON', 'CONTINUES', 'DECLINED',
  'DELIVERS', 'FOR', 'FROM', 'HAS_CERTIFICATION', 'HAS_CONTACT', 'HAS_HOLDING', 'HAS_INVITATION', 'HAS_OFFICE',
  'HAS_SITE', 'HOLDS', 'INVITES', 'JOINS', 'KEEPS_OUT', 'LEADS', 'MANAGED_BY', 'NEEDS', 'OF', 'OWNS',
  'PARTY_TO', 'PART_OF', 'REFERRED', 'RELATED', 'REQUIRES', 'SENT', 'SERVES', 'SHARED_IN', 'TO', 'WITHIN'
] AS name
CALL db.createRelationshipType(name)
FINISH;
UNWIND [
  'accepted', 'answeredOn', 'audience', 'audienceCountries', 'audienceKinds', 'audienceMinTier',
  'audienceNear', 'audienceRadiusKm', 'audienceTags', 'begun', 'byId', 'byName', 'capacity', 'city',
  'closedOn', 'collaboration', 'consent', 'countries', 'country', 'discoverable', 'ended', 'endsOn',
  'expiresOn', 'format', 'from', 'holdings', 'id', 'industry', 'issuedOn', 'kind', 'lastOn', 'level',
  'location', 'longTexts', 'mergedInto', 'minLevel', 'name', 'point', 'position', 'postedOn', 'remote',
  'retiredOn', 'review', 'role', 'roles', 'scheme', 'segment', 'sentOn', 'seq', 'since', 'stage', 'startsOn',
  'state', 'status', 'synthetic', 'tags', 'texts', 'tier', 'timeline', 'title', 'to', 'turn', 'until',
  'verified', 'won', 'wordy'
] AS name
CALL db.createProperty(name)
FINISH;
