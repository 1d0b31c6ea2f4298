package embedded

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"valueweb/graph"
)

// Figures implements graph.Traverser.
func (s *Store) Figures(ctx context.Context, v graph.Viewer, q graph.FiguresQuery) (graph.FigureFacts, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return graph.FigureFacts{}, err
	}
	today := graph.DateOf(s.clock())
	if now.Access != nil {
		today = now.Access.Today
	}
	t := &tally{sight: now, of: q.Of, today: today, rows: map[graph.FigureKey]*graph.FigureRow{}, countries: map[string]string{}}
	if q.Partnership == "" {
		t.all()
		return graph.FigureFacts{Rows: t.collected()}, nil
	}
	p, ok := now.find(graph.KindPartnership, q.Partnership).(*graph.Partnership)
	if !ok {
		return graph.FigureFacts{}, graph.NotFound("partnership", graph.KindPartnership, q.Partnership)
	}
	return t.within(p), nil
}

// figured are the kinds of node that figures count.
var figured = map[graph.FigureKind]graph.Kind{
	graph.FigureCustomers: graph.KindCustomer, graph.FigureOpportunities: graph.KindOpportunity, graph.FigureReferrals: graph.KindReferral,
}

// tally counts nodes where they stand.
type tally struct {
	*sight
	of        graph.FigureKind
	today     graph.Date
	rows      map[graph.FigureKey]*graph.FigureRow
	countries map[string]string // of customers, as far as they were looked up
}

// all counts what the viewer is told of: who asks for an organisation, what it may read; an analyst, what is not
// hidden.
func (t *tally) all() {
	add := func(node graph.Node) {
		if counts, unknown := t.Counts(node); counts && (!unknown || t.Viewer.Role == graph.RoleAnalyst) {
			t.add(node, unknown)
		}
	}
	if t.Access != nil && t.Viewer.Role != graph.RoleAnalyst {
		if few := t.own(figured[t.of]); few != nil {
			few(add)
			return
		}
	}
	t.nodes[figured[t.of]].Scan(func(_ string, node graph.Node) bool {
		add(node)
		return true
	})
}

// within counts what the other parties of a partnership have, if it tells anything today.
func (t *tally) within(p *graph.Partnership) graph.FigureFacts {
	tellers := []graph.Share{{Partnership: p.ID}}
	if t.Access != nil {
		tellers = t.Tellers
	}
	if !p.InForceAt(t.today) || p.Sharing() == graph.NoSharing {
		return graph.FigureFacts{Closed: true}
	}
	unknown := map[string][]string{} // the partnerships that have a record, in order
	tellers = slices.SortedFunc(slices.Values(tellers), func(a, b graph.Share) int { return strings.Compare(a.Partnership, b.Partnership) })
	for _, teller := range tellers {
		for id, node := range t.members(teller) {
			_, hidden := t.Counts(node)
			if teller.Partnership == p.ID {
				t.add(node, hidden)
			}
			if hidden {
				unknown[id] = append(unknown[id], teller.Partnership)
			}
		}
	}
	return graph.FigureFacts{Rows: t.collected(), Overlaps: overlapsOf(unknown)}
}

// overlapsOf counts records by the partnerships that have them.
func overlapsOf(unknown map[string][]string) []graph.FigureOverlap {
	common := map[string]*graph.FigureOverlap{}
	for _, partnerships := range unknown {
		key := strings.Join(partnerships, separator)
		if common[key] == nil {
			common[key] = &graph.FigureOverlap{Partnerships: partnerships}
		}
		common[key].Unknown++
	}
	var all []graph.FigureOverlap
	for _, overlap := range common {
		all = append(all, *overlap)
	}
	return all
}

// members are what the other parties of a partnership have and the viewer is told of, by id.
func (t *tally) members(of graph.Share) map[string]graph.Node {
	found := map[string]graph.Node{}
	add := func(node graph.Node) {
		counts, unknown := t.Counts(node)
		if counts && !(unknown && t.of == graph.FigureOpportunities) && !t.Withheld(of.Barriers, node) {
			found[node.Header().ID] = node
		}
	}
	p, _ := lookup[*graph.Partnership](t.state, graph.KindPartnership, of.Partnership)
	for _, party := range p.Parties {
		if t.Access == nil || !t.Viewer.Is(party) {
			t.possessions(party, add)
		}
	}
	return found
}

// possessions are the customers and opportunities that a partner owns, or the referrals from and to it.
func (t *tally) possessions(partner string, add func(graph.Node)) {
	switch t.of {
	case graph.FigureCustomers:
		related(t.state, servicesByPartner, partner, func(s *graph.CustomerPartner) bool {
			if s.Owns() && s.CurrentAt(t.today) {
				add(t.get(graph.KindCustomer, s.Customer))
			}
			return true
		})
	case graph.FigureOpportunities:
		related(t.state, opportunitiesByPartner, partner, func(o *graph.Opportunity) bool {
			if o.Owner == partner {
				add(o)
			}
			return true
		})
	case graph.FigureReferrals:
		for _, index := range []indexID{referralsBySender, referralsByRecipient} {
			related(t.state, index, partner, func(r *graph.Referral) bool {
				add(r)
				return true
			})
		}
	}
}

// add counts a node. One that the viewer may read counts where the viewer is told that it stands.
func (t *tally) add(node graph.Node, unknown bool) {
	key := t.keyOf(node, unknown)
	if t.rows[key] == nil {
		t.rows[key] = &graph.FigureRow{Key: key}
	}
	t.rows[key].Count++
	if unknown {
		t.rows[key].Unknown++
	}
}

func (t *tally) keyOf(node graph.Node, unknown bool) graph.FigureKey {
	subject, country := "", ""
	switch n := node.(type) {
	case *graph.Customer:
		subject = n.ID
	case *graph.Referral:
		subject = n.Customer
	case *graph.Opportunity:
		subject = n.Customer
		if site, ok := lookup[*graph.Site](t.state, graph.KindSite, n.Site); ok && (unknown || t.Sees(site)) {
			country = site.Country
			if subject == "" || !unknown && !t.reads(subject) {
				subject = site.Customer
			}
		}
	}
	customer, ok := lookup[*graph.Customer](t.state, graph.KindCustomer, subject)
	if !ok || !unknown && !t.reads(subject) {
		return graph.FigureKey{2: country}
	}
	return graph.FigureKey{customer.Segment, customer.Industry, cmp.Or(country, t.countryOf(subject))}
}

// countryOf is where most sites of a customer are.
func (t *tally) countryOf(customer string) string {
	if known, ok := t.countries[customer]; ok {
		return known
	}
	sites := map[string]int{}
	related(t.state, sitesByCustomer, customer, func(s *graph.Site) bool {
		if s.Country != "" && s.LiveAt(t.today) {
			sites[s.Country]++
		}
		return true
	})
	most := ""
	for country, n := range sites {
		if most == "" || n > sites[most] || n == sites[most] && country < most {
			most = country
		}
	}
	t.countries[customer] = most
	return most
}

func (t *tally) collected() []graph.FigureRow {
	var rows []graph.FigureRow
	for row := range maps.Values(t.rows) {
		rows = append(rows, *row)
	}
	return rows
}
