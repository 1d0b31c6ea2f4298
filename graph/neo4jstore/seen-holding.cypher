EXISTS { (n)<-[:HAS_HOLDING]-(who:Partner) WHERE SEEN(Partner who) }
