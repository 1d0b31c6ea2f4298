MATCH (n)-[link:HAS_KEY]-()
