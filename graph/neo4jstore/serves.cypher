// Whether a row of customer_partners holds today.
(row.retiredOn IS NULL OR row.retiredOn > $today) AND (row.since IS NULL OR row.since <= $today) AND (row.until IS NULL OR row.until >= $today)
