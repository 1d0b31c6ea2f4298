package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/internal/gql"
)

type holdingResolver struct{}

func (holdingResolver) Partner(ctx context.Context, h *graph.Holding) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, h.Partner, func(h *graph.Holding) []string { return []string{h.Partner} })
}

func (holdingResolver) Competency(ctx context.Context, h *graph.Holding) (*graph.Competency, error) {
	return one[*graph.Competency](ctx, h.Competency, func(h *graph.Holding) []string { return []string{h.Competency} })
}

func (holdingResolver) Office(ctx context.Context, h *graph.Holding) (*graph.Office, error) {
	return one[*graph.Office](ctx, h.Office, func(h *graph.Holding) []string { return []string{h.Office} })
}

// CreateHolding makes a holding.
func (m mutation) CreateHolding(ctx context.Context, input gql.CreateHoldingInput) (*gql.HoldingPayload, error) {
	holding := &graph.Holding{Partner: input.Partner, Competency: input.Competency}
	patch(input.Office, &holding.Office)
	patch(input.Since, &holding.Since)
	patch(input.Until, &holding.Until)
	patch(input.Remote, &holding.Remote)
	patchTexts(input.Offers, &holding.Offers)
	if err := patchLevel(input.Level, &holding.Level); err != nil {
		return nil, err
	}
	return holdingPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Holding], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), holding)
	})
}

// UpdateHolding changes a holding.
func (m mutation) UpdateHolding(ctx context.Context, input gql.UpdateHoldingInput) (*gql.HoldingPayload, error) {
	return holdingPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Holding], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(holding *graph.Holding) error {
			patch(input.Since, &holding.Since)
			patch(input.Until, &holding.Until)
			patch(input.Remote, &holding.Remote)
			patchTexts(input.Offers, &holding.Offers)
			return patchLevel(input.Level, &holding.Level)
		})
	})
}

// RetireHolding ends a holding.
func (m mutation) RetireHolding(ctx context.Context, input gql.RetireHoldingInput) (*gql.HoldingPayload, error) {
	return holdingPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Holding], error) {
		return graph.Retire[*graph.Holding](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func holdingPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Holding], error)) (*gql.HoldingPayload, error) {
	holding, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.HoldingPayload{Holding: holding, Seq: seq}, nil
}

// patchLevel takes over a level; null is none stated, and so is no number.
func patchLevel(field graphql.Omittable[*int], to *int) error {
	if level := field.Value(); level != nil && *level == 0 {
		return graph.Invalid("input.level", "level 0 is not between 1 and %d", graph.MaxLevel)
	}
	patch(field, to)
	return nil
}
