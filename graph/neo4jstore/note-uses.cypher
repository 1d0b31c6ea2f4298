// When keys were last used.
UNWIND $uses AS use
MERGE (n:ApiKeyUse {id: use.id})
ON CREATE SET n.lastUsedAt = use.lastUsedAt
ON MATCH SET n.lastUsedAt = CASE WHEN use.lastUsedAt > n.lastUsedAt THEN use.lastUsedAt ELSE n.lastUsedAt END
