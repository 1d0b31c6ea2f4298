// Whether the index of texts finds a node by its text already.
MATCH (n:KIND)
USING TEXT INDEX n:KIND(texts)
WHERE n.texts CONTAINS $text
WITH n WHERE n.id = $id
RETURN count(n) > 0 AS found
