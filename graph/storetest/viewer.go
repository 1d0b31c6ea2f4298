package storetest

import (
	"context"
	"errors"

	"valueweb/graph"
)

// calls are the calls that a viewer makes.
var calls = map[string]func(w *World, ctx context.Context, v graph.Viewer) error{
	"Read": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Read(ctx, v, graph.KindCompetency, []string{"erp"})
		return err
	},
	"Nearest": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Nearest(ctx, v, graph.KindCompetency, "erp", 1)
		return err
	},
	"List": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.List(ctx, v, graph.ListQuery{Kind: graph.KindCompetency, Order: byID, Page: graph.PageQuery{First: 1}})
		return err
	},
	"Related": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Related(ctx, v, graph.RelatedQuery{Relation: graph.CompetencyNarrower, Parents: []string{"erp"}, Page: graph.PageQuery{First: 1}})
		return err
	},
	"Gap": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Gap(ctx, v, Ask("erp"))
		return err
	},
	"GapShortfall": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.GapShortfall(ctx, v, Ask("erp"), nil)
		return err
	},
	"Network": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Network(ctx, v, func(graph.NetworkChunk) error { return nil })
		return err
	},
	"Write": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Write(ctx, v, func(ctx context.Context, tx graph.Tx) error {
			w.Error("the transaction ran")
			return tx.Log(ctx, graph.Event{Type: "a"})
		})
		return err
	},
	"Rehearse": func(w *World, ctx context.Context, v graph.Viewer) error {
		return w.Rehearse(ctx, v, func(context.Context, graph.Tx) error {
			w.Error("the transaction ran")
			return nil
		})
	},
	"Status": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Status(ctx, v)
		return err
	},
	"Events": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Events(ctx, v, 0, 1)
		return err
	},
}

// strangers are viewers who may not read the graph: those without a role, and those of whom it is not built yet
// what they may see.
var strangers = []graph.Viewer{
	{}, {Role: "operator"}, {Role: graph.RolePartner, Organisation: "acme"}, {Role: graph.RoleCustomer, Organisation: "bank"}, {Role: graph.RoleAnalyst},
}

var viewerCases = []testCase{
	{"A viewer who may not read is refused everywhere", func(w *World) {
		w.Competency("erp").Save()
		for name, call := range calls {
			for _, stranger := range strangers {
				if e, ok := graph.AsError(call(w, w.Context(), stranger)); !ok || e.Code != graph.CodeForbidden {
					w.Errorf("%s lets the viewer %q in", name, stranger)
				}
			}
		}
		w.same("seq", w.seq(), int64(1))
	}},
	{"A viewer who may not read is refused within a transaction of another", func(w *World) {
		w.Competency("erp").Save()
		w.must(w.Rehearse(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			for _, stranger := range strangers {
				_, read := tx.Read(ctx, stranger, graph.KindCompetency, []string{"erp"})
				_, nearest := tx.Nearest(ctx, stranger, graph.KindCompetency, "erp", 1)
				_, related := tx.Related(ctx, stranger, graph.RelatedQuery{Relation: graph.CompetencyNarrower, Parents: []string{"erp"}, Page: graph.PageQuery{First: 1}})
				for _, err := range []error{read, nearest, related} {
					w.refused(err, graph.CodeForbidden, "")
				}
			}
			return nil
		}))
	}},
	{"An event names who made it", func(w *World) {
		alice := graph.Viewer{Role: graph.RoleOperator, Subject: "alice"}
		_, err := w.Write(w.Context(), alice, func(ctx context.Context, tx graph.Tx) error {
			if _, err := tx.Put(ctx, []graph.Node{erp("")}); err != nil {
				return err
			}
			return tx.Log(ctx, graph.Event{Type: "a"})
		})
		w.must(err)
		events, err := w.Events(w.Context(), alice, 0, 1)
		w.must(err)
		w.same("actor", events[0].Actor, "OPERATOR alice")
	}},
	{"A cancelled context is honoured", func(w *World) {
		w.Competency("erp").Save()
		ctx, cancel := context.WithCancel(w.Context())
		cancel()
		for name, call := range calls {
			if err := call(w, ctx, graph.Operator); !errors.Is(err, context.Canceled) {
				w.Errorf("%s goes on: %v", name, err)
			}
		}
		if _, err := w.Seq(ctx); !errors.Is(err, context.Canceled) {
			w.Errorf("Seq goes on: %v", err)
		}
		w.same("seq", w.seq(), int64(1))
	}},
	{"A context that is cancelled within a transaction is honoured", func(w *World) {
		ctx, cancel := context.WithCancel(w.Context())
		_, err := w.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			cancel()
			_, err := tx.Put(ctx, []graph.Node{erp("")})
			return err
		})
		if !errors.Is(err, context.Canceled) {
			w.Errorf("the error is %v", err)
		}
		w.same("node", w.node(graph.KindCompetency, "erp"), graph.Node(nil))
	}},
	{"A writer that waits for another gives up with its context", func(w *World) {
		w.write(func(_ context.Context, tx graph.Tx) error {
			ctx, cancel := context.WithCancel(w.Context())
			ended := make(chan error)
			go func() {
				_, err := w.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
					<-ctx.Done() // a store that lets writers run side by side comes this far
					return ctx.Err()
				})
				ended <- err
			}()
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				w.Errorf("the error is %v", err)
			}
			return nil
		})
	}},
}
