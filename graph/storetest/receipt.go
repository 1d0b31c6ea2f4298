package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"valueweb/graph"
)

// clock is the wall clock, set forward by a case as far as it likes.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// later sets the clock of the store forward.
func (w *World) later(by time.Duration) { w.clock.ahead.Add(int64(by)) }

// creation is a transaction that makes a competency and keeps a receipt of it.
func (w *World) creation(id, key string) func(context.Context, graph.Tx) error {
	return func(ctx context.Context, tx graph.Tx) error {
		w.put(ctx, tx, &graph.Competency{Meta: graph.Meta{ID: id}, Name: id})
		w.must(tx.Keep(ctx, graph.Receipt{Key: key, Body: "body of " + id, Node: graph.GID(graph.KindCompetency, id), Seq: 99, At: time.Unix(1, 0)}))
		return errors.Join(tx.Log(ctx, graph.Event{Type: "a"}), tx.Log(ctx, graph.Event{Type: "b"}))
	}
}

// receipt is what a transaction finds under a key.
func (w *World) receipt(key string) (found *graph.Receipt) {
	w.Helper()
	w.must(w.Rehearse(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) (err error) {
		found, err = tx.Receipt(ctx, key)
		return err
	}))
	return found
}

func receiptCases() []testCase {
	return []testCase{
		{"A receipt that was kept is found by every later transaction, with the last seq and the time of its own", func(w *World) {
			w.same("before", w.receipt("one"), (*graph.Receipt)(nil))
			w.same("seq", w.write(w.creation("erp", "one")), int64(2))
			w.Competency("other").Save()
			events := w.events()
			want := &graph.Receipt{Key: "one", Body: "body of erp", Node: "Competency:erp", Seq: 2, At: events[0].At}
			w.same("receipt", w.receipt("one"), want)
			w.same("another key", w.receipt("two"), (*graph.Receipt)(nil))
			w.write(func(ctx context.Context, tx graph.Tx) error {
				found, err := tx.Receipt(ctx, "one")
				w.same("in a write", found, want)
				return err
			})
		}},
		{"A transaction that fails, that is only rehearsed or that logs nothing keeps no receipt", func(w *World) {
			failure := errors.New("no")
			_, err := w.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				w.must(w.creation("erp", "failed")(ctx, tx))
				return failure
			})
			w.same("error", errors.Is(err, failure), true)
			w.must(w.Rehearse(w.Context(), graph.Operator, w.creation("erp", "rehearsed")))
			w.write(func(ctx context.Context, tx graph.Tx) error {
				return tx.Keep(ctx, graph.Receipt{Key: "nothing", Node: "Competency:erp"})
			})
			for _, key := range []string{"failed", "rehearsed", "nothing"} {
				w.same(key, w.receipt(key), (*graph.Receipt)(nil))
			}
			w.same("seq", w.seq(), int64(0))
		}},
		{"A transaction finds the receipt that it keeps itself", func(w *World) {
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.must(w.creation("erp", "one")(ctx, tx))
				found, err := tx.Receipt(ctx, "one")
				if found == nil || found.Node != "Competency:erp" || found.Body != "body of erp" {
					w.Errorf("the receipt is %+v", found)
				}
				return err
			})
		}},
		{"A receipt is none once it is older than it is kept, and its key can be used again", func(w *World) {
			w.write(w.creation("erp", "one"))
			w.later(graph.ReceiptRetention - time.Hour)
			w.same("still", w.receipt("one") != nil, true)
			w.later(2 * time.Hour)
			w.same("no more", w.receipt("one"), (*graph.Receipt)(nil))
			w.write(w.creation("crm", "one"))
			w.same("again", w.receipt("one").Node, "Competency:crm")
			w.must(w.Forget(w.Context(), graph.Operator, time.Time{}))
			w.same("after what is old was let go of", w.receipt("one").Node, "Competency:crm")
		}},
		{"Letting go of what is old takes receipts that are over, and no others", func(w *World) {
			w.write(w.creation("erp", "old"))
			w.later(graph.ReceiptRetention - time.Hour)
			w.write(w.creation("crm", "young"))
			w.later(2 * time.Hour)
			w.must(w.Forget(w.Context(), graph.Operator, time.Time{}))
			w.same("old", w.receipt("old"), (*graph.Receipt)(nil))
			w.same("young", w.receipt("young") != nil, true)
			w.same("log", len(w.events()), 4)
		}},
		{"Of sixteen who create the same at once one does, and the others find its receipt", func(w *World) {
			var made atomic.Int64
			together(w.T, 16, func(int) error {
				created := false
				_, err := w.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
					created = false
					found, err := tx.Receipt(ctx, "one")
					switch {
					case err != nil:
						return err
					case found != nil && found.Node == "Competency:erp":
						return nil
					case found != nil:
						return fmt.Errorf("the receipt is %+v", found)
					}
					created = true
					return w.creation("erp", "one")(ctx, tx)
				})
				if created {
					made.Add(1)
				}
				return err
			})
			w.same("made", made.Load(), int64(1))
			w.same("seq", w.seq(), int64(2))
		}},
	}
}
