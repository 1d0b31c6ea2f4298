UNWIND $rows AS row
MATCH (:Partner)-[n:SERVES {id: row.id}]->(:Customer)
DELETE n
