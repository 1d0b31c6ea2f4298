MATCH (n)<-[link:HAS_OFFICE]-(:Partner)
