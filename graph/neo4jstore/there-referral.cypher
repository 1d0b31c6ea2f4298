// Referrals that are neither hidden by a wall nor sent by a hidden partner; of the recipient it is known. To look a
// key up in a map costs the database a fraction of what it costs to find a text in a list.
NOT n.id IN $viewer.walledReferrals AND $viewer.hidden[coalesce(n.sender, '')] IS NULL
