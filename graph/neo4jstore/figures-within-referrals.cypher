MATCH (party)-[:SENT|TO]-(n:Referral)
MATCH (n)-[:TO]->(recipient:Partner)
WHERE THERE(Partner recipient)
OPTIONAL MATCH (n)-[:ABOUT]->(customer:Customer)
OPTIONAL MATCH (n)-[:FOR]->(competency:Competency)
WITH DISTINCT n, id, walls, customer, competency
WHERE none(wall IN walls WHERE (wall.scope IS NULL OR coalesce(competency.id IN wall.scope, false))
    AND (coalesce(customer.id = wall.customer, false) OR coalesce(customer.segment = wall.segment, false)))
  AND THERE(Referral n)
WITH DISTINCT n, customer, id ORDER BY id
WITH n, customer, collect(id) AS within
CALL (n) {
  WITH n WHERE SEEN(Referral n)
  RETURN count(*) AS known
}
CALL (customer) {
  WITH customer WHERE SEEN(Customer customer)
  RETURN count(*) AS told
}
WITH CASE WHEN known = 0 OR told > 0 THEN customer END AS subject, null AS country, 1 - known AS unknown, within
