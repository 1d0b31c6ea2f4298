// The events about a node that tell of versions above one.
CALL {
  MATCH (event:Event {subject: $subject})
  WHERE event.version > $after
  RETURN event ORDER BY event.seq
}
RETURN collect(event {.*}) AS answer
