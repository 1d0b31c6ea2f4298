package storetest

import (
	"context"
	"errors"

	"valueweb/graph"
)

func rehearseCases() []testCase {
	return []testCase{
		{"A rehearsal sees its own changes and keeps nothing", func(w *World) {
			w.Add(erp("")).Save()
			w.must(w.Rehearse(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp("planning"), &graph.Competency{Meta: graph.Meta{ID: "gl"}, Name: "General ledger", Broader: []string{"erp"}})
				inside, err := tx.Read(ctx, graph.Operator, graph.KindCompetency, []string{"erp", "gl"})
				w.must(err)
				w.same("version inside", inside[0].Header().Version, 2)
				w.same("gl inside", inside[1] != nil, true)
				w.same("changed", sorted(tx.Changed()), []string{"Competency:erp", "Competency:gl"})
				return logChanges(ctx, tx)
			}))
			w.same("version", w.node(graph.KindCompetency, "erp").Header().Version, 1)
			w.same("gl", w.node(graph.KindCompetency, "gl"), graph.Node(nil))
			w.same("narrower", w.relatedIDs(graph.CompetencyNarrower, "erp"), []string(nil))
			w.same("seq", w.seq(), int64(1))
			w.same("log", len(w.events()), 1)
		}},
		{"A rehearsal refuses what a write refuses", func(w *World) {
			w.must(w.Rehearse(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				refusals, err := tx.Put(ctx, []graph.Node{&graph.Office{Meta: graph.Meta{ID: "o"}, Partner: "none"}})
				w.refused(refusals[0], graph.CodeNotFound, "partner_id")
				return err
			}))
		}},
		{"The failure of a rehearsal is returned", func(w *World) {
			failure := errors.New("no")
			err := w.Rehearse(w.Context(), graph.Operator, func(context.Context, graph.Tx) error { return failure })
			if !errors.Is(err, failure) {
				w.Errorf("the error is %v, not that of the rehearsal", err)
			}
		}},
		{"A rehearsal does not hold up a writer, and is not disturbed by it", func(w *World) {
			w.Add(erp("")).Save()
			w.must(w.Rehearse(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, &graph.Competency{Meta: graph.Meta{ID: "rehearsed"}, Name: "Rehearsed", Broader: []string{"erp"}})
				w.Add(erp("written")).Competency("iot").Save() // from within: it would wait for ever if it were held up
				inside, err := tx.Read(ctx, graph.Operator, graph.KindCompetency, []string{"rehearsed"})
				w.must(err)
				w.same("rehearsed inside", inside[0] != nil, true)
				return nil
			}))
			w.same("written", w.node(graph.KindCompetency, "erp").(*graph.Competency).Description, "written")
			w.same("rehearsed", w.node(graph.KindCompetency, "rehearsed"), graph.Node(nil))
			w.same("seq", w.seq(), int64(2))
		}},
		{"A write does not hold up a rehearsal", func(w *World) {
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp(""))
				w.must(w.Rehearse(ctx, graph.Operator, func(ctx context.Context, other graph.Tx) error {
					nodes, err := other.Read(ctx, graph.Operator, graph.KindCompetency, []string{"erp"})
					w.same("erp is not yet written", nodes, []graph.Node{nil})
					return err
				}))
				return logChanges(ctx, tx)
			})
		}},
	}
}
