package stream

import (
	"context"

	"valueweb/graph"
)

// whereabouts is where an opportunity is: at its site, else at its point, else at the sites of its customer. Its
// countries are those of its site, else of the sites of its customer.
type whereabouts struct {
	points    []graph.Point
	countries []string
}

// whereabouts finds out where opportunities are, in two calls of the store at most.
func (l *Log) whereabouts(ctx context.Context, opportunities []*graph.Opportunity) (map[string]*whereabouts, error) {
	sites, err := l.sitesOf(ctx, opportunities)
	if err != nil {
		return nil, err
	}
	var customers []string
	for _, o := range opportunities {
		site := sites[o.Site]
		if customer := customerOf(o, site); customer != "" && (site == nil || site.Country == "") {
			customers = append(customers, customer)
		}
	}
	others, err := l.sitesOfCustomers(ctx, customers)
	if err != nil {
		return nil, err
	}
	at := make(map[string]*whereabouts, len(opportunities))
	for _, o := range opportunities {
		at[o.ID] = locate(o, sites[o.Site], others[customerOf(o, sites[o.Site])])
	}
	return at, nil
}

// customerOf is the customer of an opportunity, or of its site.
func customerOf(o *graph.Opportunity, site *graph.Site) string {
	if o.Customer == "" && site != nil {
		return site.Customer
	}
	return o.Customer
}

func locate(o *graph.Opportunity, site *graph.Site, ofCustomer []*graph.Site) *whereabouts {
	at := &whereabouts{}
	switch {
	case site != nil:
		at.points = []graph.Point{site.Location}
	case o.Point != nil:
		at.points = []graph.Point{*o.Point}
	default:
		for _, s := range ofCustomer {
			at.points = append(at.points, s.Location)
		}
	}
	if site != nil && site.Country != "" {
		at.countries = []string{site.Country}
		return at
	}
	for _, s := range ofCustomer {
		if s.Country != "" {
			at.countries = append(at.countries, s.Country)
		}
	}
	return at
}

// sitesOf reads the sites that opportunities name.
func (l *Log) sitesOf(ctx context.Context, opportunities []*graph.Opportunity) (map[string]*graph.Site, error) {
	var ids []string
	for _, o := range opportunities {
		if o.Site != "" {
			ids = append(ids, o.Site)
		}
	}
	return readAll[*graph.Site](ctx, l.store, graph.Operator, ids)
}

// sitesOfCustomers reads the sites that customers have today.
func (l *Log) sitesOfCustomers(ctx context.Context, customers []string) (map[string][]*graph.Site, error) {
	sites := map[string][]*graph.Site{}
	today := graph.DateOf(l.clock())
	err := l.related(ctx, graph.CustomerSites, customers, func(customer string, node graph.Node) {
		if site := node.(*graph.Site); site.LiveAt(today) {
			sites[customer] = append(sites[customer], site)
		}
	})
	return sites, err
}

// related reads all that is related to parents, with the eyes of an operator.
func (l *Log) related(ctx context.Context, relation graph.Relation, parents []string, yield func(parent string, node graph.Node)) error {
	parents = distinct(parents)
	if len(parents) == 0 {
		return nil
	}
	pages, err := l.store.Related(ctx, graph.Operator, graph.RelatedQuery{Relation: relation, Parents: parents, Page: graph.PageQuery{First: nodesAtOnce}})
	if err != nil {
		return err
	}
	for i, page := range pages {
		for {
			for _, node := range page.Nodes {
				yield(parents[i], node)
			}
			if !page.HasNext {
				break
			}
			q := graph.RelatedQuery{Relation: relation, Parents: parents[i : i+1], Page: graph.PageQuery{First: nodesAtOnce, After: &page.Keys[len(page.Keys)-1]}}
			next, err := l.store.Related(ctx, graph.Operator, q)
			if err != nil {
				return err
			}
			page = next[0]
		}
	}
	return nil
}

