// Partners that a partner or customer may read: public ones, and kin.
n.status = 'ACTIVE' AND coalesce(n.discoverable, true) OR n.id IN $viewer.kin
