package embedded

import (
	"context"

	"valueweb/graph"
)

// ReadFor implements graph.Deliverer: all viewers read one state.
func (s *Store) ReadFor(ctx context.Context, viewers []graph.Viewer, kind graph.Kind, id string) ([]graph.Node, error) {
	now := s.current.Load()
	nodes := make([]graph.Node, len(viewers))
	if now.get(kind, id) == nil {
		return nodes, ctx.Err()
	}
	for i, v := range viewers {
		seen, err := s.viewOf(ctx, now, v)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue // it may ask nothing
		}
		nodes[i] = seen.read(kind, []string{id})[0]
	}
	return nodes, nil
}
