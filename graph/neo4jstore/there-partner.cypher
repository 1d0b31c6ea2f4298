// Partners that are not hidden from a partner or customer.
n.status <> 'PENDING' AND coalesce(n.discoverable, true) OR n.id IN $viewer.kin
