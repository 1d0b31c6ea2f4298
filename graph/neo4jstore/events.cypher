// The events after a seq, and the seq of the last one that was let go of.
CALL {
  MATCH (event:Event)
  WHERE event.seq > $after
  RETURN event ORDER BY event.seq LIMIT $limit
}
WITH collect(event {.*}) AS events
MATCH (log:Log)
RETURN [coalesce(log.forgotten, 0), events] AS answer
