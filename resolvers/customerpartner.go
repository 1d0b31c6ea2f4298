package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

type customerPartnerResolver struct{}

func (customerPartnerResolver) Partner(ctx context.Context, c *graph.CustomerPartner) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, c.Partner, func(c *graph.CustomerPartner) []string { return []string{c.Partner} })
}

func (customerPartnerResolver) Customer(ctx context.Context, c *graph.CustomerPartner) (*graph.Customer, error) {
	return one[*graph.Customer](ctx, c.Customer, func(c *graph.CustomerPartner) []string { return []string{c.Customer} })
}

// CreateCustomerPartner gives a partner a role for a customer.
func (m mutation) CreateCustomerPartner(ctx context.Context, input gql.CreateCustomerPartnerInput) (*gql.CustomerPartnerPayload, error) {
	row := &graph.CustomerPartner{Customer: input.Customer, Partner: input.Partner, Role: input.Role}
	patch(input.Since, &row.Since)
	patch(input.Until, &row.Until)
	return customerPartnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.CustomerPartner], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), row)
	})
}

// UpdateCustomerPartner changes the role of a partner for a customer.
func (m mutation) UpdateCustomerPartner(ctx context.Context, input gql.UpdateCustomerPartnerInput) (*gql.CustomerPartnerPayload, error) {
	return customerPartnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.CustomerPartner], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(row *graph.CustomerPartner) error {
			patch(input.Since, &row.Since)
			patch(input.Until, &row.Until)
			return patchRequired("role", input.Role, &row.Role)
		})
	})
}

// RetireCustomerPartner takes the role of a partner for a customer away.
func (m mutation) RetireCustomerPartner(ctx context.Context, input gql.RetireCustomerPartnerInput) (*gql.CustomerPartnerPayload, error) {
	return customerPartnerPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.CustomerPartner], error) {
		return graph.Retire[*graph.CustomerPartner](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func customerPartnerPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.CustomerPartner], error)) (*gql.CustomerPartnerPayload, error) {
	row, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.CustomerPartnerPayload{CustomerPartner: row, Seq: seq}, nil
}
