MATCH (n)-[link:BROADER|RELATED]->(:Competency)
