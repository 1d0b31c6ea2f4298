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

type partnershipResolver struct{ *root }

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

func (partnershipResolver) Pending(ctx context.Context, p *graph.Partnership) ([]*graph.Partner, error) {
	return many[*graph.Partner](ctx, p.Pending, func(p *graph.Partnership) []string { return p.Pending })
}

// State is null for an analyst, who is told no dates.
func (r partnershipResolver) State(ctx context.Context, p *graph.Partnership) (*graph.PartnershipState, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil || viewer.Role == graph.RoleAnalyst {
		return nil, err
	}
	state := p.StateAt(r.graph.Today())
	return &state, nil
}

// ProposePartnership proposes a partnership.
func (m mutation) ProposePartnership(ctx context.Context, input gql.ProposePartnershipInput) (*gql.PartnershipPayload, error) {
	partnership := &graph.Partnership{Parties: input.Parties, Collaboration: *orElse(input.Collaboration.Value(), graph.LowCollaboration)}
	patchText(input.Kind, &partnership.Form)
	patch(input.DataSharing, &partnership.DataSharing)
	patch(input.StartsOn, &partnership.StartsOn)
	patch(input.EndsOn, &partnership.EndsOn)
	patchText(input.Sponsor, &partnership.Sponsor)
	patchText(input.Manager, &partnership.Manager)
	patchSet(input.Sites, &partnership.Sites)
	return partnershipPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partnership], error) {
		return m.graph.Propose(ctx, v, creation(ctx, input.ClientToken), partnership)
	})
}

// AnswerPartnership accepts or declines a partnership that was proposed.
func (m mutation) AnswerPartnership(ctx context.Context, input gql.AnswerPartnershipInput) (*gql.PartnershipPayload, error) {
	return partnershipPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partnership], error) {
		return m.graph.AnswerPartnership(ctx, v, graph.Answer{
			Edit: editOf("partnership", input.Partnership, input.ExpectedVersion), Party: given(input.Partner), Accept: input.Accept,
		})
	})
}

// CreatePartnership makes a partnership.
func (m mutation) CreatePartnership(ctx context.Context, input gql.CreatePartnershipInput) (*gql.PartnershipPayload, error) {
	partnership := &graph.Partnership{Meta: graph.Meta{ID: given(input.ID)}, Parties: input.Parties, Collaboration: *orElse(input.Collaboration.Value(), graph.LowCollaboration)}
	patchText(input.Kind, &partnership.Form)
	patch(input.DataSharing, &partnership.DataSharing)
	patch(input.StartsOn, &partnership.StartsOn)
	patch(input.EndsOn, &partnership.EndsOn)
	patchText(input.Sponsor, &partnership.Sponsor)
	patchText(input.Manager, &partnership.Manager)
	patchSet(input.Sites, &partnership.Sites)
	return partnershipPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partnership], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), partnership)
	})
}

// UpdatePartnership changes a partnership.
func (m mutation) UpdatePartnership(ctx context.Context, input gql.UpdatePartnershipInput) (*gql.PartnershipPayload, error) {
	return partnershipPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partnership], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(partnership *graph.Partnership) error {
			patchText(input.Kind, &partnership.Form)
			patch(input.DataSharing, &partnership.DataSharing)
			patch(input.StartsOn, &partnership.StartsOn)
			patch(input.EndsOn, &partnership.EndsOn)
			patchText(input.Sponsor, &partnership.Sponsor)
			patchText(input.Manager, &partnership.Manager)
			patchSet(input.Sites, &partnership.Sites)
			return patchRequired("collaboration", input.Collaboration, &partnership.Collaboration)
		})
	})
}

// RetirePartnership ends a partnership.
func (m mutation) RetirePartnership(ctx context.Context, input gql.RetirePartnershipInput) (*gql.PartnershipPayload, error) {
	return partnershipPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partnership], error) {
		return graph.Retire[*graph.Partnership](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func partnershipPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Partnership], error)) (*gql.PartnershipPayload, error) {
	partnership, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.PartnershipPayload{Partnership: partnership, Seq: seq}, nil
}
