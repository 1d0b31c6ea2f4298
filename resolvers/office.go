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

// CreateOffice makes an office.
func (m mutation) CreateOffice(ctx context.Context, input gql.CreateOfficeInput) (*gql.OfficePayload, error) {
	office := &graph.Office{Meta: graph.Meta{ID: given(input.ID)}, Partner: input.Partner, Location: *input.Location}
	patchText(input.Name, &office.Name)
	patchText(input.Address, &office.Address)
	patchText(input.City, &office.City)
	patch(input.Country, &office.Country)
	patchSet(input.Roles, &office.Roles)
	patchTexts(input.Tags, &office.Tags)
	return officePayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Office], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), office)
	})
}

// UpdateOffice changes an office.
func (m mutation) UpdateOffice(ctx context.Context, input gql.UpdateOfficeInput) (*gql.OfficePayload, error) {
	return officePayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Office], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(office *graph.Office) error {
			patchText(input.Name, &office.Name)
			patchText(input.Address, &office.Address)
			patchText(input.City, &office.City)
			patch(input.Country, &office.Country)
			patchSet(input.Roles, &office.Roles)
			patchTexts(input.Tags, &office.Tags)
			return patchRequired("location", input.Location, &office.Location)
		})
	})
}

// RetireOffice ends an office.
func (m mutation) RetireOffice(ctx context.Context, input gql.RetireOfficeInput) (*gql.OfficePayload, error) {
	return officePayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Office], error) {
		return graph.Retire[*graph.Office](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func officePayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Office], error)) (*gql.OfficePayload, error) {
	office, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.OfficePayload{Office: office, Seq: seq}, nil
}
