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

// SendReferral introduces a customer to a partner.
func (m mutation) SendReferral(ctx context.Context, input gql.SendReferralInput) (*gql.ReferralPayload, error) {
	introduction := graph.Introduction{
		From: given(input.From), To: input.To, Customer: given(input.Customer), Competency: given(input.Competency), Value: input.Value.Value(),
	}
	return referralPayload(ctx, func(v graph.Viewer) (graph.ReferralChanged, error) {
		return m.graph.SendReferral(ctx, v, creation(ctx, input.ClientToken), introduction)
	})
}

// AnswerReferral takes a referral up, or turns it down.
func (m mutation) AnswerReferral(ctx context.Context, input gql.AnswerReferralInput) (*gql.ReferralPayload, error) {
	return referralPayload(ctx, func(v graph.Viewer) (graph.ReferralChanged, error) {
		return m.graph.AnswerReferral(ctx, v, edit(input.Referral, input.ExpectedVersion), input.Accept)
	})
}

// ForwardReferral passes a referral on.
func (m mutation) ForwardReferral(ctx context.Context, input gql.ForwardReferralInput) (*gql.ReferralPayload, error) {
	introduction := graph.Introduction{To: input.To, Competency: given(input.Competency), Value: input.Value.Value()}
	return referralPayload(ctx, func(v graph.Viewer) (graph.ReferralChanged, error) {
		return m.graph.ForwardReferral(ctx, v, creation(ctx, input.ClientToken), edit(input.Referral, input.ExpectedVersion), introduction)
	})
}

// CloseReferral closes a referral, and those that it passes on.
func (m mutation) CloseReferral(ctx context.Context, input gql.CloseReferralInput) (*gql.ReferralPayload, error) {
	outcome := graph.Outcome{State: input.Outcome, Value: input.Value.Value(), Revalue: input.Value.IsSet()}
	return referralPayload(ctx, func(v graph.Viewer) (graph.ReferralChanged, error) {
		return m.graph.CloseReferral(ctx, v, edit(input.Referral, input.ExpectedVersion), outcome)
	})
}

func referralPayload(ctx context.Context, change func(graph.Viewer) (graph.ReferralChanged, error)) (*gql.ReferralPayload, error) {
	var done graph.ReferralChanged
	referral, seq, err := changed(ctx, func(v graph.Viewer) (graph.Changed[*graph.Referral], error) {
		var err error
		done, err = change(v)
		return done.Changed, err
	})
	if err != nil {
		return nil, err
	}
	return &gql.ReferralPayload{Referral: referral, Child: done.Child, Seq: seq}, nil
}
