MATCH PATTERN
RETURN collect([n.id, coalesce(n.byName, n.title)]) AS answer
