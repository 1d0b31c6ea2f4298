NOT EXISTS { (n)<-[:HAS_SITE]-(whom:Customer) WHERE NOT whom.id IN $viewer.customers }
