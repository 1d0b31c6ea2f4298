package resolvers

import (
	"maps"
	"slices"
	"testing"

	"valueweb/graph"
)

// mutationCases say of every mutation of the schema what it must do on every store: one that has no case fails the
// test below. A file of cases adds its own in a function init. The cases of a store share one world of two partners
// and the clock of the fixture, one after the other: each makes what it changes, and asks as an operator unless it
// sets f.viewer, which is set back after it.
var mutationCases = map[string]func(t *testing.T, f *fixture){}

func TestEveryMutationDoesWhatItsCaseSays(t *testing.T) {
	for _, field := range schema().Mutation.Fields {
		if mutationCases[field.Name] == nil {
			t.Errorf("the mutation %s has no case", field.Name)
		}
	}
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		asks := f.viewer
		for _, name := range slices.Sorted(maps.Keys(mutationCases)) {
			t.Run(name, func(t *testing.T) {
				defer func() { f.viewer = asks }()
				mutationCases[name](t, f)
			})
		}
		f.knowsItsEvents(t)
	})
}

// knowsItsEvents expects that whoever subscribes can name the type of every event of the log.
func (f *fixture) knowsItsEvents(t *testing.T) {
	t.Helper()
	events, err := f.store.Events(t.Context(), graph.Operator, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		kind, _, _ := graph.ParseGID(event.Subject)
		if !slices.Contains(graph.EventTypes, graph.EventType{Name: event.Type, Subject: kind}) {
			t.Errorf("graph.EventTypes lacks %s about %q", event.Type, event.Subject)
		}
	}
}
