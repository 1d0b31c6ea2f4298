package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Referral answers with the referral of an id, nil where there is none that the viewer may see.
func (query) Referral(ctx context.Context, id string) (*graph.Referral, error) {
	return byID[*graph.Referral](ctx, id)
}

// Referrals answers with a page of all referrals, by id.
func (query) Referrals(ctx context.Context, first *int, after *string, last *int, before *string) (*gql.ReferralConnection, error) {
	order := graph.Order{Field: graph.OrderByID}
	return referrals(list(ctx, graph.ListArgs{Kind: graph.KindReferral, Order: order}, slice{first, last, after, before}))
}

type referralResolver struct{}

func (referralResolver) From(ctx context.Context, r *graph.Referral) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, r.From, func(r *graph.Referral) []string { return []string{r.From} })
}

func (referralResolver) To(ctx context.Context, r *graph.Referral) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, r.To, func(r *graph.Referral) []string { return []string{r.To} })
}

func (referralResolver) Customer(ctx context.Context, r *graph.Referral) (*graph.Customer, error) {
	return one[*graph.Customer](ctx, r.Customer, func(r *graph.Referral) []string { return []string{r.Customer} })
}

func (referralResolver) Competency(ctx context.Context, r *graph.Referral) (*graph.Competency, error) {
	return one[*graph.Competency](ctx, r.Competency, func(r *graph.Referral) []string { return []string{r.Competency} })
}

func (referralResolver) Parent(ctx context.Context, r *graph.Referral) (*graph.Referral, error) {
	return one[*graph.Referral](ctx, r.Parent, func(r *graph.Referral) []string { return []string{r.Parent} })
}

func (referralResolver) Children(ctx context.Context, r *graph.Referral, first *int, after *string) (*gql.ReferralConnection, error) {
	return referrals(related(ctx, graph.ReferralChildren, r, first, after))
}
