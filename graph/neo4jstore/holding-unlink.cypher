MATCH (n)-[link:HAS_HOLDING|OF|AT]-()
