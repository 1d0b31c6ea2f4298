COUNT { (n)<-[:PARTY_TO]-(who:Partner) WHERE THERE(Partner who) } >= 2
