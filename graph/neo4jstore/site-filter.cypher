($customer IS NULL OR EXISTS { (n)<-[:HAS_SITE]-(:Customer {id: $customer}) })
AND ($free IS NULL OR $free <> EXISTS { (n)<-[:HAS_SITE]-(:Customer) })
AND ($countries IS NULL OR n.country IN $countries)
AND (NOT $near OR n.retiredOn IS NULL OR n.retiredOn > $asOf)
