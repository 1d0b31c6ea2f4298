package resolvers

import (
	"context"

	"valueweb/graph"
)

type trustPathResolver struct{}

// Partners are those whom the path leads through, both ends included.
func (trustPathResolver) Partners(ctx context.Context, path *graph.TrustPath) ([]*graph.Partner, error) {
	return many[*graph.Partner](ctx, path.Partners, func(item any) []string {
		if path := pathOf(item); path != nil {
			return path.Partners
		}
		return nil
	})
}

type tieResolver struct{}

func (tieResolver) A(ctx context.Context, tie *graph.Tie) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, tie.A, eachTie(func(t graph.Tie) string { return t.A }))
}

func (tieResolver) B(ctx context.Context, tie *graph.Tie) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, tie.B, eachTie(func(t graph.Tie) string { return t.B }))
}

// Referrals is null where the viewer is not told.
func (tieResolver) Referrals(_ context.Context, tie *graph.Tie) (*int, error) {
	if tie.Referrals == graph.NotDisclosed {
		return nil, nil
	}
	return &tie.Referrals, nil
}

func (tieResolver) Partnership(ctx context.Context, tie *graph.Tie) (*graph.Partnership, error) {
	return one[*graph.Partnership](ctx, tie.Partnership, eachTie(func(t graph.Tie) string { return t.Partnership }))
}

// eachTie lists what the ties of an item's path name.
func eachTie(id func(graph.Tie) string) func(item any) []string {
	return func(item any) []string {
		path := pathOf(item)
		if path == nil {
			return nil
		}
		ids := make([]string, len(path.Ties))
		for i, tie := range path.Ties {
			ids[i] = id(tie)
		}
		return ids
	}
}

// pathOf is the path of an item of a level: a path itself, or a candidate's; nil for what has none.
func pathOf(item any) *graph.TrustPath {
	switch item := item.(type) {
	case *graph.TrustPath:
		return item
	case *graph.Candidate:
		return item.Trust
	}
	return nil
}
