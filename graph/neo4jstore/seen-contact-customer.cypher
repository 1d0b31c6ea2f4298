EXISTS { (n)<-[:HAS_CONTACT]-(whom:Customer) WHERE whom.id = $viewer.me }
OR EXISTS { (n)<-[:HAS_CONTACT]-(who:Partner) WHERE who.id IN $viewer.contacts AND SEEN(Partner who) }
