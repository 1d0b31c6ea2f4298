n.status = 'ACTIVE'
