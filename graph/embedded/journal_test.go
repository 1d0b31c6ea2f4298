package embedded

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"valueweb/graph"
)

// watched is a journal that something looks at while it commits.
type watched struct {
	journal
	committing func() error
}

func (w *watched) commit(all []commitment) error {
	if err := w.committing(); err != nil {
		return err
	}
	return w.journal.commit(all)
}

// region adds one, or changes its countries.
func region(store *Store, countries ...string) (int64, error) {
	return store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, []graph.Node{&graph.Region{Meta: graph.Meta{ID: "west"}, Name: "West", Countries: countries}})
		return errors.Join(err, tx.Log(ctx, graph.Event{Type: "a"}))
	})
}

func TestAStateIsPublishedOnlyOnceItIsDurable(t *testing.T) {
	store := Memory(Options{})
	before := store.current.Load()
	committed := false
	store.journal = &watched{store.journal, func() error {
		committed = true
		if store.current.Load() != before || before.get(graph.KindRegion, "west") != nil {
			t.Error("a change is seen before it is durable")
		}
		return nil
	}}
	if _, err := region(store); err != nil || !committed {
		t.Fatal("nothing was committed", err)
	}
	if store.current.Load().get(graph.KindRegion, "west") == nil || before.get(graph.KindRegion, "west") != nil {
		t.Error("the change is not in the new state, or in the old one, too")
	}
}

func TestAnEventIsHeldBackUntilItsChangeIsPublished(t *testing.T) {
	store := Memory(Options{})
	if _, err := region(store, "DE"); err != nil {
		t.Fatal(err)
	}
	inner := store.journal
	store.journal = &afterwards{inner, func() {
		events, err := store.Events(t.Context(), graph.Operator, 0, 10)
		if err != nil || len(events) != 1 {
			t.Errorf("between commit and publication %d events are seen, not 1 (%v)", len(events), err)
		}
	}}
	if _, err := region(store, "FR"); err != nil {
		t.Fatal(err)
	}
	if events, err := store.Events(t.Context(), graph.Operator, 0, 10); err != nil || len(events) != 2 {
		t.Errorf("%d events are seen, not 2 (%v)", len(events), err)
	}
}

// afterwards is a journal that something looks at between commit and publication.
type afterwards struct {
	journal
	committed func()
}

func (a *afterwards) commit(all []commitment) error {
	err := a.journal.commit(all)
	a.committed()
	return err
}

func TestAJournalThatFailsLeavesTheStateAndTheStoreGoesOn(t *testing.T) {
	store := Memory(Options{})
	if _, err := region(store, "DE"); err != nil {
		t.Fatal(err)
	}
	before, inner := store.current.Load(), store.journal
	full := errors.New("the disk is full")
	store.journal = &watched{inner, func() error { return full }}
	_, err := region(store, "FR")
	if e, ok := graph.AsError(err); !ok || e.Code != graph.CodeUnavailable || !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
	if store.current.Load() != before {
		t.Error("a change that was not committed is published")
	}
	store.journal = inner
	if seq, err := region(store, "FR"); seq != 2 || err != nil {
		t.Errorf("the next change has seq %d (%v)", seq, err)
	}
}

func TestAFileThatIsClosedUnderneathMakesWritesUnavailableAndLeavesReads(t *testing.T) {
	store := opened(t, t.TempDir())
	if _, err := region(store, "DE"); err != nil {
		t.Fatal(err)
	}
	before, changed := store.current.Load(), store.changed
	if err := store.journal.(*disk).db.Close(); err != nil {
		t.Fatal(err)
	}
	unavailable := func(err error) {
		t.Helper()
		if e, ok := graph.AsError(err); !ok || e.Code != graph.CodeUnavailable {
			t.Errorf("the error is %v", err)
		}
	}
	_, err := region(store, "FR")
	unavailable(err)
	_, err = store.Events(t.Context(), graph.Operator, 0, 10)
	unavailable(err)
	nodes, err := store.Read(t.Context(), graph.Operator, graph.KindRegion, []string{"west"})
	if err != nil || !reflect.DeepEqual(nodes[0].(*graph.Region).Countries, []string{"DE"}) {
		t.Errorf("a read gives %v (%v)", nodes, err)
	}
	if seq, err := store.Seq(t.Context()); seq != 1 || err != nil || store.current.Load() != before {
		t.Errorf("the seq is %d (%v)", seq, err)
	}
	select {
	case <-changed:
		t.Error("watchers were woken by a change that was not committed")
	default:
	}
}

func TestATransactionThatPanicsLetsTheNextOneIn(t *testing.T) {
	store := Memory(Options{})
	func() {
		defer func() { recover() }()
		store.Write(t.Context(), graph.Operator, func(context.Context, graph.Tx) error { panic("no") })
	}()
	if seq, err := region(store); seq != 1 || err != nil {
		t.Errorf("the next change has seq %d (%v)", seq, err)
	}
}
