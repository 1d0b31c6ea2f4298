MATCH (n:Customer)
WHERE COUNTED(Customer n)
WITH n AS subject, null AS country, 1 AS counted, 0 AS unknown
