// Partners that a partner or customer may read: public ones, and kin.
n.status = 'ACTIVE' AND coalesce(n.discoverable, false) OR n.id IN $viewer.kin
