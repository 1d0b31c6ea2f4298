EXISTS { (n)<-[:HAS_CONTACT]-(whom:Customer) WHERE whom.id IN $viewer.contacts }
OR EXISTS { (n)<-[:HAS_CONTACT]-(who:Partner) WHERE who.id = $viewer.me OR n.role = 'SALES' AND who.status = 'ACTIVE' AND SEEN(Partner who) }
