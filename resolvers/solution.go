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
