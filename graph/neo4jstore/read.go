package neo4jstore

import (
	"context"
	"strings"

	"valueweb/graph"
)

var (
	// readNodes are the statements that read nodes by id.
	readNodes = byKind(func(kind graph.Kind) sighted {
		return momentFor(ofKind("read", kind), filled(file("read"), "KIND", string(kind), "PATTERN", pattern(kind), "PROJECTION", projections[kind]))
	})
	// readNames are the statements that read the id and the name of every node of a kind.
	readNames = byKind(func(kind graph.Kind) sighted {
		return momentFor(ofKind("names", kind), filled(file("names"), "KIND", string(kind), "PATTERN", pattern(kind)))
	})
)

// Read implements graph.Reader.
func (s *Store) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	if len(ids) == 0 {
		if !v.Confined() {
			return nil, ctx.Err()
		}
		_, err := s.Access(ctx, v)
		return nil, err
	}
	var nodes []graph.Node
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := read(ctx, r, kind, ids)
		if err != nil {
			return err
		}
		nodes = make([]graph.Node, len(ids))
		for i, id := range ids {
			if node, ok := found[id]; ok {
				nodes[i] = node
			}
		}
		return nil
	})
	return nodes, err
}

// read returns the nodes that there are of the ids.
func read(ctx context.Context, r sight, kind graph.Kind, ids []string) (map[string]graph.Node, error) {
	what, ok := readNodes[kind]
	if !ok || len(ids) == 0 {
		return nil, nil
	}
	row, err := r.look(ctx, what, map[string]any{"ids": ids})
	if err != nil {
		return nil, err
	}
	found := make(map[string]graph.Node, len(ids))
	for _, value := range row.list("answer") {
		if node := r.decode(kind, value); node != nil {
			found[node.Header().ID] = node
		}
	}
	return found, nil
}

// Nearest implements graph.Reader. It compares with every id and name of a kind, and runs only after a
// miss.
func (s *Store) Nearest(ctx context.Context, v graph.Viewer, kind graph.Kind, text string, n int) ([]string, error) {
	var ids []string
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) (err error) {
		ids, err = nearest(ctx, r, kind, text, n, nil)
		return err
	})
	return ids, err
}

func nearest(ctx context.Context, r sight, kind graph.Kind, text string, n int, changed drafts) ([]string, error) {
	row, err := r.look(ctx, readNames[kind], nil)
	if err != nil {
		return nil, err
	}
	like := graph.NewLikeness(text)
	drafted := map[string]bool{}
	for _, node := range changed {
		id := node.Header().ID
		drafted[id] = true
		like.Consider(id, graph.Fold(id), graph.Fold(graph.Title(node)))
	}
	for _, value := range row.list("answer") {
		pair, _ := value.([]any)
		id, _ := pair[0].(string)
		title, _ := pair[1].(string)
		if name, _, keyed := strings.Cut(title, separator); keyed {
			title = unsortable(name) // of the key by which a list is ordered, folded
		}
		if !drafted[id] {
			like.Consider(id, graph.Fold(id), graph.Fold(title))
		}
	}
	return like.Best(n), nil
}
