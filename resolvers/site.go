package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Site answers with the site of an id, nil where there is none that the viewer may see.
func (query) Site(ctx context.Context, id string) (*graph.Site, error) {
	return byID[*graph.Site](ctx, id)
}

// Sites answers with a page of the sites that a filter finds.
func (query) Sites(ctx context.Context, input *gql.SiteFilter, orderBy *gql.SiteOrder, first *int, after *string, last *int, before *string) (*gql.SiteConnection, error) {
	filter, err := siteFilter(input)
	if err != nil {
		return nil, err
	}
	order := nearestFirst(filter)
	if orderBy != nil {
		order = orderOf(orderBy.Field, orderBy.Direction)
	}
	return sites(list(ctx, graph.ListArgs{Kind: graph.KindSite, Filter: filter, Order: order}, slice{first, last, after, before}))
}

func siteFilter(input *gql.SiteFilter) (graph.Filter, error) {
	if input == nil {
		return graph.Filter{}, nil
	}
	filter := graph.Filter{
		Text:      given(input.Text),
		Customer:  given(input.Customer),
		Free:      input.Free.Value(),
		Countries: input.Countries.Value(),
		Region:    given(input.Region),
	}
	err := nearOf(&filter, input.Near.Value(), input.RadiusKm.Value())
	return filter, err
}

type siteResolver struct{}

func (siteResolver) Customer(ctx context.Context, s *graph.Site) (*graph.Customer, error) {
	return one[*graph.Customer](ctx, s.Customer, func(s *graph.Site) []string { return []string{s.Customer} })
}

// CreateSite makes a site.
func (m mutation) CreateSite(ctx context.Context, input gql.CreateSiteInput) (*gql.SitePayload, error) {
	site := &graph.Site{Meta: graph.Meta{ID: given(input.ID)}, Location: *input.Location}
	patch(input.Customer, &site.Customer)
	patchText(input.Name, &site.Name)
	patchText(input.City, &site.City)
	patch(input.Country, &site.Country)
	return sitePayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Site], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), site)
	})
}

// UpdateSite changes a site.
func (m mutation) UpdateSite(ctx context.Context, input gql.UpdateSiteInput) (*gql.SitePayload, error) {
	return sitePayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Site], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(site *graph.Site) error {
			patchText(input.Name, &site.Name)
			patchText(input.City, &site.City)
			patch(input.Country, &site.Country)
			return patchRequired("location", input.Location, &site.Location)
		})
	})
}

// RetireSite ends a site.
func (m mutation) RetireSite(ctx context.Context, input gql.RetireSiteInput) (*gql.SitePayload, error) {
	return sitePayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Site], error) {
		return graph.Retire[*graph.Site](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func sitePayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Site], error)) (*gql.SitePayload, error) {
	site, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.SitePayload{Site: site, Seq: seq}, nil
}
