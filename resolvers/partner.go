package resolvers

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

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

// CreatePartner makes a partner.
func (m mutation) CreatePartner(ctx context.Context, input gql.CreatePartnerInput) (*gql.PartnerPayload, error) {
	partner := &graph.Partner{Meta: graph.Meta{ID: given(input.ID)}, Name: graph.Normalise(input.Name), PartnerKind: graph.OtherKind, Status: graph.Active}
	patchTexts(input.Aliases, &partner.Aliases)
	patchOr(input.Kind, &partner.PartnerKind, graph.OtherKind)
	patchOr(input.Status, &partner.Status, graph.Active)
	patch(input.Tier, &partner.Tier)
	patchText(input.Website, &partner.Website)
	patchNumber(input.Employees, &partner.Employees)
	patch(input.JoinedOn, &partner.JoinedOn)
	patchNumber(input.Capacity, &partner.Capacity)
	patchTexts(input.Tags, &partner.Tags)
	patchDiscoverable(input.Discoverable, partner)
	patch(input.PartOf, &partner.PartOf)
	patch(input.ChannelManager, &partner.ChannelManager)
	return partnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partner], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), partner)
	})
}

// UpdatePartner changes a partner.
func (m mutation) UpdatePartner(ctx context.Context, input gql.UpdatePartnerInput) (*gql.PartnerPayload, error) {
	return partnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partner], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(partner *graph.Partner) error {
			patchTexts(input.Aliases, &partner.Aliases)
			patchOr(input.Kind, &partner.PartnerKind, graph.OtherKind)
			patch(input.Tier, &partner.Tier)
			patchText(input.Website, &partner.Website)
			patchNumber(input.Employees, &partner.Employees)
			patch(input.JoinedOn, &partner.JoinedOn)
			patchNumber(input.Capacity, &partner.Capacity)
			patchTexts(input.Tags, &partner.Tags)
			patchDiscoverable(input.Discoverable, partner)
			patch(input.PartOf, &partner.PartOf)
			patch(input.ChannelManager, &partner.ChannelManager)
			return anyOf(patchRequiredText("name", input.Name, &partner.Name), patchRequired("status", input.Status, &partner.Status))
		})
	})
}

// RetirePartner ends a partner.
func (m mutation) RetirePartner(ctx context.Context, input gql.RetirePartnerInput) (*gql.PartnerPayload, error) {
	return partnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partner], error) {
		return graph.Retire[*graph.Partner](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func partnerPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Partner], error)) (*gql.PartnerPayload, error) {
	partner, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.PartnerPayload{Partner: partner, Seq: seq}, nil
}

// patchDiscoverable takes over whether others find a partner; where it is cleared they do.
func patchDiscoverable(field graphql.Omittable[*bool], p *graph.Partner) {
	if field.IsSet() {
		p.Undisclosed = !*orElse(field.Value(), true)
	}
}

// ApplyAsPartner enters a partner that waits to be approved.
func (m mutation) ApplyAsPartner(ctx context.Context, input gql.ApplyAsPartnerInput) (*gql.PartnerPayload, error) {
	partner := &graph.Partner{Meta: graph.Meta{ID: given(input.ID)}, Name: graph.Normalise(input.Name), PartnerKind: graph.OtherKind}
	patchTexts(input.Aliases, &partner.Aliases)
	patchOr(input.Kind, &partner.PartnerKind, graph.OtherKind)
	patchText(input.Website, &partner.Website)
	patchNumber(input.Employees, &partner.Employees)
	patchNumber(input.Capacity, &partner.Capacity)
	patchTexts(input.Tags, &partner.Tags)
	patchDiscoverable(input.Discoverable, partner)
	return partnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partner], error) {
		return m.graph.Apply(ctx, v, creation(ctx, input.ClientToken), partner)
	})
}

// ApprovePartner lets a partner take part.
func (m mutation) ApprovePartner(ctx context.Context, input gql.ApprovePartnerInput) (*gql.PartnerPayload, error) {
	return partnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partner], error) {
		return m.graph.Approve(ctx, v, editOf("partner", input.Partner, input.ExpectedVersion))
	})
}

// SuspendPartner bars a partner for now.
func (m mutation) SuspendPartner(ctx context.Context, input gql.SuspendPartnerInput) (*gql.PartnerPayload, error) {
	return partnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Partner], error) {
		return m.graph.Suspend(ctx, v, editOf("partner", input.Partner, input.ExpectedVersion))
	})
}
