package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Wall answers with the wall of an id, nil where there is none that the viewer may see.
func (query) Wall(ctx context.Context, id string) (*graph.Wall, error) {
	return byID[*graph.Wall](ctx, id)
}

// Walls answers with a page of all walls, by id.
func (query) Walls(ctx context.Context, first *int, after *string, last *int, before *string) (*gql.WallConnection, error) {
	order := graph.Order{Field: graph.OrderByID}
	return walls(list(ctx, graph.ListArgs{Kind: graph.KindWall, Order: order}, slice{first, last, after, before}))
}

type wallResolver struct{}

func (wallResolver) Partner(ctx context.Context, w *graph.Wall) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, w.Partner, func(w *graph.Wall) []string { return []string{w.Partner} })
}

func (wallResolver) Customer(ctx context.Context, w *graph.Wall) (*graph.Customer, error) {
	return one[*graph.Customer](ctx, w.Customer, func(w *graph.Wall) []string { return []string{w.Customer} })
}

func (wallResolver) Competency(ctx context.Context, w *graph.Wall) (*graph.Competency, error) {
	return one[*graph.Competency](ctx, w.Competency, func(w *graph.Wall) []string { return []string{w.Competency} })
}

func (wallResolver) Partnership(ctx context.Context, w *graph.Wall) (*graph.Partnership, error) {
	return one[*graph.Partnership](ctx, w.Partnership, func(w *graph.Wall) []string { return []string{w.Partnership} })
}

// CreateWall puts up a wall.
func (m mutation) CreateWall(ctx context.Context, input gql.CreateWallInput) (*gql.WallPayload, error) {
	wall := &graph.Wall{Meta: graph.Meta{ID: given(input.ID)}, Partner: input.Partner}
	patch(input.Customer, &wall.Customer)
	patchText(input.Segment, &wall.Segment)
	patch(input.Competency, &wall.Competency)
	patch(input.Partnership, &wall.Partnership)
	return wallPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Wall], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), wall)
	})
}

// UpdateWall changes a wall.
func (m mutation) UpdateWall(ctx context.Context, input gql.UpdateWallInput) (*gql.WallPayload, error) {
	return wallPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Wall], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(wall *graph.Wall) error {
			patch(input.Customer, &wall.Customer)
			patchText(input.Segment, &wall.Segment)
			patch(input.Competency, &wall.Competency)
			patch(input.Partnership, &wall.Partnership)
			return patchRequired("partner", input.Partner, &wall.Partner)
		})
	})
}

// RetireWall takes a wall down.
func (m mutation) RetireWall(ctx context.Context, input gql.RetireWallInput) (*gql.WallPayload, error) {
	return wallPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Wall], error) {
		return graph.Retire[*graph.Wall](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func wallPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Wall], error)) (*gql.WallPayload, error) {
	wall, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.WallPayload{Wall: wall, Seq: seq}, nil
}
