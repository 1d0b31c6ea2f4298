package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

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
	"History": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.History(ctx, v, "Competency:erp", 0)
		return err
	},
	"Due": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Due(ctx, v, graph.DueQuery{SentBefore: Today, ProtectedBy: Today, Limit: 1})
		return err
	},
	"Forget": func(w *World, ctx context.Context, v graph.Viewer) error {
		return w.Forget(ctx, v, time.Time{})
	},
	"Access": func(w *World, ctx context.Context, v graph.Viewer) error {
		_, err := w.Access(ctx, v)
		return err
	},
}

// operating are the calls that an operator alone makes.
var operating = []string{"Rehearse", "Network", "Events", "History", "Due", "Forget"}

// acting are the calls in which the viewer is only who acts: what it may do is decided by whoever calls.
var acting = []string{"Write"}

// reading are the calls that tell a viewer of the graph.
func reading() (names []string) {
	for name := range calls {
		if !slices.Contains(acting, name) {
			names = append(names, name)
		}
	}
	return names
}

// callsInTx are the calls that a viewer makes within a transaction.
var callsInTx = map[string]func(ctx context.Context, tx graph.Tx, v graph.Viewer) error{
	"Read": func(ctx context.Context, tx graph.Tx, v graph.Viewer) error {
		_, err := tx.Read(ctx, v, graph.KindCompetency, []string{"erp"})
		return err
	},
	"Nearest": func(ctx context.Context, tx graph.Tx, v graph.Viewer) error {
		_, err := tx.Nearest(ctx, v, graph.KindCompetency, "erp", 1)
		return err
	},
	"Related": func(ctx context.Context, tx graph.Tx, v graph.Viewer) error {
		_, err := tx.Related(ctx, v, graph.RelatedQuery{Relation: graph.CompetencyNarrower, Parents: []string{"erp"}, Page: graph.PageQuery{First: 1}})
		return err
	},
}

// strangers are viewers who may ask nothing: those without a role, and those whose organisation is missing, or
// stated where there is none.
var strangers = []graph.Viewer{
	{}, {Role: "operator"}, {Role: "AUDITOR", Organisation: "acme"}, {Organisation: "acme"}, {Role: graph.RolePartner}, {Role: graph.RoleCustomer},
	{Role: graph.RoleAnalyst, Organisation: "acme"}, {Role: graph.RoleOperator, Organisation: "acme"},
}

// outcasts are viewers whose organisation takes no part in the network.
var outcasts = []graph.Viewer{
	{Role: graph.RolePartner, Organisation: "none"}, {Role: graph.RolePartner, Organisation: "suspended"}, {Role: graph.RolePartner, Organisation: "left"}, {Role: graph.RolePartner, Organisation: "city"},
	{Role: graph.RoleCustomer, Organisation: "none"}, {Role: graph.RoleCustomer, Organisation: "retired"}, {Role: graph.RoleCustomer, Organisation: "retired-today"}, {Role: graph.RoleCustomer, Organisation: "acme"},
}

// residents are viewers who may see some of the network.
var residents = []graph.Viewer{
	{Role: graph.RolePartner, Organisation: "acme"}, {Role: graph.RolePartner, Organisation: "pending", Subject: "ada"}, {Role: graph.RoleCustomer, Organisation: "city"},
	{Role: graph.RoleCustomer, Organisation: "retired-tomorrow"}, {Role: graph.RoleAnalyst}, {Role: graph.RoleAnalyst, Subject: "ada"},
}

// census is a world with the organisations of these viewers.
func census(w *World) {
	day := today()
	w.Competency("erp").Partner("acme").Partner("pending", graph.Partner{Status: graph.Pending}).Partner("suspended", graph.Partner{Status: graph.Suspended}).Partner("left", graph.Partner{Status: graph.Left})
	w.Customer("city").Add(
		&graph.Customer{Meta: graph.Meta{ID: "retired", RetiredOn: day - 9}, Name: "R"}, &graph.Customer{Meta: graph.Meta{ID: "retired-today", RetiredOn: day}, Name: "R"},
		&graph.Customer{Meta: graph.Meta{ID: "retired-tomorrow", RetiredOn: day + 1}, Name: "R"},
	).Save()
}

