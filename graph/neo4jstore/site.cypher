n {
  .*,
  customer: [(n)<-[:HAS_SITE]-(customer:Customer) | customer.id][0]
}
