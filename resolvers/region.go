package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Region answers with the region of an id, nil where there is none that the viewer may see.
func (query) Region(ctx context.Context, id string) (*graph.Region, error) {
	return byID[*graph.Region](ctx, id)
}

// Regions answers with a page of all regions, by name.
func (query) Regions(ctx context.Context, first *int, after *string, last *int, before *string) (*gql.RegionConnection, error) {
	order := graph.Order{Field: graph.OrderByName}
	return regions(list(ctx, graph.ListArgs{Kind: graph.KindRegion, Order: order}, slice{first, last, after, before}))
}

type regionResolver struct{}

func (regionResolver) Parent(ctx context.Context, r *graph.Region) (*graph.Region, error) {
	return one[*graph.Region](ctx, r.Parent, func(r *graph.Region) []string { return []string{r.Parent} })
}

func (regionResolver) Parts(ctx context.Context, r *graph.Region, first *int, after *string) (*gql.RegionConnection, error) {
	return regions(related(ctx, graph.RegionParts, r, first, after))
}
