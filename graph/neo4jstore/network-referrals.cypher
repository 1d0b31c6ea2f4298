// The referrals that some partners sent, by sender and recipient.
MATCH (sender:Partner)
WHERE sender.id >= $from AND sender.id <= $to
MATCH (sender)-[:SENT]->(n)-[:TO]->(recipient)
WITH sender, recipient, collect(n.timeline) AS timelines
RETURN collect([sender.id, recipient.id, timelines]) AS answer
