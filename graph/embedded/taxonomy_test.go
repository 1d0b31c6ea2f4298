package embedded

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
)

// closure is what a competency and everything narrower are, found by looking at every competency until
// nothing is added any more.
func closure(s *state, root string) []string {
	ids := []string{root}
	for grown := true; grown; {
		grown = false
		s.nodes[graph.KindCompetency].Scan(func(id string, node graph.Node) bool {
			if !slices.Contains(ids, id) && slices.ContainsFunc(node.(*graph.Competency).Broader, func(b string) bool { return slices.Contains(ids, b) }) {
				ids, grown = append(ids, id), true
			}
			return true
		})
	}
	slices.Sort(ids)
	return ids
}

func checkClosures(t *rapid.T, s *state) {
	if s.below.Len() != s.nodes[graph.KindCompetency].Len() {
		t.Fatalf("%d competencies have %d closures", s.nodes[graph.KindCompetency].Len(), s.below.Len())
	}
	s.below.Scan(func(id string, below *subtree) bool {
		if want := closure(s, id); !slices.Equal(below.ids, want) || len(below.has) != len(want) || slices.ContainsFunc(want, func(id string) bool { return !below.holds(id) }) {
			t.Fatalf("below %s there is %v, not %v", id, below.ids, want)
		}
		return true
	})
}

func TestTheClosureOfTheTaxonomyIsKeptByEveryWrite(t *testing.T) {
	id := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("c", rapid.IntRange(0, 9).Draw(t, "competency")) })
	rapid.Check(t, func(t *rapid.T) {
		store := Memory(Options{})
		for range rapid.IntRange(1, 12).Draw(t, "writes") {
			var nodes []graph.Node
			for range rapid.IntRange(1, 4).Draw(t, "nodes") {
				c := &graph.Competency{Meta: graph.Meta{ID: id.Draw(t, "id")}, Broader: rapid.SliceOfNDistinct(id, 0, 3, rapid.ID).Draw(t, "broader")}
				c.Name = c.ID
				nodes = append(nodes, c)
			}
			fails := rapid.Bool().Draw(t, "fails")
			failure := errors.New("no")
			_, err := store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				// In one call or in several; what is refused (a circle, an unknown id) changes nothing.
				if rapid.Bool().Draw(t, "one call") {
					if _, err := tx.Put(ctx, nodes); err != nil {
						return err
					}
				} else {
					for _, node := range nodes {
						if _, err := tx.Put(ctx, []graph.Node{node}); err != nil {
							return err
						}
					}
				}
				checkClosures(t, underWay(tx))
				if fails {
					return failure
				}
				return tx.Log(ctx, graph.Event{Type: "a"})
			})
			if fails != errors.Is(err, failure) || !fails && err != nil {
				t.Fatal(err)
			}
			checkClosures(t, store.current.Load())
		}
	})
}

// underWay is the state that a transaction sees.
func underWay(t graph.Tx) *state { return t.(*tx).state }
