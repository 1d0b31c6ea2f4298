n {
  .*,
  partner: [(n)<-[:HAS_OFFICE]-(partner:Partner) | partner.id][0]
}
