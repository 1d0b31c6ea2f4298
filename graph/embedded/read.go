package embedded

import (
	"context"

	"valueweb/graph"
)

// Read implements graph.Reader.
func (s *Store) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.read(kind, ids), nil
}

func (s *sight) read(kind graph.Kind, ids []string) []graph.Node {
	nodes := make([]graph.Node, len(ids))
	t := s.nodes[kind]
	for i, id := range ids {
		if node, ok := t.Get(id); ok {
			if s.Sees(node) {
				nodes[i] = s.tell(node)
			}
		}
	}
	return nodes
}

// Nearest implements graph.Reader.
func (s *Store) Nearest(ctx context.Context, v graph.Viewer, kind graph.Kind, text string, n int) ([]string, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.nearest(ctx, kind, text, n)
}

// nearest compares a text with every id and name of a kind. It runs only after a miss.
func (s *sight) nearest(ctx context.Context, kind graph.Kind, text string, n int) ([]string, error) {
	like := graph.NewLikeness(text)
	s.nodes[kind].Scan(func(id string, node graph.Node) bool {
		if s.Sees(node) {
			like.Consider(id, graph.Fold(id), graph.Fold(graph.Title(node)))
		}
		return ctx.Err() == nil
	})
	return like.Best(n), ctx.Err()
}
