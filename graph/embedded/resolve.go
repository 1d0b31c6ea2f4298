package embedded

import (
	"fmt"

	"valueweb/graph"
)

// resolve looks up everything that a question names: the place with its customer and walls, the needs and
// the asker. Errors name the field of the question.
func (s *sight) resolve(q graph.GapQuery) (*traversal, error) {
	t := &traversal{sight: s, q: q}
	t.facts.Seq, t.facts.Access = s.seq, s.Access
	t.proof.from, t.proof.to = graph.ProofPeriod(q.AsOf)
	t.fair.from, t.fair.to = graph.FairPeriod(q.AsOf)
	place, err := s.place(q.Place, "gap.place", q.AsOf)
	if err != nil {
		return nil, err
	}
	t.facts.Points, t.facts.Country, t.facts.Customer = place.points, place.country, place.customer
	needs, asker := q.Needs, q.Asker
	if o := place.opportunity; o != nil {
		if len(needs) == 0 {
			needs = o.Needs
		}
		if asker == "" && !q.Nobody {
			asker = o.Owner
		}
		t.declined = s.declinedFor(o)
	}
	if err := t.resolveNeeds(needs); err != nil {
		return nil, err
	}
	if asker != "" {
		p, ok := s.find(graph.KindPartner, asker).(*graph.Partner)
		if !ok {
			return nil, graph.NotFound("gap.asker", graph.KindPartner, asker)
		}
		t.facts.Asker, t.facts.AskerState = p.ID, p.Status
	}
	t.resolveWalls()
	return t, nil
}

func (t *traversal) resolveNeeds(needs []graph.Need) error {
	if len(needs) == 0 {
		return graph.Invalid("gap.needs", "the opportunity %q states no needs: name at least one", t.q.Place.Opportunity)
	}
	if err := graph.CheckNeeds("gap.needs", needs, graph.MaxNeeds); err != nil {
		return err
	}
	for i, need := range needs {
		c, ok := lookup[*graph.Competency](t.state, graph.KindCompetency, need.Competency)
		if !ok {
			return graph.NotFound(fmt.Sprintf("gap.needs.%d.competency", i), graph.KindCompetency, need.Competency)
		}
		t.facts.Needs = append(t.facts.Needs, graph.NeedFacts{Need: need, Name: c.Name})
		t.subtrees = append(t.subtrees, t.subtreeOf(need.Competency))
	}
	return nil
}

// declinedFor lists the partners that turned an opportunity down.
func (s *state) declinedFor(o *graph.Opportunity) map[string]bool {
	declined := map[string]bool{}
	for _, partner := range o.Declined {
		declined[partner] = true
	}
	related(s, invitationsByOpportunity, o.ID, func(i *graph.Invitation) bool {
		if i.State == graph.InvitationDeclined {
			declined[i.Partner] = true
		}
		return true
	})
	return declined
}

// resolveWalls collects the walls around the customer. A wall within one partnership narrows only what is
// read through that partnership, and so does not count here.
func (t *traversal) resolveWalls() {
	t.walls = walls{blocked: map[string]bool{}, without: map[string][]*subtree{}}
	if t.facts.Customer == "" {
		return
	}
	add := func(w *graph.Wall) bool {
		if w.Partnership != "" || !w.LiveAt(t.q.AsOf) {
			return true
		}
		kept := t.subtreeOf(w.Competency)
		for _, need := range t.facts.Needs {
			if w.Competency == "" || kept.holds(need.Competency) {
				t.block(w.Partner)
			}
		}
		if w.Competency != "" {
			t.walls.without[w.Partner] = append(t.walls.without[w.Partner], kept)
		}
		return true
	}
	related(t.state, wallsByCustomer, t.facts.Customer, add)
	if c, ok := lookup[*graph.Customer](t.state, graph.KindCustomer, t.facts.Customer); ok && c.Segment != "" {
		related(t.state, wallsBySegment, c.Segment, add)
	}
}

func (t *traversal) block(partner string) {
	if !t.walls.blocked[partner] {
		t.walls.blocked[partner] = true
		t.facts.Blocked = append(t.facts.Blocked, partner)
	}
}

// place is a place resolved.
type place struct {
	points      []graph.Point
	customer    string
	country     string
	opportunity *graph.Opportunity
}

