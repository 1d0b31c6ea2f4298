package embedded

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"valueweb/graph"
)

// filter is a compiled graph.Filter: tests that must all hold, and where there is one a better way in
// than reading the whole kind.
type filter struct {
	tests  []func(graph.Node) bool
	gather func(add func(graph.Node))
	points []graph.Point // of the place, for distances; nil: none
}

func (f *filter) matches(node graph.Node) bool {
	for _, test := range f.tests {
		if !test(node) {
			return false
		}
	}
	return true
}

// compile resolves the ids of a filter; errors name its fields.
func (s *sight) compile(kind graph.Kind, q graph.Filter) (*filter, error) {
	f := &filter{}
	if s.Access != nil {
		f.tests = append(f.tests, s.Sees)
		f.gather = s.own(kind)
	}
	if q.Text != "" {
		f.text(q.Text)
	}
	if q.Near != nil {
		at, err := s.place(*q.Near, "filter.near", q.AsOf)
		if err != nil {
			return nil, err
		}
		f.points = at.points
	}
	countries, err := s.countriesOf(q)
	if err != nil {
		return nil, err
	}
	switch kind {
	case graph.KindPartner:
		return f, s.partnerFilter(f, q, countries)
	case graph.KindOffice:
		return f, s.officeFilter(f, q, countries)
	case graph.KindCompetency:
		return f, s.competencyFilter(f, q)
	case graph.KindCustomer:
		return f, s.customerFilter(f, q, countries)
	case graph.KindSite:
		return f, s.siteFilter(f, q, countries)
	case graph.KindAPIKey:
		return f, s.keyFilter(f, q)
	}
	return f, nil
}

// test adds a test of nodes of one type.
func test[T graph.Node](f *filter, holds func(T) bool) {
	f.tests = append(f.tests, func(node graph.Node) bool { return holds(node.(T)) })
}

func (f *filter) text(text string) {
	wanted := graph.Fold(text)
	f.tests = append(f.tests, func(node graph.Node) bool {
		for _, part := range graph.Searchable(node) {
			if strings.Contains(graph.Fold(part), wanted) {
				return true
			}
		}
		return false
	})
}

// countriesOf is the set of countries that region and countries leave; nil: all.
func (s *sight) countriesOf(q graph.Filter) (map[string]bool, error) {
	var countries map[string]bool
	if q.Region != "" {
		if s.get(graph.KindRegion, q.Region) == nil {
			return nil, graph.NotFound("filter.region", graph.KindRegion, q.Region)
		}
		countries = map[string]bool{}
		s.spread(q.Region, countries)
	}
	if len(q.Countries) == 0 {
		return countries, nil
	}
	named := map[string]bool{}
	for _, country := range q.Countries {
		if countries == nil || countries[country] {
			named[country] = true
		}
	}
	return named, nil
}

// spread collects the countries of a region and of the regions nested in it.
func (s *state) spread(region string, countries map[string]bool) {
	r, _ := lookup[*graph.Region](s, graph.KindRegion, region)
	for _, country := range r.Countries {
		countries[country] = true
	}
	related(s, regionsByParent, region, func(part *graph.Region) bool {
		s.spread(part.ID, countries)
		return true
	})
}

// radius is the distance that a filter allows, infinite where none is stated.
func radius(q graph.Filter) float64 {
	if q.RadiusKm == 0 {
		return math.Inf(1)
	}
	return q.RadiusKm
}

