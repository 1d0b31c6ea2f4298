package resolvers

import (
	"context"
	"errors"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Office answers with the office of an id, nil where there is none that the viewer may see.
func (query) Office(ctx context.Context, id string) (*graph.Office, error) {
	return byID[*graph.Office](ctx, id)
}

// Offices answers with a page of the offices that a filter finds.
func (query) Offices(ctx context.Context, input *gql.OfficeFilter, orderBy *gql.OfficeOrder, first *int, after *string, last *int, before *string) (*gql.OfficeConnection, error) {
	filter, err := officeFilter(input)
	if err != nil {
		return nil, err
	}
	order := nearestFirst(filter)
	if orderBy != nil {
		order = orderOf(orderBy.Field, orderBy.Direction)
	}
	return offices(list(ctx, graph.ListArgs{Kind: graph.KindOffice, Filter: filter, Order: order}, slice{first, last, after, before}))
}

func officeFilter(input *gql.OfficeFilter) (graph.Filter, error) {
	if input == nil {
		return graph.Filter{}, nil
	}
	filter := graph.Filter{
		Text:      given(input.Text),
		Partner:   given(input.Partner),
		Countries: input.Countries.Value(),
		Region:    given(input.Region),
		Roles:     input.Roles.Value(),
		Tags:      input.Tags.Value(),
		Holds:     needsOf(input.Holds.Value()),
	}
	err := errors.Join(
		known("filter.roles", filter.Roles, graph.OfficeRoles),
		nearOf(&filter, input.Near.Value(), input.RadiusKm.Value()),
	)
	return filter, err
}

type officeResolver struct{}

func (officeResolver) Partner(ctx context.Context, o *graph.Office) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, o.Partner, func(o *graph.Office) []string { return []string{o.Partner} })
}

func (officeResolver) Holdings(ctx context.Context, o *graph.Office, first *int, after *string) (*gql.HoldingConnection, error) {
	return holdings(related(ctx, graph.OfficeHoldings, o, first, after))
}

func (officeResolver) Contacts(ctx context.Context, o *graph.Office, first *int, after *string) (*gql.ContactConnection, error) {
	return contacts(related(ctx, graph.OfficeContacts, o, first, after))
}
