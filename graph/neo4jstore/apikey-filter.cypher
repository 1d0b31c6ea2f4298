($partner IS NULL OR EXISTS { (n)<-[:HAS_KEY]-(:Partner {id: $partner}) })
