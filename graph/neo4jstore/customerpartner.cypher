n {
  .*,
  partner: startNode(n).id,
  customer: endNode(n).id
}
