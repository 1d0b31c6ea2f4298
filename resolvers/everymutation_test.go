package resolvers

import (
	"maps"
	"slices"
	"testing"
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
	})
}
