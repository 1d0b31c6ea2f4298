package storetest

import (
	"context"
	"errors"
	"fmt"

	"valueweb/graph"
)

func watchCases() []testCase {
	return []testCase{
		{"An empty store has no events and seq 0", func(w *World) {
			w.same("seq", w.seq(), int64(0))
			w.same("events", len(w.events()), 0)
		}},
		{"An event keeps what was logged; the store adds seq, time and actor", func(w *World) {
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp(""))
				w.must(tx.Log(ctx, graph.Event{Seq: 99, Type: "a", Actor: "forged", Subject: "Competency:erp", Version: 1, Changes: []string{"Competency:erp"}}))
				return tx.Log(ctx, graph.Event{Type: "b"})
			})
			events := w.events()
			w.same("number", len(events), 2)
			w.same("at", events[0].At.IsZero(), false)
			w.same("first", events[0], graph.Event{
				Seq: 1, Type: "a", At: events[0].At, Actor: graph.Operator.String(), Subject: "Competency:erp", Version: 1, Changes: []string{"Competency:erp"},
			})
			w.same("second", events[1], graph.Event{Seq: 2, Type: "b", At: events[1].At, Actor: graph.Operator.String()})
		}},
		{"An event states the version of a subject that its transaction neither read nor changed", func(w *World) {
			w.Add(erp("")).Save()
			w.Add(erp("planning")).Save()
			w.write(func(ctx context.Context, tx graph.Tx) error {
				return tx.Log(ctx, graph.Event{Type: "a", Subject: "Competency:erp"})
			})
			w.same("version", w.events()[2].Version, 2)
		}},
		{"Events come after a seq, oldest first, up to a limit", func(w *World) {
			for i := range 5 {
				w.Competency(fmt.Sprint(i)).Save()
			}
			for _, page := range []struct {
				after int64
				limit int
				want  []int64
			}{{0, 2, []int64{1, 2}}, {2, 2, []int64{3, 4}}, {4, 2, []int64{5}}, {5, 2, nil}, {99, 2, nil}, {0, 0, nil}} {
				events, err := w.Events(w.Context(), graph.Operator, page.after, page.limit)
				w.must(err)
				w.same(fmt.Sprint("after ", page.after), seqs(events), page.want)
			}
		}},
		{"A write returns the seq of its last event", func(w *World) {
			w.same("seq", w.write(func(ctx context.Context, tx graph.Tx) error {
				return errors.Join(tx.Log(ctx, graph.Event{Type: "a"}), tx.Log(ctx, graph.Event{Type: "b"}))
			}), int64(2))
			w.same("status", w.status().Seq, int64(2))
		}},
		{"Await returns at once where there is an event already", func(w *World) {
			w.Competency("erp").Save()
			w.must(w.Await(w.Context(), 0))
		}},
		{"Await wakes every waiter once there is an event", func(w *World) {
			woken := make(chan error, 3)
			for range cap(woken) {
				go func() { woken <- w.Await(w.Context(), 1) }()
			}
			w.Competency("one").Save()
			select {
			case err := <-woken:
				w.Fatalf("a waiter for the second event woke at the first: %v", err)
			default:
			}
			w.Competency("two").Save()
			for range cap(woken) {
				w.must(<-woken)
			}
		}},
		{"Await ends with its context", func(w *World) {
			ctx, cancel := context.WithCancel(w.Context())
			ended := make(chan error)
			go func() { ended <- w.Await(ctx, 0) }()
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				w.Errorf("the error is %v", err)
			}
		}},
		{"Seq is gapless and in commit order under sixteen writers, failing ones among them", func(w *World) {
			const writers, rounds = 16, 12
			failure := errors.New("no")
			const good = writers * rounds * 2 / 3
			polled := make(chan error, 1)
			go func() { polled <- w.poll(good) }()
			together(w.T, writers, func(n int) error {
				for round := range rounds {
					id := fmt.Sprintf("c-%d-%d", n, round)
					_, err := w.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
						if _, err := tx.Put(ctx, []graph.Node{&graph.Competency{Meta: graph.Meta{ID: id}, Name: id}}); err != nil {
							return err
						}
						if err := tx.Log(ctx, graph.Event{Type: "a", Subject: graph.GID(graph.KindCompetency, id)}); err != nil {
							return err
						}
						if round%3 == 2 { // after it logged: the seq must not be lost
							return failure
						}
						return nil
					})
					if (round%3 == 2) != errors.Is(err, failure) {
						return fmt.Errorf("write %s: %w", id, err)
					}
				}
				return nil
			})
			w.must(<-polled)
			w.same("seq", w.seq(), int64(good))
		}},
	}
}

// poll follows the log up to a seq. It never finds a later event before an earlier one, nor an event
// before its change can be read.
func (w *World) poll(last int64) error {
	for seq := int64(0); seq < last; {
		if err := w.Await(w.Context(), seq); err != nil {
			return err
		}
		events, err := w.Events(w.Context(), graph.Operator, seq, 7)
		if err != nil {
			return err
		}
		for _, event := range events {
			if event.Seq != seq+1 {
				return fmt.Errorf("event %d came after event %d", event.Seq, seq)
			}
			seq = event.Seq
			kind, id, _ := graph.ParseGID(event.Subject)
			nodes, err := w.Read(w.Context(), graph.Operator, kind, []string{id})
			if err != nil || nodes[0] == nil {
				return fmt.Errorf("event %d came before its change of %s could be read (%v)", seq, event.Subject, err)
			}
		}
	}
	return nil
}

func seqs(events []graph.Event) []int64 {
	var all []int64
	for _, event := range events {
		all = append(all, event.Seq)
	}
	return all
}

func (w *World) status() graph.StoreStatus {
	w.Helper()
	status, err := w.Status(w.Context(), graph.Operator)
	w.must(err)
	return status
}
