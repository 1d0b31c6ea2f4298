n.id IN $viewer.opportunities