func (s *sight) partnerFilter(f *filter, q graph.Filter, countries map[string]bool) error {
	if len(q.Kinds) > 0 {
		test(f, func(p *graph.Partner) bool { return slices.Contains(q.Kinds, p.PartnerKind) })
	}
	if len(q.Statuses) > 0 {
		test(f, func(p *graph.Partner) bool { return slices.Contains(q.Statuses, p.Status) })
	}
	if graph.TierRank(q.MinTier) > 0 {
		test(f, func(p *graph.Partner) bool { return graph.TierRank(p.Tier) >= graph.TierRank(q.MinTier) })
	}
	if len(q.Tags) > 0 {
		test(f, func(p *graph.Partner) bool { return hasAll(p.Tags, q.Tags) })
	}
	if q.HasOffice != nil {
		test(f, func(p *graph.Partner) bool {
			return anyUnder(s.state, officesByPartner, p.ID, func(o *graph.Office) bool { return o.LiveAt(q.AsOf) }) == *q.HasOffice
		})
	}
	if countries != nil {
		test(f, func(p *graph.Partner) bool {
			return anyUnder(s.state, officesByPartner, p.ID, func(o *graph.Office) bool { return o.LiveAt(q.AsOf) && countries[o.Country] })
		})
	}
	if err := s.holdsFilter(f, q, holdingsByPartner); err != nil {
		return err
	}
	if err := s.certifiedFilter(f, q); err != nil {
		return err
	}
	if f.points != nil {
		gatherNear(s.state, f, radius(q), officesByCell, officeAt, func(o *graph.Office) graph.Node {
			if !o.LiveAt(q.AsOf) {
				return nil
			}
			return s.get(graph.KindPartner, o.Partner)
		})
	}
	return nil
}

// gatherNear makes the nodes that belong to what lies near the way into a list, each once.
func gatherNear[T graph.Node](s *state, f *filter, radiusKm float64, i indexID, at func(T) graph.Point, owner func(T) graph.Node) {
	f.gather = func(add func(graph.Node)) {
		seen := map[string]bool{}
		near(s, i, f.points, radiusKm, at, func(n T, _ float64) {
			node := owner(n)
			if node == nil || seen[node.Header().ID] {
				return
			}
			seen[node.Header().ID] = true
			add(node)
		})
	}
}

// nearby keeps what lies near that day: the way into the list, or a test where there is a better way in.
func nearby[T graph.Node](s *state, f *filter, q graph.Filter, i indexID, at func(T) graph.Point) {
	test(f, func(n T) bool { return n.Header().LiveAt(q.AsOf) })
	if f.gather == nil {
		gatherNear(s, f, radius(q), i, at, func(n T) graph.Node { return n })
		return
	}
	test(f, func(n T) bool { return at(n).Nearest(f.points) <= radius(q) })
}

// anyUnder reports whether some node under a key of an index passes a test.
func anyUnder[T graph.Node](s *state, i indexID, prefix string, passes func(T) bool) bool {
	found := false
	related(s, i, prefix, func(node T) bool {
		found = passes(node)
		return !found
	})
	return found
}

// holdsFilter demands current holdings of every need under a node.
func (s *sight) holdsFilter(f *filter, q graph.Filter, i indexID) error {
	for n, need := range q.Holds {
		if s.get(graph.KindCompetency, need.Competency) == nil {
			return graph.NotFound(fmt.Sprintf("filter.holds.%d.competency", n), graph.KindCompetency, need.Competency)
		}
		below := s.subtreeOf(need.Competency)
		f.tests = append(f.tests, func(node graph.Node) bool {
			return anyUnder(s.state, i, node.Header().ID, func(h *graph.Holding) bool {
				return below.holds(h.Competency) && h.EffectiveLevel() >= need.MinLevel && h.CurrentAt(q.AsOf)
			})
		})
	}
	return nil
}

// certifiedFilter demands one valid certification of the competency, or a narrower one, and the scheme.
func (s *sight) certifiedFilter(f *filter, q graph.Filter) error {
	if q.Certified == "" && q.Scheme == "" {
		return nil
	}
	if q.Certified != "" && s.get(graph.KindCompetency, q.Certified) == nil {
		return graph.NotFound("filter.certifiedIn", graph.KindCompetency, q.Certified)
	}
	below := s.subtreeOf(q.Certified)
	test(f, func(p *graph.Partner) bool {
		return anyUnder(s.state, certificationsByPartner, p.ID, func(c *graph.Certification) bool {
			return (q.Certified == "" || below.holds(c.Competency)) && (q.Scheme == "" || c.Scheme == q.Scheme) && c.ValidAt(q.AsOf)
		})
	})
	return nil
}

