// What a question reads, with what tells that it was read at one moment: no commit is under way when it
// begins, and none was begun when it ends. Besides, since when nobody may see anything else, and no opportunity came
// into or out of sight.
MATCH (log:Log), (commit:Commit)
WITH log.seq AS before, commit.begun AS begun,
  CASE WHEN log.noted = log.seq THEN log.altered ELSE log.seq END AS altered,
  CASE WHEN log.noted = log.seq THEN log.moved ELSE log.seq END AS moved,
  commit.begun = commit.ended AND (log.seq = coalesce(log.forgotten, 0) OR EXISTS { (:Event {seq: log.seq}) }) AS settled
CALL {
  BODY
}
MATCH (again:Log), (last:Commit)
RETURN answer, before, altered, moved, settled AND last.begun = begun AS settled, again.seq AS after
