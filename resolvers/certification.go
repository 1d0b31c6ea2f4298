package resolvers

import (
	"context"

	"valueweb/graph"
)

type certificationResolver struct{}

func (certificationResolver) Partner(ctx context.Context, c *graph.Certification) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, c.Partner, func(c *graph.Certification) []string { return []string{c.Partner} })
}

func (certificationResolver) Competency(ctx context.Context, c *graph.Certification) (*graph.Competency, error) {
	return one[*graph.Competency](ctx, c.Competency, func(c *graph.Certification) []string { return []string{c.Competency} })
}

func (certificationResolver) Office(ctx context.Context, c *graph.Certification) (*graph.Office, error) {
	return one[*graph.Office](ctx, c.Office, func(c *graph.Certification) []string { return []string{c.Office} })
}