// refusedCalls checks that viewers are refused in calls.
func (w *World) refusedCalls(names []string, viewers []graph.Viewer) {
	w.Helper()
	for _, name := range names {
		for _, v := range viewers {
			if e, ok := graph.AsError(calls[name](w, w.Context(), v)); !ok || e.Code != graph.CodeForbidden {
				w.Errorf("%s lets the viewer %q in", name, v)
			}
		}
	}
	w.same("seq", w.seq(), int64(1))
}

// refusedInTx checks that viewers are refused in every call within a transaction of an operator.
func (w *World) refusedInTx(viewers []graph.Viewer) {
	w.Helper()
	w.must(w.Rehearse(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		for name, call := range callsInTx {
			for _, v := range viewers {
				if e, ok := graph.AsError(call(ctx, tx, v)); !ok || e.Code != graph.CodeForbidden {
					w.Errorf("%s within a transaction lets the viewer %q in", name, v)
				}
			}
		}
		return nil
	}))
}

func viewerCases() []testCase {
	return []testCase{
		{"A viewer without a role, or with one that lacks its organisation, is refused everywhere", func(w *World) {
			census(w)
			w.refusedCalls(slices.Collect(maps.Keys(calls)), strangers)
			w.refusedInTx(strangers)
		}},
		{"A viewer whose organisation is unknown or takes no part any more is refused everywhere", func(w *World) {
			census(w)
			w.refusedCalls(reading(), outcasts)
			w.refusedInTx(outcasts)
		}},
		{"Who sees a part of the network is refused what is an operator's, and nothing else", func(w *World) {
			census(w)
			w.refusedCalls(operating, residents)
			for _, name := range reading() {
				for _, v := range residents {
					if err := calls[name](w, w.Context(), v); err != nil && !slices.Contains(operating, name) {
						w.Errorf("%s refuses the viewer %q: %v", name, v, err)
					}
				}
			}
			w.must(w.Rehearse(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				for name, call := range callsInTx {
					for _, v := range residents {
						if err := call(ctx, tx, v); err != nil {
							w.Errorf("%s within a transaction refuses the viewer %q: %v", name, v, err)
						}
					}
				}
				return nil
			}))
		}},
		{"The status counts for an operator only", func(w *World) {
			census(w)
			told := w.status()
			for _, v := range residents {
				status, err := w.Status(w.Context(), v)
				w.must(err)
				w.same(v.String(), status, graph.StoreStatus{Engine: told.Engine, Format: told.Format, Seq: told.Seq, Counts: map[graph.Kind]int{}})
			}
		}},
		{"An operator sees everything: it has no access", func(w *World) {
			census(w)
			access, err := w.Access(w.Context(), graph.Operator)
			w.must(err)
			w.same("access", access, (*graph.Access)(nil))
			w.same("access of an answer", w.gap(Ask("erp")).Access, (*graph.Access)(nil))
		}},
		{"A viewer is refused as soon as its organisation takes no part any more", func(w *World) {
			census(w)
			_, err := w.Access(w.Context(), residents[0])
			w.must(err)
			w.Partner("acme", graph.Partner{Status: graph.Suspended}).Save()
			_, err = w.Access(w.Context(), residents[0])
			w.refused(err, graph.CodeForbidden, "")
			w.Partner("acme").Save()
			_, err = w.Access(w.Context(), residents[0])
			w.must(err)
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
		{"Whoever may change something by the rules of its caller stands in the log as its actor", func(w *World) {
			census(w)
			actors := []graph.Viewer{
				{Role: graph.RolePartner, Organisation: "acme", Subject: "ada"}, {Role: graph.RolePartner, Organisation: "acme", Key: "vw"},
				{Role: graph.RoleCustomer, Organisation: "city"}, {Role: graph.RoleAnalyst},
			}
			for i, v := range actors {
				_, err := w.Write(w.Context(), v, func(ctx context.Context, tx graph.Tx) error {
					w.put(ctx, tx, erp(fmt.Sprint("planning ", i)))
					return tx.Log(ctx, graph.Event{Type: "a", Actor: "forged"})
				})
				w.must(err)
			}
			var got, want []string
			for i, event := range w.events()[1:] {
				got, want = append(got, event.Actor), append(want, actors[i].String())
			}
			w.same("actors", got, want)
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
}

// cancelled is a context that has ended.
func cancelled(w *World) context.Context {
	ctx, cancel := context.WithCancel(w.Context())
	cancel()
	return ctx
}
