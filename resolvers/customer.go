package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Customer answers with the customer of an id, nil where there is none that the viewer may see.
func (query) Customer(ctx context.Context, id string) (*graph.Customer, error) {
	return byID[*graph.Customer](ctx, id)
}

// Customers answers with a page of the customers that a filter finds.
func (query) Customers(ctx context.Context, input *gql.CustomerFilter, orderBy *gql.CustomerOrder, first *int, after *string, last *int, before *string) (*gql.CustomerConnection, error) {
	filter, err := customerFilter(input)
	if err != nil {
		return nil, err
	}
	order := graph.Order{Field: graph.OrderByName}
	if orderBy != nil {
		order = orderOf(orderBy.Field, orderBy.Direction)
	}
	return customers(list(ctx, graph.ListArgs{Kind: graph.KindCustomer, Filter: filter, Order: order}, slice{first, last, after, before}))
}

func customerFilter(input *gql.CustomerFilter) (graph.Filter, error) {
	if input == nil {
		return graph.Filter{}, nil
	}
	filter := graph.Filter{
		Text:      given(input.Text),
		Segments:  input.Segments.Value(),
		Industry:  input.Industries.Value(),
		Countries: input.Countries.Value(),
		Region:    given(input.Region),
		Partner:   given(input.Partner),
	}
	err := nearOf(&filter, input.Near.Value(), input.RadiusKm.Value())
	return filter, err
}

type customerResolver struct{}

func (customerResolver) Sites(ctx context.Context, c *graph.Customer, first *int, after *string) (*gql.SiteConnection, error) {
	return sites(related(ctx, graph.CustomerSites, c, first, after))
}

func (customerResolver) Contacts(ctx context.Context, c *graph.Customer, first *int, after *string) (*gql.ContactConnection, error) {
	return contacts(related(ctx, graph.CustomerContacts, c, first, after))
}

func (customerResolver) Partners(ctx context.Context, c *graph.Customer, first *int, after *string) (*gql.CustomerPartnerConnection, error) {
	return customerPartners(related(ctx, graph.CustomerPartners, c, first, after))
}

func (customerResolver) Opportunities(ctx context.Context, c *graph.Customer, first *int, after *string) (*gql.OpportunityConnection, error) {
	return opportunities(related(ctx, graph.CustomerOpportunities, c, first, after))
}

func (customerResolver) Referrals(ctx context.Context, c *graph.Customer, first *int, after *string) (*gql.ReferralConnection, error) {
	return referrals(related(ctx, graph.CustomerReferrals, c, first, after))
}

// CreateCustomer makes a customer.
func (m mutation) CreateCustomer(ctx context.Context, input gql.CreateCustomerInput) (*gql.CustomerPayload, error) {
	customer := &graph.Customer{Meta: graph.Meta{ID: given(input.ID)}, Name: graph.Normalise(input.Name)}
	patchText(input.Segment, &customer.Segment)
	patchText(input.Industry, &customer.Industry)
	patch(input.Consent, &customer.Consent)
	return customerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Customer], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), customer)
	})
}

// UpdateCustomer changes a customer.
func (m mutation) UpdateCustomer(ctx context.Context, input gql.UpdateCustomerInput) (*gql.CustomerPayload, error) {
	return customerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Customer], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(customer *graph.Customer) error {
			patchText(input.Segment, &customer.Segment)
			patchText(input.Industry, &customer.Industry)
			patch(input.Consent, &customer.Consent)
			return patchRequiredText("name", input.Name, &customer.Name)
		})
	})
}

// RetireCustomer ends a customer.
func (m mutation) RetireCustomer(ctx context.Context, input gql.RetireCustomerInput) (*gql.CustomerPayload, error) {
	return customerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Customer], error) {
		return graph.Retire[*graph.Customer](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func customerPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Customer], error)) (*gql.CustomerPayload, error) {
	customer, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	if graphql.FieldRequested(ctx, "customer") {
		batchFrom(ctx).handOut(customer)
	}
	return &gql.CustomerPayload{Customer: customer, Seq: seq}, nil
}
