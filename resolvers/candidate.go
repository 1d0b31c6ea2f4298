package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

type candidateConnectionResolver struct{}

// Edges are the candidates of the page with their cursors.
func (candidateConnectionResolver) Edges(_ context.Context, page *graph.CandidatePage) ([]*gql.CandidateEdge, error) {
	edges := make([]*gql.CandidateEdge, len(page.Candidates))
	for i := range page.Candidates {
		edges[i] = &gql.CandidateEdge{Cursor: page.Cursors[i], Node: &page.Candidates[i]}
	}
	return edges, nil
}

// PageInfo says where the page begins and ends.
func (candidateConnectionResolver) PageInfo(_ context.Context, page *graph.CandidatePage) (*gql.PageInfo, error) {
	return pageInfo(page.Cursors, page.HasPrevious, page.HasNext), nil
}

type candidateResolver struct{}

func (candidateResolver) Partner(ctx context.Context, c *graph.Candidate) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, c.Partner, func(c *graph.Candidate) []string { return []string{c.Partner} })
}

func (candidateResolver) Office(ctx context.Context, c *graph.Candidate) (*graph.Office, error) {
	return one[*graph.Office](ctx, c.Office, func(c *graph.Candidate) []string { return []string{c.Office} })
}

type needMatchResolver struct{}

func (needMatchResolver) Need(ctx context.Context, m *graph.NeedMatch) (*graph.Competency, error) {
	return one[*graph.Competency](ctx, m.Need, eachMatch(func(m graph.NeedMatch) string { return m.Need }))
}

func (needMatchResolver) Holding(ctx context.Context, m *graph.NeedMatch) (*graph.Holding, error) {
	return one[*graph.Holding](ctx, m.Holding, eachMatch(func(m graph.NeedMatch) string { return m.Holding }))
}

func (needMatchResolver) Certification(ctx context.Context, m *graph.NeedMatch) (*graph.Certification, error) {
	return one[*graph.Certification](ctx, m.Certification, eachMatch(func(m graph.NeedMatch) string { return m.Certification }))
}

func (needMatchResolver) Office(ctx context.Context, m *graph.NeedMatch) (*graph.Office, error) {
	return one[*graph.Office](ctx, m.Office, eachMatch(func(m graph.NeedMatch) string { return m.Office }))
}

// eachMatch lists what the matches of a candidate name.
func eachMatch(id func(graph.NeedMatch) string) func(*graph.Candidate) []string {
	return func(c *graph.Candidate) []string {
		ids := make([]string, len(c.Matches))
		for i, match := range c.Matches {
			ids[i] = id(match)
		}
		return ids
	}
}
