package embedded

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/storetest"
)

// TestAnAccessIsCompiledAnewOnlyAfterAChangeThatCanAlterIt changes a node of every kind: where the kind alters no
// access the one that is known stays, and where it does it is made anew.
func TestAnAccessIsCompiledAnewOnlyAfterAChangeThatCanAlterIt(t *testing.T) {
	store := Memory(Options{})
	put := func(nodes ...graph.Node) {
		t.Helper()
		if _, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			refusals, err := tx.Put(ctx, nodes)
			for _, refusal := range refusals {
				if refusal != nil {
					t.Fatal(refusal)
				}
			}
			if err != nil {
				return err
			}
			return tx.Log(ctx, graph.Event{Type: "a", Changes: tx.Changed()})
		}); err != nil {
			t.Fatal(err)
		}
	}
	specimens := storetest.Specimens()
	put(specimens...)
	me := graph.Viewer{Role: graph.RolePartner, Organisation: "group"}
	access := func() *graph.Access {
		t.Helper()
		known, err := store.Access(t.Context(), me)
		if err != nil {
			t.Fatal(err)
		}
		return known
	}
	for i := range specimens {
		changed := storetest.Specimens()[i]
		changed.Header().Synthetic = false
		before := access()
		put(changed)
		if anew := access() != before; anew != changed.Kind().AltersAccess() {
			t.Errorf("a change of %s compiles an access anew: %t", changed.GID(), anew)
		}
	}
}

// without is a state that lacks the nodes of which it is said that they alter no access.
func without(s *state) *state {
	bare := newState()
	taxonomy := map[string][]string{}
	for _, kind := range graph.Kinds {
		var nodes []graph.Node
		s.nodes[kind].Scan(func(id string, node graph.Node) bool {
			if kind.AltersAccess() {
				nodes = append(nodes, node)
			}
			if kind == graph.KindCompetency {
				taxonomy[id] = nil
			}
			return true
		})
		bare.fill(kind, nodes)
	}
	bare.retell(taxonomy)
	return bare
}

func TestAnAccessDoesNotDependOnNodesOfWhichItIsSaidThatTheyAlterNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, then := storetest.Anything(t)
		store := Memory(Options{})
		if _, err := store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, append(first, then...))
			return errors.Join(err, tx.Log(ctx, graph.Event{Type: "a"}))
		}); err != nil {
			t.Fatal(err)
		}
		whole := store.current.Load()
		bare := without(whole)
		viewers := []graph.Viewer{{Role: graph.RoleAnalyst}}
		for _, of := range []struct {
			kind graph.Kind
			role graph.Role
		}{{graph.KindPartner, graph.RolePartner}, {graph.KindCustomer, graph.RoleCustomer}} {
			whole.nodes[of.kind].Scan(func(id string, _ graph.Node) bool {
				viewers = append(viewers, graph.Viewer{Role: of.role, Organisation: id})
				return true
			})
		}
		for _, v := range viewers {
			of := func(s *state) (*graph.Access, shade, error) {
				c := &compiler{sight: s.as(graph.NewAccess(v, storetest.Today)), walled: shade{}}
				err := c.compile()
				return c.Access, c.walled, err
			}
			want, walled, err := of(whole)
			got, gotWalled, gotErr := of(bare)
			if err != gotErr || err == nil && !(reflect.DeepEqual(got, want) && reflect.DeepEqual(gotWalled, walled)) {
				t.Fatalf("the access of %s is\n%+v %v, with all other nodes\n%+v %v", v, got, gotErr, want, err)
			}
		}
	})
}

func TestManyViewersAreToldOfARandomGraphWhatEachOfThemReads(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		first, then := storetest.Anything(r)
		store := Memory(Options{})
		if _, err := store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, append(first, then...))
			return errors.Join(err, tx.Log(ctx, graph.Event{Type: "a"}))
		}); err != nil {
			r.Fatal(err)
		}
		viewers := []graph.Viewer{{Role: graph.RoleAnalyst}, graph.Operator, {}}
		for _, node := range first {
			switch node.Kind() {
			case graph.KindPartner:
				viewers = append(viewers, graph.Viewer{Role: graph.RolePartner, Organisation: node.Header().ID})
			case graph.KindCustomer:
				viewers = append(viewers, graph.Viewer{Role: graph.RoleCustomer, Organisation: node.Header().ID})
			}
		}
		storetest.CheckDelivery(storetest.NewWorld(t, store), viewers)
	})
}
