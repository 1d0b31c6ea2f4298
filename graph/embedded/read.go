package embedded

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

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

func (s *state) read(kind graph.Kind, ids []string) []graph.Node {
	nodes := make([]graph.Node, len(ids))
	t := s.nodes[kind]
	for i, id := range ids {
		if node, ok := t.Get(id); ok {
			nodes[i] = node
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

// nearest compares a text with every id and name of a kind, by edit distance without regard to case and
// accents; what contains the text is near. It runs only after a miss.
func (s *state) nearest(ctx context.Context, kind graph.Kind, text string, n int) ([]string, error) {
	if len(text) > graph.MaxName {
		return nil, nil
	}
	type hit struct {
		id       string
		distance int
	}
	wanted := graph.Fold(text)
	most := max(2, len([]rune(wanted))/3)
	var hits []hit
	s.nodes[kind].Scan(func(id string, node graph.Node) bool {
		if ctx.Err() != nil {
			return false
		}
		best := distance(wanted, graph.Fold(id))
		if title := titleOf(node); title != "" {
			best = min(best, distance(wanted, graph.Fold(title)))
		}
		if best <= most {
			hits = append(hits, hit{id, best})
		}
		return true
	})
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(len(a.id), len(b.id)), strings.Compare(a.id, b.id))
	})
	var ids []string
	for _, h := range hits[:min(n, len(hits))] {
		ids = append(ids, h.id)
	}
	return ids, ctx.Err()
}

// distance is the edit distance; a text that holds the other counts as two edits.
func distance(a, b string) int {
	if len(a) >= 3 && strings.Contains(b, a) || len(b) >= 3 && strings.Contains(a, b) {
		return 2
	}
	return levenshtein.ComputeDistance(a, b)
}

// titleOf is the name of a node, empty for one without.
func titleOf(node graph.Node) string {
	switch n := node.(type) {
	case *graph.Partner:
		return n.Name
	case *graph.Office:
		return n.Label()
	case *graph.Competency:
		return n.Name
	case *graph.Customer:
		return n.Name
	case *graph.Site:
		return n.Name
	case *graph.Region:
		return n.Name
	case *graph.Solution:
		return n.Name
	case *graph.Opportunity:
		return n.Title
	}
	return ""
}