// readAll reads the nodes of ids that a viewer may read, by id.
func readAll[N graph.Node](ctx context.Context, store graph.Reader, v graph.Viewer, ids []string) (map[string]N, error) {
	ids = distinct(ids)
	found := make(map[string]N, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var none N
	nodes, err := store.Read(ctx, v, none.Kind(), ids)
	if err != nil {
		return nil, err
	}
	for i, node := range nodes {
		if n, ok := node.(N); ok {
			found[ids[i]] = n
		}
	}
	return found, nil
}

// distinct lists texts each once, in their order.
func distinct(texts []string) []string {
	var list []string
	seen := make(map[string]bool, len(texts))
	for _, text := range texts {
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

// find looks up what a filter names, with the eyes of whoever asks; errors name its fields.
func (l *Log) find(ctx context.Context, v graph.Viewer, c *compiled) error {
	for _, named := range []struct {
		field string
		kind  graph.Kind
		id    string
	}{{"filter.competency", graph.KindCompetency, c.filter.Competency}, {"filter.region", graph.KindRegion, c.filter.Region}} {
		if named.id == "" {
			continue
		}
		if _, err := l.see(ctx, v, named.field, named.kind, named.id); err != nil {
			return err
		}
	}
	if c.filter.Near == nil {
		return nil
	}
	points, err := l.pointsOf(ctx, v, *c.filter.Near, "filter.near")
	c.points, c.cells = points, cover(points, c.filter.RadiusKm)
	return err
}

// see reads a node that must be there for a viewer.
func (l *Log) see(ctx context.Context, v graph.Viewer, field string, kind graph.Kind, id string) (graph.Node, error) {
	nodes, err := l.store.Read(ctx, v, kind, []string{id})
	if err == nil && nodes[0] == nil {
		err = graph.NotFound(field, kind, id)
	}
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// pointsOf is where a place is today.
func (l *Log) pointsOf(ctx context.Context, v graph.Viewer, p graph.Place, field string) ([]graph.Point, error) {
	switch {
	case p.Point != nil:
		return []graph.Point{*p.Point}, nil
	case p.Opportunity != "":
		return l.pointsOfOpportunity(ctx, v, p.Opportunity, field+".opportunity")
	case p.Customer != "":
		if _, err := l.see(ctx, v, field+".customer", graph.KindCustomer, p.Customer); err != nil {
			return nil, err
		}
	}
	if p.Site != "" {
		return l.pointOfSite(ctx, v, p, field+".site")
	}
	sites, err := l.sitesOfCustomers(ctx, []string{p.Customer})
	if err != nil {
		return nil, err
	}
	at := locate(&graph.Opportunity{Customer: p.Customer}, nil, sites[p.Customer])
	if len(at.points) == 0 {
		return nil, graph.Invalid(field+".customer", "the customer %q has no site: name a place", p.Customer)
	}
	return at.points, nil
}

func (l *Log) pointOfSite(ctx context.Context, v graph.Viewer, p graph.Place, field string) ([]graph.Point, error) {
	node, err := l.see(ctx, v, field, graph.KindSite, p.Site)
	if err != nil {
		return nil, err
	}
	switch site := node.(*graph.Site); {
	case p.Customer != "" && site.Customer != p.Customer:
		return nil, graph.Invalid(field, "the site %q is not one of the customer %q", p.Site, p.Customer)
	case !site.LiveAt(graph.DateOf(l.clock())):
		return nil, graph.Invalid(field, "the site %q was retired on %s: name another", p.Site, site.RetiredOn)
	default:
		return []graph.Point{site.Location}, nil
	}
}

func (l *Log) pointsOfOpportunity(ctx context.Context, v graph.Viewer, id, field string) ([]graph.Point, error) {
	node, err := l.see(ctx, v, field, graph.KindOpportunity, id)
	if err != nil {
		return nil, err
	}
	at, err := l.whereabouts(ctx, []*graph.Opportunity{node.(*graph.Opportunity)})
	if err != nil {
		return nil, err
	}
	if len(at[id].points) == 0 {
		return nil, graph.Invalid(field, "the opportunity %q has no place: name one", id)
	}
	return at[id].points, nil
}
