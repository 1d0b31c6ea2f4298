CALL {
  MATCH (event:Event)
  WHERE event.seq > $after
  RETURN event ORDER BY event.seq LIMIT $limit
}
RETURN collect(event {.*}) AS answer
