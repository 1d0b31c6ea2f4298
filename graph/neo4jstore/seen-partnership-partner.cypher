EXISTS { (n)<-[:PARTY_TO]-(:Partner {id: $viewer.me}) }
