MATCH (n)-[link:PARTY_TO|AT]-()
