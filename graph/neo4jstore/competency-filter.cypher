($within IS NULL OR n.id IN $within)
AND ($roots IS NULL OR $roots <> EXISTS { (n)-[:BROADER]->(:Competency) })
