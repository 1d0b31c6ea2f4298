n {
  .*,
  partOf: [(n)-[:PART_OF]->(parent:Partner) | parent.id][0],
  channelManager: [(n)-[:MANAGED_BY]->(manager:Contact) | manager.id][0]
}
