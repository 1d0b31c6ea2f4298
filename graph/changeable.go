package graph

import "slices"

// changeables are the types of node that are changed by hand.
var changeables = map[Kind]changeable{
	KindWall: {
		copied: copyOf[Wall],
		key:    func(n Node) []string { return n.(*Wall).NaturalKey() },
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(w *Wall) any { return w.Partner }),
			fieldOf("customer", "customer_id", func(w *Wall) any { return w.Customer }),
			fieldOf("segment", "segment", func(w *Wall) any { return w.Segment }),
			fieldOf("competency", "competency_id", func(w *Wall) any { return w.Competency }),
			fieldOf("partnership", "partnership_id", func(w *Wall) any { return w.Partnership }),
			retirement,
		},
	},
	KindPartnership: {
		copied: copyOf[Partnership],
		key:    func(n Node) []string { return n.(*Partnership).NaturalKey() },
		fields: []changeableField{
			fieldOf("parties", "partners", func(p *Partnership) any { return p.Parties }),
			fieldOf("kind", "kind", func(p *Partnership) any { return p.Form }),
			fieldOf("collaboration", "collaboration", func(p *Partnership) any { return p.Collaboration }),
			fieldOf("dataSharing", "data_sharing", func(p *Partnership) any { return p.DataSharing }),
			fieldOf("startsOn", "starts_on", func(p *Partnership) any { return p.StartsOn }),
			fieldOf("endsOn", "ends_on", func(p *Partnership) any { return p.EndsOn }),
			fieldOf("sponsor", "sponsor", func(p *Partnership) any { return p.Sponsor }),
			fieldOf("manager", "manager", func(p *Partnership) any { return p.Manager }),
			fieldOf("sites", "sites", func(p *Partnership) any { return p.Sites }),
			retirement,
		},
		check: func(n Node) error { return checkParties(n.(*Partnership).Parties) },
	},
	KindCustomerPartner: {
		copied: copyOf[CustomerPartner],
		key:    func(n Node) []string { return n.(*CustomerPartner).NaturalKey() },
		fields: []changeableField{
			fieldOf("customer", "customer_id", func(c *CustomerPartner) any { return c.Customer }),
			fieldOf("partner", "partner_id", func(c *CustomerPartner) any { return c.Partner }),
			fieldOf("role", "role", func(c *CustomerPartner) any { return c.Role }),
			fieldOf("since", "since", func(c *CustomerPartner) any { return c.Since }),
			fieldOf("until", "until", func(c *CustomerPartner) any { return c.Until }),
			retirement,
		},
	},
	KindOpportunity: opportunityFields,
	KindInvitation:  invitationFields,
	KindAPIKey: {
		copied: copyOf[APIKey],
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(k *APIKey) any { return k.Partner }),
			fieldOf("name", "name", func(k *APIKey) any { return k.Name }),
			fieldOf("scopes", "scopes", func(k *APIKey) any { return k.Scopes }),
			fieldOf("expiresAt", "expires_at", func(k *APIKey) any { return k.ExpiresAt }),
			fieldOf("revokedAt", "revoked_at", func(k *APIKey) any { return k.RevokedAt }),
		},
	},
}

// checkParties refuses a partnership of fewer than two, or with one party twice.
func checkParties(parties []string) error {
	for i, party := range parties {
		if slices.Contains(parties[:i], party) {
			return Invalid("partners", "the partner %q is named twice", party)
		}
	}
	if len(parties) < 2 {
		return Invalid("partners", "a partnership joins two partners or more")
	}
	return nil
}
