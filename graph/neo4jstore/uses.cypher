// When keys were last used.
CALL {
  MATCH (n:ApiKeyUse)
  WHERE n.id IN $ids
  RETURN collect([n.id, n.lastUsedAt]) AS uses
}
RETURN uses AS answer
