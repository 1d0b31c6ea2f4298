n.id IN $viewer.customers
