EXISTS { (n)<-[:DELIVERS]-(who:Partner) WHERE SEEN(Partner who) } OR NOT EXISTS { (n)<-[:DELIVERS]-(:Partner) }