// place looks a place up as it stands on a day; field is the path of its input.
func (s *sight) place(p graph.Place, field string, asOf graph.Date) (place, error) {
	switch {
	case p.Point != nil:
		return place{points: []graph.Point{*p.Point}}, nil
	case p.Opportunity != "":
		o, ok := s.find(graph.KindOpportunity, p.Opportunity).(*graph.Opportunity)
		if !ok {
			return place{}, graph.NotFound(field+".opportunity", graph.KindOpportunity, p.Opportunity)
		}
		at, err := s.placeOf(o, field, asOf)
		if err != nil && !(s.reads(o.Customer) && s.reads(graph.CustomerOf(s.state, &graph.Opportunity{Site: o.Site}))) {
			err = noPlace(field, o) // what is wrong with it names whom the viewer may not read
		}
		return at, err
	case p.Customer != "" && s.find(graph.KindCustomer, p.Customer) == nil:
		return place{}, graph.NotFound(field+".customer", graph.KindCustomer, p.Customer)
	case p.Site != "" && s.find(graph.KindSite, p.Site) == nil:
		return place{}, graph.NotFound(field+".site", graph.KindSite, p.Site)
	case p.Site != "":
		return s.sitePlace(p.Customer, p.Site, field, asOf)
	}
	return s.customerPlace(p.Customer, field+".customer", asOf)
}

// placeOf is where an opportunity is: its site, its point, or its customer.
func (s *state) placeOf(o *graph.Opportunity, field string, asOf graph.Date) (place, error) {
	var at place
	var err error
	switch {
	case o.Site != "":
		at, err = s.sitePlace("", o.Site, field, asOf)
		if o.Customer != "" {
			at.customer = o.Customer
		}
	case o.Point != nil:
		at = place{points: []graph.Point{*o.Point}, customer: o.Customer, country: s.countryOf(o.Customer, asOf)}
	case o.Customer != "":
		at, err = s.customerPlace(o.Customer, field+".opportunity", asOf)
	default:
		err = noPlace(field, o)
	}
	at.opportunity = o
	return at, err
}

func noPlace(field string, o *graph.Opportunity) error {
	return graph.Invalid(field+".opportunity", "the opportunity %q has no place: name one", o.ID)
}

// countryOf is the country of the first site that a customer has on a day, empty if it has none.
func (s *state) countryOf(customer string, asOf graph.Date) (country string) {
	related(s, sitesByCustomer, customer, func(site *graph.Site) bool {
		if site.LiveAt(asOf) {
			country = site.Country
		}
		return country == ""
	})
	return country
}

// sitePlace is one site; a customer's own site stands for its customer.
func (s *state) sitePlace(customer, site, field string, asOf graph.Date) (place, error) {
	if customer != "" && s.get(graph.KindCustomer, customer) == nil {
		return place{}, graph.NotFound(field+".customer", graph.KindCustomer, customer)
	}
	found, ok := lookup[*graph.Site](s, graph.KindSite, site)
	if !ok {
		return place{}, graph.NotFound(field+".site", graph.KindSite, site)
	}
	if customer != "" && found.Customer != customer {
		return place{}, graph.Invalid(field+".site", "the site %q is not one of the customer %q", site, customer)
	}
	if !found.LiveAt(asOf) {
		return place{}, graph.Invalid(field+".site", "the site %q was retired on %s: name another, or an earlier day", site, found.RetiredOn)
	}
	return place{points: []graph.Point{found.Location}, customer: found.Customer, country: found.Country}, nil
}

// customerPlace is every site that a customer has on a day.
func (s *state) customerPlace(customer, field string, asOf graph.Date) (place, error) {
	if s.get(graph.KindCustomer, customer) == nil {
		return place{}, graph.NotFound(field, graph.KindCustomer, customer)
	}
	at := place{customer: customer, country: s.countryOf(customer, asOf)}
	related(s, sitesByCustomer, customer, func(site *graph.Site) bool {
		if !site.LiveAt(asOf) {
			return true
		}
		at.points = append(at.points, site.Location)
		return true
	})
	if len(at.points) == 0 {
		return at, graph.Invalid(field, "the customer %q has no site: name a place", customer)
	}
	return at, nil
}
