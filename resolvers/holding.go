package resolvers

import (
	"context"

	"valueweb/graph"
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
