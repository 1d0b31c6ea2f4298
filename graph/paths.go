package graph

import "context"

// Paths returns the strongest paths between two partners, validated and with the nearest known ids where
// one is unknown.
func (g *Graph) Paths(ctx context.Context, v Viewer, q PathQuery) (PathFacts, error) {
	if v.Role == RoleCustomer {
		return PathFacts{}, &Error{Code: CodeForbidden, Message: "customers are not told how partners are tied"}
	}
	if q.MaxHops < 1 || q.MaxHops > MaxHops {
		return PathFacts{}, Invalid("maxHops", "maxHops must be between 1 and %d, not %d", MaxHops, q.MaxHops)
	}
	if err := CheckFirst("first", q.First, MaxPaths); err != nil {
		return PathFacts{}, err
	}
	if q.From == q.To {
		return PathFacts{}, Invalid("to", "a path leads from one partner to another; both ends are %q", q.From)
	}
	ids := append([]string{q.From, q.To}, q.Avoid...)
	nodes, err := g.Store.Read(ctx, v, KindPartner, ids)
	if err != nil {
		return PathFacts{}, err
	}
	for i, node := range nodes {
		if node == nil {
			field := "from"
			if i == 1 {
				field = "to"
			} else if i > 1 {
				field = indexed("avoid", i-2)
			}
			return PathFacts{}, g.suggest(ctx, v, NotFound(field, KindPartner, ids[i]))
		}
	}
	for i, id := range q.Avoid {
		if id == q.From || id == q.To {
			return PathFacts{}, Invalid(indexed("avoid", i), "%q is an end of the path and cannot be avoided", id)
		}
	}
	if q.AsOf.IsZero() {
		q.AsOf = g.Today()
	}
	seq, err := g.Store.Seq(ctx)
	if err != nil {
		return PathFacts{}, err
	}
	if err := g.settle(ctx, seq); err != nil {
		return PathFacts{}, err
	}
	access, err := g.Store.Access(ctx, v)
	if err != nil {
		return PathFacts{}, err
	}
	q.Hidden = access.Concealment()
	facts, err := g.Network.Paths(ctx, q)
	for _, path := range facts.Paths {
		v.tell(path.Ties)
	}
	return facts, err
}
