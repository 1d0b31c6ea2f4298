package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Competency answers with the competency of an id, nil where there is none that the viewer may see.
func (query) Competency(ctx context.Context, id string) (*graph.Competency, error) {
	return byID[*graph.Competency](ctx, id)
}

// Competencies answers with a page of the competencies that a filter finds.
func (query) Competencies(ctx context.Context, input *gql.CompetencyFilter, orderBy *gql.CompetencyOrder, first *int, after *string, last *int, before *string) (*gql.CompetencyConnection, error) {
	filter, err := competencyFilter(input)
	if err != nil {
		return nil, err
	}
	order := graph.Order{Field: graph.OrderByName}
	if orderBy != nil {
		order = orderOf(orderBy.Field, orderBy.Direction)
	}
	return competencies(list(ctx, graph.ListArgs{Kind: graph.KindCompetency, Filter: filter, Order: order}, slice{first, last, after, before}))
}

func competencyFilter(input *gql.CompetencyFilter) (graph.Filter, error) {
	if input == nil {
		return graph.Filter{}, nil
	}
	return graph.Filter{Text: given(input.Text), Within: given(input.Within), Roots: input.Roots.Value()}, nil
}

type competencyResolver struct{}

func (competencyResolver) Broader(ctx context.Context, c *graph.Competency) ([]*graph.Competency, error) {
	return many[*graph.Competency](ctx, c.Broader, func(c *graph.Competency) []string { return c.Broader })
}

func (competencyResolver) Related(ctx context.Context, c *graph.Competency) ([]*graph.Competency, error) {
	return many[*graph.Competency](ctx, c.Related, func(c *graph.Competency) []string { return c.Related })
}

func (competencyResolver) Narrower(ctx context.Context, c *graph.Competency, first *int, after *string) (*gql.CompetencyConnection, error) {
	return competencies(related(ctx, graph.CompetencyNarrower, c, first, after))
}

func (competencyResolver) Holdings(ctx context.Context, c *graph.Competency, first *int, after *string) (*gql.HoldingConnection, error) {
	return holdings(related(ctx, graph.CompetencyHoldings, c, first, after))
}

func (competencyResolver) Certifications(ctx context.Context, c *graph.Competency, first *int, after *string) (*gql.CertificationConnection, error) {
	return certifications(related(ctx, graph.CompetencyCertified, c, first, after))
}

func (competencyResolver) Solutions(ctx context.Context, c *graph.Competency, first *int, after *string) (*gql.SolutionConnection, error) {
	return solutions(related(ctx, graph.CompetencySolutions, c, first, after))
}

// CreateCompetency makes a competency.
func (m mutation) CreateCompetency(ctx context.Context, input gql.CreateCompetencyInput) (*gql.CompetencyPayload, error) {
	competency := &graph.Competency{Meta: graph.Meta{ID: given(input.ID)}, Name: graph.Normalise(input.Name)}
	patchTexts(input.Aliases, &competency.Aliases)
	patchText(input.Description, &competency.Description)
	patchSet(input.Broader, &competency.Broader)
	patchSet(input.Related, &competency.Related)
	return competencyPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Competency], error) {
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), competency)
	})
}

// UpdateCompetency changes a competency.
func (m mutation) UpdateCompetency(ctx context.Context, input gql.UpdateCompetencyInput) (*gql.CompetencyPayload, error) {
	return competencyPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Competency], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(competency *graph.Competency) error {
			patchTexts(input.Aliases, &competency.Aliases)
			patchText(input.Description, &competency.Description)
			patchSet(input.Broader, &competency.Broader)
			patchSet(input.Related, &competency.Related)
			return patchRequiredText("name", input.Name, &competency.Name)
		})
	})
}

// RetireCompetency ends a competency.
func (m mutation) RetireCompetency(ctx context.Context, input gql.RetireCompetencyInput) (*gql.CompetencyPayload, error) {
	return competencyPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Competency], error) {
		return graph.Retire[*graph.Competency](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func competencyPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Competency], error)) (*gql.CompetencyPayload, error) {
	competency, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.CompetencyPayload{Competency: competency, Seq: seq}, nil
}
