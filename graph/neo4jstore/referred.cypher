// The summary of what went from one partner to another, for readers of the database: how many referrals were
// won, were answered and are not closed (accepted), are not yet answered (open), and the last day on which
// anything happened.
UNWIND $changes AS change
MATCH (from:Partner {id: change.from})
MATCH (to:Partner {id: change.to})
MERGE (from)-[summary:REFERRED]->(to)
SET summary.won = coalesce(summary.won, 0) + change.won,
  summary.accepted = coalesce(summary.accepted, 0) + change.accepted,
  summary.open = coalesce(summary.open, 0) + change.open,
  summary.lastOn = CASE WHEN summary.lastOn >= change.lastOn THEN summary.lastOn ELSE coalesce(change.lastOn, summary.lastOn) END
