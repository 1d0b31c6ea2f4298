EXISTS { (n)<-[:HAS_OFFICE]-(who:Partner) WHERE SEEN(Partner who) }
