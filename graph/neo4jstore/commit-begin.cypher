// A transaction is about to be committed.
MATCH (commit:Commit)
SET commit.begun = $token
