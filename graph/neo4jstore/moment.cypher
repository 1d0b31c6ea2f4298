// What a question reads, with what tells that it was read at one moment: the log, and whether a commit is under way,
// at first and at last. Every question bears this frame, and a database takes time to plan each character of it: what
// it tells is judged by the program.
MATCH (log:Log), (commit:Commit)
WITH commit {.*} AS mark, log {.*} AS course
CALL {
  BODY
}
MATCH (again:Log), (last:Commit)
RETURN answer, course, mark, again.seq AS after, last.begun AS begun
