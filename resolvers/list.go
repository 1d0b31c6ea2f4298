package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// slice are the arguments that choose a page of a plain list.
type slice struct {
	first, last   *int
	after, before *string
}

// list answers a root field that lists nodes.
func list(ctx context.Context, args graph.ListArgs, page slice) (*graph.ListPage, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	args.First, args.Last = page.first, page.last
	args.After, args.Before = stated(page.after), stated(page.before)
	args.Total = graphql.FieldRequested(ctx, "totalCount")
	return rooted(ctx, func(l *level) (*graph.ListPage, error) {
		b := batchFrom(ctx)
		found, err := b.graph.List(ctx, viewer, args)
		if err != nil {
			return nil, err
		}
		if args.Filter.Near == nil {
			found.Km = nil // there is no place that a distance could be measured from
		}
		b.learn(found.Nodes)
		l.add(found.Nodes)
		if graphql.AnyFieldRequested(ctx, "nodes", "edges.node") {
			b.handOut(found.Nodes...)
		}
		return found, nil
	})
}

func orderOf(field graph.OrderField, direction graphql.Omittable[*gql.OrderDirection]) graph.Order {
	return graph.Order{Field: field, Descending: given(direction) == gql.OrderDirectionDesc}
}

// nearestFirst is the order of places that a client did not order: by distance where one is measured.
func nearestFirst(filter graph.Filter) graph.Order {
	if filter.Near != nil {
		return graph.Order{Field: graph.OrderByKm}
	}
	return graph.Order{Field: graph.OrderByName}
}

// nearOf reads the place and the radius of a filter. A radius of 0 kilometres is refused here, because the
// domain reads it as any distance.
func nearOf(filter *graph.Filter, near *gql.PlaceInput, radiusKm *float64) error {
	if near != nil {
		place := placeInput(near)
		filter.Near = &place
	}
	if radiusKm == nil {
		return nil
	}
	filter.RadiusKm = *radiusKm
	return graph.CheckRadius("filter.radiusKm", *radiusKm)
}
