// Who manages partners, once partners and contacts are written.
UNWIND $rows AS row
MATCH (n:Partner {id: row.id})
MATCH (manager:Contact {id: row.links.channelManager})
CREATE (n)-[:MANAGED_BY]->(manager)
