package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Solution answers with the solution of an id, nil where there is none that the viewer may see.
func (query) Solution(ctx context.Context, id string) (*graph.Solution, error) {
	return byID[*graph.Solution](ctx, id)
}

// Solutions answers with a page of all solutions, by name.
func (query) Solutions(ctx context.Context, first *int, after *string, last *int, before *string) (*gql.SolutionConnection, error) {
	order := graph.Order{Field: graph.OrderByName}
	return solutions(list(ctx, graph.ListArgs{Kind: graph.KindSolution, Order: order}, slice{first, last, after, before}))
}

type solutionResolver struct{}

func (solutionResolver) Partners(ctx context.Context, s *graph.Solution) ([]*graph.Partner, error) {
	return many[*graph.Partner](ctx, s.Partners, func(s *graph.Solution) []string { return s.Partners })
}

func (solutionResolver) Competencies(ctx context.Context, s *graph.Solution) ([]*graph.Competency, error) {
	return many[*graph.Competency](ctx, s.Competencies, func(s *graph.Solution) []string { return s.Competencies })
}

func (solutionResolver) BuildsOn(ctx context.Context, s *graph.Solution) ([]*graph.Solution, error) {
	return many[*graph.Solution](ctx, s.BuildsOn, func(s *graph.Solution) []string { return s.BuildsOn })
}

func (solutionResolver) UsedBy(ctx context.Context, s *graph.Solution, first *int, after *string) (*gql.SolutionConnection, error) {
	return solutions(related(ctx, graph.SolutionUsedBy, s, first, after))
}

// CreateSolution makes a solution.
func (m mutation) CreateSolution(ctx context.Context, input gql.CreateSolutionInput) (*gql.SolutionPayload, error) {
	solution := &graph.Solution{Meta: graph.Meta{ID: given(input.ID)}, Name: graph.Normalise(input.Name)}
	patchSet(input.Partners, &solution.Partners)
	patch(input.Origin, &solution.Origin)
	patchSet(input.Competencies, &solution.Competencies)
	patchSet(input.BuildsOn, &solution.BuildsOn)
	patchText(input.Description, &solution.Description)
	return solutionPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Solution], error) {
		if v.Role == graph.RolePartner && !input.Partners.IsSet() {
			solution.Partners = []string{v.Organisation}
		}
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), solution)
	})
}

// UpdateSolution changes a solution.
func (m mutation) UpdateSolution(ctx context.Context, input gql.UpdateSolutionInput) (*gql.SolutionPayload, error) {
	return solutionPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Solution], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(solution *graph.Solution) error {
			patchSet(input.Partners, &solution.Partners)
			patch(input.Origin, &solution.Origin)
			patchSet(input.Competencies, &solution.Competencies)
			patchSet(input.BuildsOn, &solution.BuildsOn)
			patchText(input.Description, &solution.Description)
			return patchRequiredText("name", input.Name, &solution.Name)
		})
	})
}

// RetireSolution ends a solution.
func (m mutation) RetireSolution(ctx context.Context, input gql.RetireSolutionInput) (*gql.SolutionPayload, error) {
	return solutionPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Solution], error) {
		return graph.Retire[*graph.Solution](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func solutionPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Solution], error)) (*gql.SolutionPayload, error) {
	solution, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.SolutionPayload{Solution: solution, Seq: seq}, nil
}
