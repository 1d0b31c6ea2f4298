MATCH (n)-[link:PART_OF]->(:Region)
