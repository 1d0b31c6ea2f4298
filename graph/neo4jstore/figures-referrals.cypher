MATCH (n:Referral)
WHERE COUNTED(Referral n)
OPTIONAL MATCH (n)-[:ABOUT]->(customer:Customer)
WHERE TOLD(Customer customer)
WITH customer AS subject, null AS country, count(*) AS counted, 0 AS unknown
