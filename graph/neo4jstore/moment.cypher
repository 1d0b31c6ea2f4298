// What a question reads, with what tells that it was read at one moment: no commit is under way when it
// begins, and none was begun when it ends.
MATCH (log:Log), (commit:Commit)
WITH log.seq AS before, commit.begun AS begun,
  commit.begun = commit.ended AND (log.seq = 0 OR EXISTS { (:Event {seq: log.seq}) }) AS settled
CALL {
  BODY
}
MATCH (again:Log), (last:Commit)
RETURN answer, before, settled AND last.begun = begun AS settled, again.seq AS after
