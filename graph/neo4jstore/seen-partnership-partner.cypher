n.id IN $viewer.partnerships
