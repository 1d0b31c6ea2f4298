EXISTS { (n)<-[:HAS_CERTIFICATION]-(who:Partner) WHERE SEEN(Partner who) }
