MATCH (n)-[link:PART_OF|MANAGED_BY]->()
