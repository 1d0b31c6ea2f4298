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

// CreateRegion makes a region.
func (m mutation) CreateRegion(ctx context.Context, input gql.CreateRegionInput) (*gql.RegionPayload, error) {
	region := &graph.Region{Meta: graph.Meta{ID: given(input.ID)}, Name: graph.Normalise(input.Name)}
	patchSet(input.Countries, &region.Countries)
	patch(input.Parent, &region.Parent)
	return regionPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Region], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), region)
	})
}

// UpdateRegion changes a region.
func (m mutation) UpdateRegion(ctx context.Context, input gql.UpdateRegionInput) (*gql.RegionPayload, error) {
	return regionPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Region], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(region *graph.Region) error {
			patchSet(input.Countries, &region.Countries)
			patch(input.Parent, &region.Parent)
			return patchRequiredText("name", input.Name, &region.Name)
		})
	})
}

// RetireRegion ends a region.
func (m mutation) RetireRegion(ctx context.Context, input gql.RetireRegionInput) (*gql.RegionPayload, error) {
	return regionPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Region], error) {
		return graph.Retire[*graph.Region](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func regionPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Region], error)) (*gql.RegionPayload, error) {
	region, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.RegionPayload{Region: region, Seq: seq}, nil
}
