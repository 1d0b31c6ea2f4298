UNWIND $rows AS row
MATCH (partner:Partner {id: row.links.partner})
MATCH (customer:Customer {id: row.links.customer})
CREATE (partner)-[n:SERVES]->(customer)
SET n = row.properties