func (s *sight) officeFilter(f *filter, q graph.Filter, countries map[string]bool) error {
	if q.Partner != "" {
		if s.find(graph.KindPartner, q.Partner) == nil {
			return graph.NotFound("filter.partner", graph.KindPartner, q.Partner)
		}
		test(f, func(o *graph.Office) bool { return o.Partner == q.Partner })
		f.gather = gatherIndex(s.state, officesByPartner, q.Partner)
	}
	if countries != nil {
		test(f, func(o *graph.Office) bool { return countries[o.Country] })
	}
	if len(q.Roles) > 0 {
		test(f, func(o *graph.Office) bool {
			return slices.ContainsFunc(q.Roles, func(r graph.OfficeRole) bool { return slices.Contains(o.Roles, r) })
		})
	}
	if len(q.Tags) > 0 {
		test(f, func(o *graph.Office) bool { return hasAll(o.Tags, q.Tags) })
	}
	if err := s.holdsFilter(f, q, holdingsByOffice); err != nil {
		return err
	}
	if f.points != nil {
		nearby(s.state, f, q, officesByCell, officeAt)
	}
	return nil
}

func (s *sight) competencyFilter(f *filter, q graph.Filter) error {
	if q.Within != "" {
		if s.get(graph.KindCompetency, q.Within) == nil {
			return graph.NotFound("filter.within", graph.KindCompetency, q.Within)
		}
		below := s.subtreeOf(q.Within)
		test(f, func(c *graph.Competency) bool { return c.ID != q.Within && below.holds(c.ID) })
	}
	if q.Roots != nil {
		test(f, func(c *graph.Competency) bool { return len(c.Broader) == 0 == *q.Roots })
	}
	return nil
}

func (s *sight) customerFilter(f *filter, q graph.Filter, countries map[string]bool) error {
	if len(q.Segments) > 0 {
		test(f, func(c *graph.Customer) bool { return slices.Contains(q.Segments, c.Segment) })
	}
	if len(q.Industry) > 0 {
		test(f, func(c *graph.Customer) bool { return slices.Contains(q.Industry, c.Industry) })
	}
	if countries != nil {
		test(f, func(c *graph.Customer) bool {
			return anyUnder(s.state, sitesByCustomer, c.ID, func(site *graph.Site) bool { return site.LiveAt(q.AsOf) && countries[site.Country] })
		})
	}
	if q.Partner != "" {
		if s.find(graph.KindPartner, q.Partner) == nil {
			return graph.NotFound("filter.partner", graph.KindPartner, q.Partner)
		}
		served := map[string]bool{}
		related(s.state, servicesByPartner, q.Partner, func(c *graph.CustomerPartner) bool {
			served[c.Customer] = true
			return true
		})
		test(f, func(c *graph.Customer) bool { return served[c.ID] })
	}
	if f.points != nil {
		gatherNear(s.state, f, radius(q), sitesByCell, siteAt, func(site *graph.Site) graph.Node {
			if site.Customer == "" || !site.LiveAt(q.AsOf) {
				return nil
			}
			return s.get(graph.KindCustomer, site.Customer)
		})
	}
	return nil
}

func (s *sight) siteFilter(f *filter, q graph.Filter, countries map[string]bool) error {
	if q.Customer != "" {
		if s.find(graph.KindCustomer, q.Customer) == nil {
			return graph.NotFound("filter.customer", graph.KindCustomer, q.Customer)
		}
		test(f, func(site *graph.Site) bool { return site.Customer == q.Customer })
		f.gather = gatherIndex(s.state, sitesByCustomer, q.Customer)
	}
	if q.Free != nil {
		test(f, func(site *graph.Site) bool { return (site.Customer == "") == *q.Free })
	}
	if countries != nil {
		test(f, func(site *graph.Site) bool { return countries[site.Country] })
	}
	if f.points != nil {
		nearby(s.state, f, q, sitesByCell, siteAt)
	}
	return nil
}

// gatherIndex makes the nodes under a key of an index the way into a list.
func gatherIndex(s *state, i indexID, prefix string) func(add func(graph.Node)) {
	return func(add func(graph.Node)) {
		s.scan(i, prefix, func(_ string, node graph.Node) bool {
			add(node)
			return true
		})
	}
}

// hasAll reports whether every wanted tag is there.
func hasAll(tags, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(tag string) bool { return !slices.Contains(tags, tag) })
}
