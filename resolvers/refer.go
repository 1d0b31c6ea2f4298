package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// one resolves a field that names one node, nil where it names none that the viewer may see. ids says
// which nodes an item of the level above names in this field, so that they are loaded with those of all
// other rows.
func one[N graph.Node, T any](ctx context.Context, id string, ids func(T) []string) (N, error) {
	var none N
	if err := batchFrom(ctx).barred; err != nil || id == "" { // who may not read is not told that nothing is named, either
		return none, err
	}
	if err := batchFrom(ctx).admit(ctx, 1); err != nil {
		return none, err
	}
	l, err := refer(ctx, none.Kind(), []string{id}, ids)
	if err != nil {
		return none, err
	}
	node, _ := l.found[id].(N)
	return node, nil
}

// many resolves a field that names several nodes, in the order of their ids, without those that the viewer
// may not see.
func many[N graph.Node, T any](ctx context.Context, own []string, ids func(T) []string) ([]N, error) {
	if err := batchFrom(ctx).barred; err != nil || len(own) == 0 {
		return nil, err
	}
	var none N
	if err := batchFrom(ctx).admit(ctx, len(own)); err != nil {
		return nil, err
	}
	l, err := refer(ctx, none.Kind(), own, ids)
	if err != nil {
		return nil, err
	}
	nodes := make([]N, 0, len(own))
	for _, id := range own {
		if node, ok := l.found[id].(N); ok {
			nodes = append(nodes, node)
		}
	}
	return nodes, nil
}

// refer loads the nodes that a field names, of all rows.
func refer[T any](ctx context.Context, kind graph.Kind, own []string, ids func(T) []string) (*level, error) {
	b := batchFrom(ctx)
	place := placeOf(ctx)
	return b.level(ctx, place, func(l *level) error {
		wanted := gather(b.above(place), own, ids)
		nodes, err := b.readFor(ctx, kind, wanted)
		if err != nil {
			return err
		}
		for _, id := range wanted {
			if node := nodes[nodeKey{kind, id}]; node != nil {
				l.items = append(l.items, node)
				l.found[id] = node
				b.handOut(node)
			}
		}
		return nil
	})
}

// related resolves a list of nodes related to one, for all nodes of its kind in the level above.
func related(ctx context.Context, relation graph.Relation, of graph.Node, first *int, after *string) (*graph.ListPage, error) {
	b := batchFrom(ctx)
	place := placeOf(ctx)
	l, err := b.level(ctx, place, func(l *level) error {
		parents := gather(b.above(place), []string{of.Header().ID}, func(n graph.Node) []string {
			if n.Kind() != of.Kind() {
				return nil
			}
			return []string{n.Header().ID}
		})
		lists, err := b.relate(ctx, graph.RelatedArgs{
			Relation: relation,
			Parents:  parents,
			First:    orElse(first, graph.DefaultPage),
			After:    stated(after),
			Total:    graphql.FieldRequested(ctx, "totalCount"),
		})
		if err != nil {
			return err
		}
		for _, parent := range parents {
			l.found[parent] = lists[parent]
			l.add(lists[parent].Nodes)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	list := l.found[of.Header().ID].(*graph.ListPage)
	return list, b.admit(ctx, len(list.Nodes))
}

func (l *level) add(nodes []graph.Node) {
	for _, node := range nodes {
		l.items = append(l.items, node)
	}
}

// gather lists the ids that the items of a level name, each once, and those of the asking row.
func gather[T any](items []any, own []string, ids func(T) []string) []string {
	var all []string
	seen := map[string]bool{"": true}
	add := func(ids []string) {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				all = append(all, id)
			}
		}
	}
	for _, item := range items {
		if of, ok := item.(T); ok {
			add(ids(of))
		}
	}
	add(own)
	return all
}
