package embedded

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"valueweb/graph"
)

// slow is a journal that tells of each commit, and waits until it may go on.
type slow struct {
	journal
	began chan int // with the number of transactions
	goOn  chan error
}

func (s *slow) commit(all []commitment) error {
	s.began <- len(all)
	if err := <-s.goOn; err != nil {
		return err
	}
	return s.journal.commit(all)
}

// outcome is what a write came to.
type outcome struct {
	seq int64
	err error
}

// writing starts a write of a region, and returns once it is prepared.
func writing(s *Store, id string, refusal error) <-chan outcome {
	done, prepared := make(chan outcome, 1), make(chan struct{})
	go func() {
		seq, err := s.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			defer close(prepared)
			if refusal != nil {
				return refusal
			}
			_, err := tx.Put(ctx, []graph.Node{&graph.Region{Meta: graph.Meta{ID: id}, Name: id}})
			return errors.Join(err, tx.Keep(ctx, graph.Receipt{Key: id, Node: "Region:" + id}), tx.Log(ctx, graph.Event{Type: "a", Subject: "Region:" + id}))
		})
		done <- outcome{seq, err}
	}()
	<-prepared
	s.writing <- struct{}{} // it has passed the one writer once this can
	<-s.writing
	return done
}

func slowly(t *testing.T) (*Store, *slow) {
	t.Helper()
	store := opened(t, t.TempDir())
	journal := &slow{store.journal, make(chan int), make(chan error)}
	store.journal = journal
	return store, journal
}

func TestWhatIsPreparedWhileTheDiskWritesIsWrittenTogether(t *testing.T) {
	store, journal := slowly(t)
	first := writing(store, "a", nil)
	if n := <-journal.began; n != 1 {
		t.Fatalf("%d transactions are written", n)
	}
	var others []<-chan outcome
	for i := range 5 {
		others = append(others, writing(store, fmt.Sprint("b", i), nil))
	}
	no := errors.New("no")
	refused := writing(store, "c", no)
	if seq, _ := store.Seq(t.Context()); seq != 0 {
		t.Errorf("seq %d is read before anything is durable", seq)
	}
	select {
	case <-refused:
		t.Error("a refusal that may rest on what is not durable is told")
	default:
	}
	journal.goOn <- nil
	if got := <-first; got.seq != 1 || got.err != nil {
		t.Errorf("the first came to %+v", got)
	}
	if n := <-journal.began; n != 5 {
		t.Errorf("%d transactions are written together", n)
	}
	journal.goOn <- nil
	for i, other := range others {
		if got := <-other; got.seq != int64(i+2) || got.err != nil {
			t.Errorf("the next came to %+v", got)
		}
	}
	if got := <-refused; got.err != no {
		t.Errorf("the refused one came to %+v", got)
	}
	if events, err := store.Events(t.Context(), graph.Operator, 0, 10); len(events) != 6 || err != nil {
		t.Errorf("the log is %+v, %v", events, err)
	}
}

func TestATransactionGoesByRightsThatAreNotDurableYet(t *testing.T) {
	store, journal := slowly(t)
	write := func(fn func(ctx context.Context, tx graph.Tx) error) <-chan error {
		done, prepared := make(chan error, 1), make(chan struct{})
		go func() {
			_, err := store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				defer close(prepared)
				return fn(ctx, tx)
			})
			done <- err
		}()
		<-prepared
		return done
	}
	put := func(nodes ...graph.Node) <-chan error {
		return write(func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, nodes)
			return errors.Join(err, tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()}))
		})
	}
	a := graph.Viewer{Role: graph.RolePartner, Organisation: "a"}
	partner := put(&graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: graph.Active}, &graph.Customer{Meta: graph.Meta{ID: "acme"}, Name: "Acme"})
	<-journal.began
	wall := put(&graph.Wall{Meta: graph.Meta{ID: "wall"}, Partner: "a", Customer: "acme"})
	asked := write(func(ctx context.Context, tx graph.Tx) error {
		access, err := tx.Access(ctx, a)
		if err == nil && len(access.Barriers) != 1 {
			t.Errorf("in the transaction %d walls keep the partner out, before the one that was prepared is durable", len(access.Barriers))
		}
		return err
	})
	journal.goOn <- nil
	<-journal.began
	journal.goOn <- nil
	for what, done := range map[string]<-chan error{"partner": partner, "wall": wall, "question": asked} {
		if err := <-done; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestWhatWasPreparedOnTopOfWhatCouldNotBeWrittenFailsWithIt(t *testing.T) {
	store, journal := slowly(t)
	first := writing(store, "a", nil)
	<-journal.began
	second, refused := writing(store, "b", nil), writing(store, "c", errors.New("no"))
	begun, end := make(chan struct{}), make(chan struct{})
	var third outcome
	var working sync.WaitGroup
	working.Go(func() { // it is under way while the first fails
		third.seq, third.err = store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			close(begun)
			<-end
			return tx.Log(ctx, graph.Event{Type: "a"})
		})
	})
	<-begun
	full := errors.New("the disk is full")
	journal.goOn <- full
	for _, one := range []<-chan outcome{first, second, refused} {
		if got := <-one; !errors.Is(got.err, full) {
			t.Errorf("one came to %+v", got)
		}
	}
	close(end)
	working.Wait()
	if e, ok := graph.AsError(third.err); !ok || e.Code != graph.CodeUnavailable {
		t.Errorf("the one under way came to %+v", third)
	}
	next := writing(store, "d", nil)
	<-journal.began
	journal.goOn <- nil
	if got := <-next; got.seq != 1 || got.err != nil {
		t.Errorf("the next came to %+v", got)
	}
	nodes, err := store.Read(t.Context(), graph.Operator, graph.KindRegion, []string{"a", "b", "d"})
	if err != nil || nodes[0] != nil || nodes[1] != nil || nodes[2] == nil {
		t.Errorf("there are %v, %v", nodes, err)
	}
}

func TestATransactionSeesTheReceiptOfOneThatIsNotDurableYet(t *testing.T) {
	store, journal := slowly(t)
	first := writing(store, "a", nil)
	<-journal.began
	var found *graph.Receipt
	second, looked := make(chan error, 1), make(chan struct{})
	go func() {
		_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) (err error) {
			defer close(looked)
			found, err = tx.Receipt(ctx, "a")
			return err
		})
		second <- err
	}()
	<-looked
	journal.goOn <- nil
	if got := <-first; got.err != nil {
		t.Error(got.err)
	}
	if err := <-second; err != nil || found == nil || found.Node != "Region:a" || found.Seq != 1 {
		t.Errorf("the receipt is %+v, %v", found, err)
	}
}
