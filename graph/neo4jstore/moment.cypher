// What a question reads, with what tells that it was read at one moment.
MATCH (log:Log)
WITH log.seq AS before, log.seq = 0 OR EXISTS { (:Event {seq: log.seq}) } AS settled
CALL {
  BODY
}
MATCH (again:Log)
RETURN answer, before, settled, again.seq AS after
