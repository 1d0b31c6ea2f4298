endNode(n).id IN $viewer.customers
AND (startNode(n).status = 'ACTIVE' AND coalesce(startNode(n).discoverable, true) OR startNode(n).id IN $viewer.kin)
