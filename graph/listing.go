package graph

import (
	"context"
	"math"
)

// ListArgs asks for a page of a list as a client does: absent First and Last mean the first DefaultPage.
type ListArgs struct {
	Kind          Kind
	Filter        Filter
	Order         Order
	First, Last   *int
	After, Before string
	Total         bool
}

// RelatedArgs asks for a page of what is related to each of many parents.
type RelatedArgs struct {
	Relation Relation
	Parents  []string
	First    *int
	After    string
	Total    bool
}

// ListPage is a page with the cursor of every row.
type ListPage struct {
	Page
	Cursors []string
}

// List returns a page of a list, its filter validated and its ids known.
func (g *Graph) List(ctx context.Context, v Viewer, args ListArgs) (*ListPage, error) {
	if err := args.Filter.validate(args.Kind, args.Order); err != nil {
		return nil, err
	}
	question := questionDigest(v, string(args.Kind), []any{args.Filter, args.Order})
	page, err := args.page(question)
	if err != nil {
		return nil, err
	}
	query := ListQuery{Kind: args.Kind, Filter: args.Filter, Order: args.Order, Page: page}
	if query.Filter.AsOf.IsZero() {
		query.Filter.AsOf = g.Today()
	}
	found, err := g.Store.List(ctx, v, query)
	if err != nil {
		return nil, g.suggest(ctx, v, err)
	}
	return withCursors(found, question), nil
}

// Related returns a page for each of many parents.
func (g *Graph) Related(ctx context.Context, v Viewer, args RelatedArgs) ([]ListPage, error) {
	question := questionDigest(v, string(args.Relation), nil)
	page, err := ListArgs{First: args.First, After: args.After, Total: args.Total}.page(question)
	if err != nil {
		return nil, err
	}
	pages, err := g.Store.Related(ctx, v, RelatedQuery{Relation: args.Relation, Parents: args.Parents, Page: page})
	if err != nil {
		return nil, err
	}
	listed := make([]ListPage, len(pages))
	for i := range pages {
		listed[i] = *withCursors(pages[i], question)
	}
	return listed, nil
}

func withCursors(page Page, question string) *ListPage {
	listed := &ListPage{Page: page, Cursors: make([]string, len(page.Keys))}
	for i, key := range page.Keys {
		listed.Cursors[i] = cursor{Question: question, Key: key}.encode()
	}
	return listed
}

// page turns the arguments of a client into a keyset page.
func (a ListArgs) page(question string) (PageQuery, error) {
	q := PageQuery{First: DefaultPage, Total: a.Total}
	switch {
	case a.First != nil && a.Last != nil:
		return q, Invalid("last", "first and last exclude each other")
	case a.After != "" && a.Before != "":
		return q, Invalid("before", "after and before exclude each other")
	case a.Last != nil:
		if a.After != "" {
			return q, Invalid("after", "last counts back from before, not from after")
		}
		q.First, q.Last = 0, *a.Last
		if err := CheckFirst("last", *a.Last, MaxPage); err != nil {
			return q, err
		}
	case a.First != nil:
		q.First = *a.First
		if err := CheckFirst("first", *a.First, MaxPage); err != nil {
			return q, err
		}
	}
	for _, side := range []struct {
		field, text string
		key         **Key
	}{{"after", a.After, &q.After}, {"before", a.Before, &q.Before}} {
		if side.text == "" {
			continue
		}
		c, err := decodeCursor(side.field, side.text, question)
		if err != nil {
			return q, err
		}
		*side.key = &c.Key
	}
	if q.Before != nil && q.Last == 0 {
		return q, Invalid("before", "before needs last: the number of rows to take before it")
	}
	return q, nil
}

// orders are the fields by which a kind can be ordered.
var orders = map[Kind][]OrderField{
	KindPartner:     {OrderByID, OrderByName, OrderByTier, OrderByJoined},
	KindOffice:      {OrderByID, OrderByName, OrderByKm},
	KindCompetency:  {OrderByID, OrderByName},
	KindCustomer:    {OrderByID, OrderByName},
	KindSite:        {OrderByID, OrderByName, OrderByKm},
	KindSolution:    {OrderByID, OrderByName},
	KindRegion:      {OrderByID, OrderByName},
	KindOpportunity: {OrderByID, OrderByPosted},
	KindReferral:    {OrderByID, OrderBySent},
	KindPartnership: {OrderByID},
	KindWall:        {OrderByID},
	KindAPIKey:      {OrderByID},
}

// validate checks a filter as far as that needs no store.
func (f Filter) validate(kind Kind, order Order) error {
	allowed := orders[kind]
	known := false
	for _, field := range allowed {
		known = known || field == order.Field
	}
	switch {
	case !known:
		return Invalid("orderBy.field", "a list of this kind is not ordered by %s", order.Field)
	case order.Field == OrderByKm && f.Near == nil:
		return Invalid("orderBy.field", "an order by KM needs filter.near: the place to measure from")
	case f.RadiusKm != 0 && f.Near == nil:
		return Invalid("filter.radiusKm", "a radius needs filter.near: the place to measure from")
	}
	if f.RadiusKm != 0 || math.IsNaN(f.RadiusKm) {
		if err := CheckRadius("filter.radiusKm", f.RadiusKm); err != nil {
			return err
		}
	}
	if f.Near != nil {
		if err := f.Near.Validate("filter.near"); err != nil {
			return err
		}
	}
	if err := CheckTier("filter.minTier", f.MinTier); err != nil {
		return err
	}
	return CheckNeeds("filter.holds", f.Holds, MaxNeeds)
}
