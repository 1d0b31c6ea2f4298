package embedded

import (
	"context"

	"valueweb/graph"
)

// ReadFor implements graph.Deliverer: all viewers read one state.
func (s *Store) ReadFor(ctx context.Context, viewers []graph.Viewer, kind graph.Kind, id string) ([]graph.Node, error) {
	now := s.current.Load()
	nodes := make([]graph.Node, len(viewers))
	node := now.get(kind, id)
	if node == nil {
		return nodes, ctx.Err()
	}
	telling := graph.Telling{Node: node}
	if o, ok := node.(*graph.Opportunity); ok {
		telling.Customer = graph.CustomerOf(now, o)
	}
	for i, v := range viewers {
		seen, err := s.viewOf(ctx, now, v)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil && seen.Sees(node) { // who may ask nothing is told nothing
			nodes[i] = telling.To(seen.Access)
		}
	}
	return nodes, nil
}
