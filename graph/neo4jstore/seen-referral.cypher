n.id IN $viewer.referrals
