// What tells readers that a transaction is being committed.
CREATE CONSTRAINT commit_id IF NOT EXISTS FOR (n:Commit) REQUIRE n.id IS UNIQUE;
MERGE (commit:Commit {id: 'commit'}) ON CREATE SET commit.begun = '', commit.ended = '';
