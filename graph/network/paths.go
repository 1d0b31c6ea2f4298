package network

import (
	"context"
	"slices"

	"valueweb/graph"
)

// paths answers a question for paths. Where more than crowded paths are about as strong as the weakest of
// those asked for, they are no longer compared one by one.
func (s *snapshot) paths(ctx context.Context, q graph.PathQuery, crowded int) (graph.PathFacts, error) {
	if err := ctx.Err(); err != nil {
		return graph.PathFacts{}, err
	}
	facts := graph.PathFacts{Seq: s.seq}
	day := newMoment(q.AsOf)
	chains, err := s.chains(ctx, q, day, crowded)
	if err != nil {
		return graph.PathFacts{}, err
	}
	for _, c := range chains {
		ties := len(c.nodes) - 1
		facts.Paths = append(facts.Paths, s.path(c, day, make([]string, 0, ties+1), make([]graph.Tie, 0, ties)))
	}
	if len(chains) == 0 {
		facts.Apart, err = s.apart(ctx, q, day)
	}
	return facts, err
}

// chains are the strongest paths between two partners, strongest first.
func (s *snapshot) chains(ctx context.Context, q graph.PathQuery, day moment, crowded int) ([]chain, error) {
	from, ok := s.findActive(q.From)
	to, also := s.findActive(q.To)
	if !ok || !also || from == to || q.MaxHops < 1 || q.First < 1 {
		return nil, nil
	}
	if slices.Contains(q.Avoid, q.From) || slices.Contains(q.Avoid, q.To) {
		return nil, nil
	}
	search := pathSearch{net: s, day: day, from: from, to: to, ties: min(q.MaxHops, graph.MaxHops)}
	if err := search.bound(ctx, s.closed(q.Avoid)); err != nil {
		return nil, err
	}
	found, all, err := search.strongest(ctx, q.First, crowded)
	if err != nil {
		return nil, err
	}
	if all {
		return search.ranked(found, q.First, func(floor float64) ([]chain, error) { return search.above(found, floor), nil })
	}
	return search.ranked(found, q.First, func(floor float64) ([]chain, error) { return search.enumerate(ctx, floor, q.First) })
}

// closed marks the partners that paths may not pass: those that are not ACTIVE, and those to avoid.
func (s *snapshot) closed(avoid []string) []bool {
	closed := make([]bool, s.len())
	for n := range closed {
		closed[n] = !s.active(int32(n))
	}
	for _, id := range avoid {
		if n, ok := s.ids.find(id); ok {
			closed[n] = true
		}
	}
	return closed
}

// ranked takes the first paths by the rule: of those within the tolerance of the strongest that is left,
// the one with the fewest ties, of these the one with the smallest ids. found holds the strongest, and at
// least as many as are asked for where there are; group returns the paths not below a floor in the order
// of ties and ids, as far as they are needed.
func (s *pathSearch) ranked(found []chain, first int, group func(floor float64) ([]chain, error)) ([]chain, error) {
	slices.SortStableFunc(found, stronger)
	var taken, equals []chain
	last := -1.0
	for len(taken) < first {
		strongest, ok := firstNot(taken, found)
		if !ok {
			break
		}
		if strongest.strength != last {
			var err error
			if equals, err = group(strongest.strength - graph.StrengthTolerance); err != nil {
				return nil, err
			}
			last = strongest.strength
		}
		next, _ := firstNot(taken, equals)
		taken = append(taken, next)
	}
	return taken, nil
}

// firstNot is the first of the chains that is not taken.
func firstNot(taken, chains []chain) (chain, bool) {
	for _, c := range chains {
		if !slices.ContainsFunc(taken, func(t chain) bool { return slices.Equal(t.nodes, c.nodes) }) {
			return c, true
		}
	}
	return chain{}, false
}

// stronger orders chains by falling strength.
func stronger(a, b chain) int {
	switch {
	case a.strength > b.strength:
		return -1
	case a.strength < b.strength:
		return 1
	}
	return 0
}

// above are the chains not below a floor, in the order of ties and ids.
func (s *pathSearch) above(found []chain, floor float64) []chain {
	var above []chain
	for _, c := range found {
		if c.strength >= floor {
			above = append(above, c)
		}
	}
	slices.SortFunc(above, s.net.compare)
	return above
}
