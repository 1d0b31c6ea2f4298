package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Partnership answers with the partnership of an id, nil where there is none that the viewer may see.
func (query) Partnership(ctx context.Context, id string) (*graph.Partnership, error) {
	return byID[*graph.Partnership](ctx, id)
}

// Partnerships answers with a page of all partnerships, by id.
func (query) Partnerships(ctx context.Context, first *int, after *string, last *int, before *string) (*gql.PartnershipConnection, error) {
	order := graph.Order{Field: graph.OrderByID}
	return partnerships(list(ctx, graph.ListArgs{Kind: graph.KindPartnership, Order: order}, slice{first, last, after, before}))
}

type partnershipResolver struct{}

func (partnershipResolver) Parties(ctx context.Context, p *graph.Partnership) ([]*graph.Partner, error) {
	return many[*graph.Partner](ctx, p.Parties, func(p *graph.Partnership) []string { return p.Parties })
}

// DataSharing is null for an analyst, who is told how closely the parties work together and no terms.
func (partnershipResolver) DataSharing(ctx context.Context, p *graph.Partnership) (*graph.DataSharing, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil || viewer.Role == graph.RoleAnalyst {
		return nil, err
	}
	sharing := p.Sharing()
	return &sharing, nil
}

func (partnershipResolver) Sites(ctx context.Context, p *graph.Partnership) ([]*graph.Site, error) {
	return many[*graph.Site](ctx, p.Sites, func(p *graph.Partnership) []string { return p.Sites })
}
