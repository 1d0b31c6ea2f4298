// Lets go of the oldest events, up to the first that is not before an instant. The lock is taken before the log is
// looked at.
MATCH (log:Log)
SET log.turn = randomUUID()
WITH log, coalesce(log.forgotten, 0) AS forgotten
CALL (forgotten) {
  MATCH (event:Event)
  WHERE event.seq > forgotten AND event.seq <= forgotten + $limit
  WITH event ORDER BY event.seq
  RETURN collect(event) AS oldest
}
WITH log, forgotten, oldest, [i IN range(0, size(oldest) - 1) WHERE oldest[i].at >= $before][0] AS first
WITH log, forgotten, oldest[0..coalesce(first, size(oldest))] AS gone
SET log.forgotten = forgotten + size(gone)
FOREACH (event IN gone | DELETE event)
RETURN size(gone) AS gone
