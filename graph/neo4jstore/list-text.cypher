// A page of a list, out of what holds a text: as the index of texts finds it, and in the few texts that are too
// long for an index.
CALL {
  MATCH (n:KIND)
  USING TEXT INDEX n:KIND(texts)
  WHERE n.texts CONTAINS $text
  RETURN n
  UNION
  MATCH (n:KIND)
  USING INDEX n:KIND(wordy)
  WHERE n.wordy = true AND n.longTexts CONTAINS $text
  RETURN n
}
WITH n
WHERE n.KEY AFTER $from AND (FILTER)
WITH n ORDER BY n.KEY DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION}) AS answer
