package embedded

import "valueweb/graph"

// compiler compiles what a viewer may see, as docs/access.md defines it.
type compiler struct {
	sight
	walled shade // the referrals that a wall hides
}

func (c *compiler) compile() error {
	me := c.Viewer.Organisation
	switch c.Viewer.Role {
	case graph.RolePartner:
		p, ok := lookup[*graph.Partner](c.state, graph.KindPartner, me)
		if !ok || p.Status == graph.Suspended || p.Status == graph.Left {
			return errApart
		}
		c.partner(p)
	case graph.RoleCustomer:
		customer, ok := lookup[*graph.Customer](c.state, graph.KindCustomer, me)
		if !ok || !customer.LiveAt(c.Today) {
			return errApart
		}
		c.customer(customer)
	}
	c.hide()
	c.conceal()
	return nil
}

// partner compiles what a partner may see.
func (c *compiler) partner(p *graph.Partner) {
	c.kin(p.ID)
	within := c.barriers(p.ID)
	related(c.state, servicesByPartner, p.ID, func(s *graph.CustomerPartner) bool {
		if s.CurrentAt(c.Today) && c.admit(s.Customer) {
			c.Contacts[s.Customer] = true
		}
		return true
	})
	related(c.state, partnershipsByParty, p.ID, func(partnership *graph.Partnership) bool {
		for _, party := range partnership.Parties {
			c.kin(party)
		}
		if partnership.InForceAt(c.Today) {
			c.shared(p.ID, partnership, within[partnership.ID])
		}
		return true
	})
	c.referrals(p.ID)
	if p.Status == graph.Active {
		c.Profile = c.profile(p)
	}
}

// barriers notes the walls of a partner, and returns those within a partnership.
func (c *compiler) barriers(me string) (within map[string][]graph.Barrier) {
	within = map[string][]graph.Barrier{}
	related(c.state, wallsByPartner, me, func(w *graph.Wall) bool {
		if !w.LiveAt(c.Today) {
			return true
		}
		b := graph.Barrier{Customer: w.Customer, Segment: w.Segment}
		if w.Competency != "" {
			b.Scope = map[string]bool{}
			for _, id := range c.subtreeOf(w.Competency).ids {
				b.Scope[id] = true
			}
		}
		if w.Partnership != "" {
			within[w.Partnership] = append(within[w.Partnership], b)
		} else {
			c.Barriers = append(c.Barriers, b)
		}
		return true
	})
	return within
}

// kin notes a partner that the viewer may read though it is not public.
func (c *compiler) kin(id string) {
	if p, ok := lookup[*graph.Partner](c.state, graph.KindPartner, id); ok && !p.Public() {
		c.Kin[id] = true
	}
}

// admit notes a customer, unless a wall hides it.
func (c *compiler) admit(customer string) bool {
	if c.get(graph.KindCustomer, customer) == nil || c.Beyond(c.Barriers, customer) {
		return false
	}
	c.Customers[customer] = true
	return true
}

func (c *compiler) consented(customer string) bool {
	found, ok := lookup[*graph.Customer](c.state, graph.KindCustomer, customer)
	return ok && found.Consent
}

// shared notes what a partnership in force lets a partner read.
func (c *compiler) shared(me string, p *graph.Partnership, within []graph.Barrier) {
	sharing := p.Sharing()
	if sharing != graph.NoSharing {
		c.Tellers = append(c.Tellers, graph.Share{Partnership: p.ID, Barriers: within})
	}
	everything := sharing == graph.IndividualSharing
	if !everything && sharing != graph.ConsentedSharing {
		return
	}
	if everything {
		c.Shares = append(c.Shares, graph.Share{Partnership: p.ID, Barriers: within})
	}
	for _, party := range p.Parties {
		if party == me {
			continue
		}
		related(c.state, servicesByPartner, party, func(s *graph.CustomerPartner) bool {
			if !s.Owns() || !s.CurrentAt(c.Today) || c.Beyond(within, s.Customer) {
				return true
			}
			consented := c.consented(s.Customer)
			if (everything || consented) && c.admit(s.Customer) && consented {
				c.Contacts[s.Customer] = true
			}
			return true
		})
	}
}

