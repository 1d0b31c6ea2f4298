MATCH (n)<-[link:HAS_SITE]-(:Customer)
