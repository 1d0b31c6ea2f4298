// API keys, the history of a node, and what is noted beside the graph: who was handed out which customers, and
// when keys were last used.
CREATE CONSTRAINT apikey_id IF NOT EXISTS FOR (n:ApiKey) REQUIRE n.id IS UNIQUE;
CREATE RANGE INDEX event_subject IF NOT EXISTS FOR (n:Event) ON (n.subject);
CREATE CONSTRAINT customeraccess_id IF NOT EXISTS FOR (n:CustomerAccess) REQUIRE n.id IS UNIQUE;
CREATE RANGE INDEX customeraccess_customer IF NOT EXISTS FOR (n:CustomerAccess) ON (n.customer);
CREATE CONSTRAINT apikeyuse_id IF NOT EXISTS FOR (n:ApiKeyUse) REQUIRE n.id IS UNIQUE;
// The names that statements about these use.
UNWIND ['ApiKey', 'ApiKeyUse', 'CustomerAccess'] AS name
CALL db.createLabel(name)
FINISH;
UNWIND ['HAS_KEY'] AS name
CALL db.createRelationshipType(name)
FINISH;
UNWIND ['customer', 'day', 'first', 'last', 'lastUsedAt', 'reads', 'subject', 'version', 'viewer'] AS name
CALL db.createProperty(name)
FINISH;
