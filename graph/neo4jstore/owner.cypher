// Whose database it is: ours, where there is a log with a format; else some of what it holds.
OPTIONAL MATCH (log:Log {id: 'log'})
CALL {
  MATCH (n)
  WITH n LIMIT 10000
  UNWIND labels(n) + CASE WHEN size(labels(n)) = 0 THEN ['(no label)'] ELSE [] END AS label
  WITH DISTINCT label ORDER BY label LIMIT 5
  RETURN collect(label) AS labels
}
RETURN log.format IS NOT NULL AS ours, log.format AS format, labels
