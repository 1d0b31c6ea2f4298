package resolvers

import (
	"context"
	"slices"

	"valueweb/graph"
	"valueweb/internal/gql"
)

type contactResolver struct{}

func (contactResolver) Partner(ctx context.Context, c *graph.Contact) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, c.Partner, func(c *graph.Contact) []string { return []string{c.Partner} })
}

func (contactResolver) Customer(ctx context.Context, c *graph.Contact) (*graph.Customer, error) {
	return one[*graph.Customer](ctx, c.Customer, func(c *graph.Contact) []string { return []string{c.Customer} })
}

func (contactResolver) Office(ctx context.Context, c *graph.Contact) (*graph.Office, error) {
	return one[*graph.Office](ctx, c.Office, func(c *graph.Contact) []string { return []string{c.Office} })
}

func (contactResolver) Territories(ctx context.Context, c *graph.Contact) ([]*graph.Region, error) {
	return many[*graph.Region](ctx, c.Territories, func(c *graph.Contact) []string { return c.Territories })
}

// Contact is whom to write to at the candidate: the SALES contact who answers for the country of the place,
// else its first SALES contact.
func (candidateResolver) Contact(ctx context.Context, c *graph.Candidate) (*graph.Contact, error) {
	b := batchFrom(ctx)
	place := placeOf(ctx)
	l, err := b.level(ctx, place, func(l *level) error {
		partners := gather(b.above(place), []string{c.Partner}, func(c *graph.Candidate) []string { return []string{c.Partner} })
		sales, err := b.salesContacts(ctx, partners)
		if err != nil {
			return err
		}
		regions, err := b.regionsOf(ctx, c.Country, sales)
		if err != nil {
			return err
		}
		for partner, contacts := range sales {
			if contact := choose(contacts, regions); contact != nil {
				l.found[partner] = contact
				l.items = append(l.items, contact)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	contact, _ := l.found[c.Partner].(*graph.Contact)
	return contact, nil
}

// salesContacts are the SALES contacts of partners, by id.
func (b *batch) salesContacts(ctx context.Context, partners []string) (map[string][]*graph.Contact, error) {
	all := graph.MaxPage
	lists, err := b.relate(ctx, graph.RelatedArgs{Relation: graph.PartnerContacts, Parents: partners, First: &all})
	if err != nil {
		return nil, err
	}
	sales := make(map[string][]*graph.Contact, len(lists))
	for partner, list := range lists {
		for _, node := range list.Nodes {
			if contact := node.(*graph.Contact); contact.Role == graph.SalesContact && contact.LiveAt(b.graph.Today()) {
				sales[partner] = append(sales[partner], contact)
			}
		}
	}
	return sales, nil
}

// choose returns the first contact with a territory among the regions, else the first of all.
func choose(contacts []*graph.Contact, regions map[string]bool) *graph.Contact {
	for _, contact := range contacts {
		for _, territory := range contact.Territories {
			if regions[territory] {
				return contact
			}
		}
	}
	if len(contacts) == 0 {
		return nil
	}
	return contacts[0]
}

// regionsOf are the regions that hold a country, by themselves or through a region nested in them. They
// are read only where some contact has a territory.
func (b *batch) regionsOf(ctx context.Context, country string, sales map[string][]*graph.Contact) (map[string]bool, error) {
	territories := false
	for _, contacts := range sales {
		for _, contact := range contacts {
			territories = territories || len(contact.Territories) > 0
		}
	}
	if !territories || country == "" {
		return nil, nil
	}
	regions, err := b.regions(ctx)
	if err != nil {
		return nil, err
	}
	holding := map[string]bool{}
	for _, region := range regions {
		if slices.Contains(region.Countries, country) {
			for at := region; at != nil && !holding[at.ID]; at = regions[at.Parent] {
				holding[at.ID] = true
			}
		}
	}
	return holding, nil
}

// regions reads all regions: there are tens of them, a thousand a call.
func (b *batch) regions(ctx context.Context) (map[string]*graph.Region, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	all := graph.MaxPage
	args := graph.ListArgs{Kind: graph.KindRegion, Order: graph.Order{Field: graph.OrderByID}, First: &all}
	regions := map[string]*graph.Region{}
	for {
		page, err := b.graph.List(ctx, viewer, args)
		if err != nil {
			return nil, err
		}
		for _, node := range page.Nodes {
			region := node.(*graph.Region)
			regions[region.ID] = region
		}
		if !page.HasNext {
			return regions, nil
		}
		args.After = page.Cursors[len(page.Cursors)-1]
	}
}

// CreateContact makes a contact.
func (m mutation) CreateContact(ctx context.Context, input gql.CreateContactInput) (*gql.ContactPayload, error) {
	contact := &graph.Contact{Meta: graph.Meta{ID: given(input.ID)}, Name: graph.Normalise(input.Name)}
	patch(input.Partner, &contact.Partner)
	patch(input.Customer, &contact.Customer)
	patch(input.Office, &contact.Office)
	patchText(input.Email, &contact.Email)
	patchText(input.Phone, &contact.Phone)
	patch(input.Role, &contact.Role)
	patchSet(input.Territories, &contact.Territories)
	return contactPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Contact], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), contact)
	})
}

// UpdateContact changes a contact.
func (m mutation) UpdateContact(ctx context.Context, input gql.UpdateContactInput) (*gql.ContactPayload, error) {
	return contactPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Contact], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(contact *graph.Contact) error {
			patch(input.Office, &contact.Office)
			patchText(input.Email, &contact.Email)
			patchText(input.Phone, &contact.Phone)
			patch(input.Role, &contact.Role)
			patchSet(input.Territories, &contact.Territories)
			return patchRequiredText("name", input.Name, &contact.Name)
		})
	})
}

// RetireContact ends a contact.
func (m mutation) RetireContact(ctx context.Context, input gql.RetireContactInput) (*gql.ContactPayload, error) {
	return contactPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Contact], error) {
		return graph.Retire[*graph.Contact](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func contactPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Contact], error)) (*gql.ContactPayload, error) {
	contact, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.ContactPayload{Contact: contact, Seq: seq}, nil
}
