n {
  .*,
  partner: [(n)<-[:HAS_KEY]-(partner:Partner) | partner.id][0]
}
