package resolvers

import (
	"context"

	"valueweb/graph"
)

// maxNodes is the number of gids that nodes takes.
const maxNodes = 1000

// Node answers with the node of a gid, nil where there is none that the schema knows.
func (q query) Node(ctx context.Context, gid string) (graph.Node, error) {
	nodes, err := q.Nodes(ctx, []string{gid})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// Nodes answers with the nodes of gids in their order, nil where there is none that the schema knows.
func (query) Nodes(ctx context.Context, gids []string) ([]graph.Node, error) {
	if len(gids) > maxNodes {
		return nil, graph.Invalid("gids", "%d gids are asked for; at most %d can be", len(gids), maxNodes)
	}
	return rooted(ctx, func(l *level) ([]graph.Node, error) {
		b := batchFrom(ctx)
		byKind := map[graph.Kind][]string{}
		for _, gid := range gids {
			if kind, id, ok := graph.ParseGID(gid); ok {
				byKind[kind] = append(byKind[kind], id)
			}
		}
		found := map[string]graph.Node{}
		for _, kind := range graph.Kinds {
			nodes, err := b.read(ctx, kind, byKind[kind])
			if err != nil {
				return nil, err
			}
			for key, node := range nodes {
				found[graph.GID(key.kind, key.id)] = node
			}
		}
		nodes := make([]graph.Node, len(gids))
		for i, gid := range gids {
			nodes[i] = found[gid]
			if nodes[i] != nil {
				l.items = append(l.items, nodes[i])
				b.handOut(nodes[i])
			}
		}
		return nodes, nil
	})
}

// rooted answers a root field, whose items are the level that everything below it is loaded for.
func rooted[A any](ctx context.Context, ask func(*level) (A, error)) (answer A, err error) {
	_, err = batchFrom(ctx).level(ctx, placeOf(ctx), func(l *level) error {
		answer, err = ask(l)
		return err
	})
	return answer, err
}

// byID answers a root field that names one node.
func byID[N graph.Node](ctx context.Context, id string) (N, error) {
	return one[N](ctx, id, func(any) []string { return nil })
}
