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
	today := graph.DateOf(s.clock())
	for i, v := range viewers {
		switch {
		case v.Validate() != nil: // who may ask nothing is told nothing
		case !v.Confined():
			nodes[i] = node
		default:
			seen, _, err := s.sights.compiled(now, v, today)
			if err == nil && (graph.Ruling{Access: seen.access, Facts: now}).Sees(node) {
				nodes[i] = telling.To(seen.access)
			}
		}
	}
	return nodes, ctx.Err()
}
