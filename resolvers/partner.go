package resolvers

import (
	"context"
	"errors"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Partner answers with the partner of an id, nil where there is none that the viewer may see.
func (query) Partner(ctx context.Context, id string) (*graph.Partner, error) {
	return byID[*graph.Partner](ctx, id)
}

// Partners answers with a page of the partners that a filter finds.
func (query) Partners(ctx context.Context, input *gql.PartnerFilter, orderBy *gql.PartnerOrder, first *int, after *string, last *int, before *string) (*gql.PartnerConnection, error) {
	filter, err := partnerFilter(input)
	if err != nil {
		return nil, err
	}
	order := graph.Order{Field: graph.OrderByName}
	if orderBy != nil {
		order = orderOf(orderBy.Field, orderBy.Direction)
	}
	return partners(list(ctx, graph.ListArgs{Kind: graph.KindPartner, Filter: filter, Order: order}, slice{first, last, after, before}))
}

func partnerFilter(input *gql.PartnerFilter) (graph.Filter, error) {
	if input == nil {
		return graph.Filter{}, nil
	}
	filter := graph.Filter{
		Text:      given(input.Text),
		Kinds:     input.Kinds.Value(),
		Statuses:  input.Statuses.Value(),
		MinTier:   given(input.MinTier),
		Holds:     needsOf(input.Holds.Value()),
		Certified: given(input.CertifiedIn),
		Scheme:    given(input.Scheme),
		Region:    given(input.Region),
		Countries: input.Countries.Value(),
		Tags:      input.Tags.Value(),
		HasOffice: input.HasOffice.Value(),
	}
	err := errors.Join(
		known("filter.kinds", filter.Kinds, graph.PartnerKinds),
		known("filter.statuses", filter.Statuses, graph.PartnerStatuses),
		nearOf(&filter, input.Near.Value(), input.RadiusKm.Value()),
	)
	return filter, err
}

type partnerResolver struct{}

func (partnerResolver) PartOf(ctx context.Context, p *graph.Partner) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, p.PartOf, func(p *graph.Partner) []string { return []string{p.PartOf} })
}

func (partnerResolver) ChannelManager(ctx context.Context, p *graph.Partner) (*graph.Contact, error) {
	return one[*graph.Contact](ctx, p.ChannelManager, func(p *graph.Partner) []string { return []string{p.ChannelManager} })
}

func (partnerResolver) Offices(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.OfficeConnection, error) {
	return offices(related(ctx, graph.PartnerOffices, p, first, after))
}

func (partnerResolver) Units(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.PartnerConnection, error) {
	return partners(related(ctx, graph.PartnerUnits, p, first, after))
}

func (partnerResolver) Holdings(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.HoldingConnection, error) {
	return holdings(related(ctx, graph.PartnerHoldings, p, first, after))
}

func (partnerResolver) Certifications(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.CertificationConnection, error) {
	return certifications(related(ctx, graph.PartnerCertifications, p, first, after))
}

func (partnerResolver) Contacts(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.ContactConnection, error) {
	return contacts(related(ctx, graph.PartnerContacts, p, first, after))
}

func (partnerResolver) Customers(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.CustomerPartnerConnection, error) {
	return customerPartners(related(ctx, graph.PartnerCustomers, p, first, after))
}

func (partnerResolver) Solutions(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.SolutionConnection, error) {
	return solutions(related(ctx, graph.PartnerSolutions, p, first, after))
}

func (partnerResolver) Partnerships(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.PartnershipConnection, error) {
	return partnerships(related(ctx, graph.PartnerPartnerships, p, first, after))
}

func (partnerResolver) ReferralsSent(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.ReferralConnection, error) {
	return referrals(related(ctx, graph.PartnerSent, p, first, after))
}

func (partnerResolver) ReferralsReceived(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.ReferralConnection, error) {
	return referrals(related(ctx, graph.PartnerReceived, p, first, after))
}

func (partnerResolver) Opportunities(ctx context.Context, p *graph.Partner, first *int, after *string) (*gql.OpportunityConnection, error) {
	return opportunities(related(ctx, graph.PartnerOpportunities, p, first, after))
}
