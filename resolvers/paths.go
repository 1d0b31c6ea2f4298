package resolvers

import (
	"context"

	"valueweb/graph"
)

// The defaults of the arguments of paths, as the schema states them.
const (
	defaultHops  = 3
	defaultPaths = 5
)

// Paths answers with the strongest paths between two partners.
func (q query) Paths(ctx context.Context, from, to string, maxHops, first *int, avoid []string, asOf *graph.Date) (*graph.PathFacts, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	return rooted(ctx, func(l *level) (*graph.PathFacts, error) {
		facts, err := q.graph.Paths(ctx, viewer, graph.PathQuery{
			From:    from,
			To:      to,
			MaxHops: *orElse(maxHops, defaultHops),
			First:   *orElse(first, defaultPaths),
			Avoid:   avoid,
			AsOf:    stated(asOf),
		})
		if err != nil {
			return nil, err
		}
		for i := range facts.Paths {
			l.items = append(l.items, &facts.Paths[i])
		}
		return &facts, nil
	})
}

type apartResolver struct{}

// Hops is null where no number of ties would join the two.
func (apartResolver) Hops(_ context.Context, apart *graph.Apart) (*int, error) {
	if apart.Hops == 0 {
		return nil, nil
	}
	return &apart.Hops, nil
}
