MATCH PATTERN WHERE SEEN(KIND n)
RETURN collect([n.id, coalesce(n.byName, n.title)]) AS answer
