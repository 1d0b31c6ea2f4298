// Package every runs a test on every store: what is true of the product is true whatever keeps its graph.
// A TestMain of the package under test exits with neo4jserver.Main, which stops the server.
package every

import (
	"testing"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore/neo4jtest"
)

// Store runs a test in a subtest a store, each with an empty one that is closed when the subtest ends. With
// -short it is the embedded store alone, which needs no server. A test that needs Neo4j and finds none
// fails.
func Store(t *testing.T, test func(t *testing.T, store graph.Store)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { test(t, memory(t)) })
	if !testing.Short() {
		t.Run("neo4j", func(t *testing.T) { test(t, neo4jtest.Open(t)) })
	}
}

func memory(t *testing.T) graph.Store {
	store := embedded.Memory(embedded.Options{})
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
