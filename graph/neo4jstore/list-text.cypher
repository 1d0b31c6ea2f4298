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
WHERE KEYED AFTER $from AND (FILTER) AND SEEN(KIND n)
WITH n ORDER BY KEYED DIRECTION LIMIT $limit
RETURN collect({node: PROJECTION}) AS answer
