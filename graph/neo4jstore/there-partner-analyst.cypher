n.status <> 'PENDING'
