package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Opportunity answers with the opportunity of an id, nil where there is none that the viewer may see.
func (query) Opportunity(ctx context.Context, id string) (*graph.Opportunity, error) {
	return byID[*graph.Opportunity](ctx, id)
}

// Opportunities answers with a page of all opportunities, by id.
func (query) Opportunities(ctx context.Context, first *int, after *string, last *int, before *string) (*gql.OpportunityConnection, error) {
	order := graph.Order{Field: graph.OrderByID}
	return opportunities(list(ctx, graph.ListArgs{Kind: graph.KindOpportunity, Order: order}, slice{first, last, after, before}))
}

type opportunityResolver struct{}

func (opportunityResolver) Customer(ctx context.Context, o *graph.Opportunity) (*graph.Customer, error) {
	return one[*graph.Customer](ctx, o.Customer, func(o *graph.Opportunity) []string { return []string{o.Customer} })
}

func (opportunityResolver) Site(ctx context.Context, o *graph.Opportunity) (*graph.Site, error) {
	return one[*graph.Site](ctx, o.Site, func(o *graph.Opportunity) []string { return []string{o.Site} })
}

func (opportunityResolver) Owner(ctx context.Context, o *graph.Opportunity) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, o.Owner, func(o *graph.Opportunity) []string { return []string{o.Owner} })
}

func (opportunityResolver) Lead(ctx context.Context, o *graph.Opportunity) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, o.Lead, func(o *graph.Opportunity) []string { return []string{o.Lead} })
}

func (opportunityResolver) Members(ctx context.Context, o *graph.Opportunity) ([]*graph.Partner, error) {
	return many[*graph.Partner](ctx, o.Members, func(o *graph.Opportunity) []string { return o.Members })
}

func (opportunityResolver) Declined(ctx context.Context, o *graph.Opportunity) ([]*graph.Partner, error) {
	return many[*graph.Partner](ctx, o.Declined, func(o *graph.Opportunity) []string { return o.Declined })
}

func (opportunityResolver) SharedIn(ctx context.Context, o *graph.Opportunity) ([]*graph.Partnership, error) {
	return many[*graph.Partnership](ctx, o.SharedIn, func(o *graph.Opportunity) []string { return o.SharedIn })
}

func (opportunityResolver) TransferTo(ctx context.Context, o *graph.Opportunity) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, o.TransferTo, func(o *graph.Opportunity) []string { return []string{o.TransferTo} })
}

func (opportunityResolver) Invitations(ctx context.Context, o *graph.Opportunity, first *int, after *string) (*gql.InvitationConnection, error) {
	return invitations(related(ctx, graph.OpportunityInvitations, o, first, after))
}

type needResolver struct{}

func (needResolver) Competency(ctx context.Context, n *graph.Need) (*graph.Competency, error) {
	return one[*graph.Competency](ctx, n.Competency, func(o *graph.Opportunity) []string {
		ids := make([]string, len(o.Needs))
		for i, need := range o.Needs {
			ids[i] = need.Competency
		}
		return ids
	})
}

type audienceResolver struct{}

func (audienceResolver) Partners(ctx context.Context, a *graph.Audience) ([]*graph.Partner, error) {
	return many[*graph.Partner](ctx, a.Partners, func(o *graph.Opportunity) []string { return o.Audience.Partners })
}

func (audienceResolver) Competencies(ctx context.Context, a *graph.Audience) ([]*graph.Competency, error) {
	return many[*graph.Competency](ctx, a.Competencies, func(o *graph.Opportunity) []string { return o.Audience.Competencies })
}

func (audienceResolver) Region(ctx context.Context, a *graph.Audience) (*graph.Region, error) {
	return one[*graph.Region](ctx, a.Region, func(o *graph.Opportunity) []string { return []string{o.Audience.Region} })
}

type invitationResolver struct{}

func (invitationResolver) Opportunity(ctx context.Context, i *graph.Invitation) (*graph.Opportunity, error) {
	return one[*graph.Opportunity](ctx, i.Opportunity, func(i *graph.Invitation) []string { return []string{i.Opportunity} })
}

func (invitationResolver) Partner(ctx context.Context, i *graph.Invitation) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, i.Partner, func(i *graph.Invitation) []string { return []string{i.Partner} })
}