// referrals notes the ends and customers of the referrals that a partner may read.
func (c *compiler) referrals(me string) {
	c.eachReferral(me, func(r *graph.Referral) {
		c.kin(r.From)
		c.kin(r.To)
		if r.Customer != "" && (r.From == me && !c.passedOn(r, me) || c.consented(r.Customer)) {
			c.admit(r.Customer)
		}
	})
}

// passedOn reports whether a referral that a partner sent passes on one that it received.
func (c *compiler) passedOn(r *graph.Referral, me string) bool {
	parent, ok := lookup[*graph.Referral](c.state, graph.KindReferral, r.Parent)
	return ok && parent.To == me && !c.Walled(parent)
}

// profile is what audiences ask about a partner.
func (c *compiler) profile(p *graph.Partner) *graph.Profile {
	today := c.Today
	profile := &graph.Profile{
		Partner: p.ID, Kind: p.PartnerKind, Tier: p.Tier, Tags: p.Tags,
		Held: map[string]bool{}, Regions: map[string]bool{}, Countries: map[string]bool{},
	}
	var hold func(id string)
	hold = func(id string) {
		if profile.Held[id] {
			return
		}
		profile.Held[id] = true
		if competency, ok := lookup[*graph.Competency](c.state, graph.KindCompetency, id); ok {
			for _, broader := range competency.Broader {
				hold(broader)
			}
		}
	}
	related(c.state, holdingsByPartner, p.ID, func(h *graph.Holding) bool {
		if h.CurrentAt(today) {
			hold(h.Competency)
		}
		return true
	})
	related(c.state, officesByPartner, p.ID, func(o *graph.Office) bool {
		if o.LiveAt(today) {
			profile.Points = append(profile.Points, o.Location)
			profile.Countries[o.Country] = true
		}
		return true
	})
	delete(profile.Countries, "")
	c.nodes[graph.KindRegion].Scan(func(id string, _ graph.Node) bool {
		countries := map[string]bool{}
		c.spread(id, countries)
		for country := range profile.Countries {
			if countries[country] {
				profile.Regions[id] = true
			}
		}
		return true
	})
	return profile
}

// customer compiles what a customer may see.
func (c *compiler) customer(me *graph.Customer) {
	c.Customers[me.ID] = true
	related(c.state, servicesByCustomer, me.ID, func(s *graph.CustomerPartner) bool {
		if s.CurrentAt(c.Today) {
			c.Contacts[s.Partner] = true
		}
		return true
	})
}

// hide notes the partners that are hidden.
func (c *compiler) hide() {
	related(c.state, shyPartners, shy, func(p *graph.Partner) bool {
		if p.Shy(c.Viewer.Role) && !c.Kin[p.ID] {
			c.Hidden[p.ID] = true
		}
		return true
	})
}

// conceal notes the referrals that a wall hides.
func (c *compiler) conceal() {
	seen := map[string]bool{}
	around := func(customer string) {
		related(c.state, referralsByCustomer, customer, func(r *graph.Referral) bool {
			if !seen[r.ID] && c.Walled(r) {
				seen[r.ID] = true
				if !c.Hidden[r.From] && !c.Hidden[r.To] {
					c.Concealed = append(c.Concealed, r)
				}
				c.walled[r.To] = append(c.walled[r.To], r)
			}
			return true
		})
	}
	for i := range c.Barriers {
		b := &c.Barriers[i]
		around(b.Customer)
		if b.Segment != "" {
			c.nodes[graph.KindCustomer].Scan(func(id string, node graph.Node) bool {
				if node.(*graph.Customer).Segment == b.Segment {
					around(id)
				}
				return true
			})
		}
	}
}
