// A transaction has been committed, if none was begun since. The lock is taken before it is looked at.
MATCH (commit:Commit)
SET commit.turn = $token
WITH commit WHERE commit.begun = $token
SET commit.ended = $token
