package storetest

import (
	"context"
	"fmt"

	"valueweb/graph"
)

// edited writes a competency and tells of it which fields have changed.
func (w *World) edited(description string, fields ...string) {
	w.Helper()
	w.write(func(ctx context.Context, tx graph.Tx) error {
		w.put(ctx, tx, erp(description))
		return tx.Log(ctx, graph.Event{Type: "competency.updated", Subject: "Competency:erp", Changes: tx.Changed(), Fields: fields})
	})
}

// versions are the versions that the history of a competency tells of, and the fields.
func (w *World) versions(after int) (told []string) {
	w.Helper()
	events, err := w.History(w.Context(), graph.Operator, "Competency:erp", after)
	w.must(err)
	for _, event := range events {
		told = append(told, fmt.Sprint(event.Version, " ", event.Fields))
	}
	return told
}

func historyCases() []testCase {
	return []testCase{
		{"The history of a node tells of the versions after one, oldest first", func(w *World) {
			w.edited("one", "name", "description")
			w.edited("two", "description")
			w.Partner("acme").Save()
			w.edited("three", "description", "aliases")
			w.same("all", w.versions(0), []string{"1 [name description]", "2 [description]", "3 [description aliases]"})
			w.same("after 2", w.versions(2), []string{"3 [description aliases]"})
			w.same("after 3", w.versions(3), []string(nil))
			w.same("after 99", w.versions(99), []string(nil))
		}},
		{"The events of a history are those of the log", func(w *World) {
			w.edited("one", "name")
			events, err := w.History(w.Context(), graph.Operator, "Competency:erp", 0)
			w.must(err)
			w.same("events", events, w.events())
		}},
		{"What an event of many nodes has changed has no event in the history", func(w *World) {
			w.edited("one", "name")
			w.Add(erp("two")).Save()
			w.edited("three", "description")
			w.same("after 1", w.versions(1), []string{"3 [description]"})
			w.same("after 2", w.versions(2), []string{"3 [description]"})
		}},
		{"A node that there is not, and one that was never changed by itself, has no history", func(w *World) {
			w.Add(erp("one")).Save()
			w.same("none", w.versions(0), []string(nil))
			events, err := w.History(w.Context(), graph.Operator, "Competency:never", 0)
			w.must(err)
			w.same("never", len(events), 0)
		}},
		{"The history is for operators", func(w *World) {
			w.edited("one", "name")
			_, err := w.History(w.Context(), graph.Viewer{Role: graph.RoleAnalyst}, "Competency:erp", 0)
			w.refused(err, graph.CodeForbidden, "")
		}},
	}
}
