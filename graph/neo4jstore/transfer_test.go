package neo4jstore_test

import (
	"flag"
	"fmt"
	"testing"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

// graphsAtLeast is how many random graphs are taken from store to store. Each empties a database.
func graphsAtLeast(t *testing.T, n int) {
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	if err := checks.Value.Set(fmt.Sprint(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { checks.Value.Set(before) })
}

func TestAGraphComesOverFromNeo4jIntoAProcess(t *testing.T) {
	graphsAtLeast(t, often(12, 500))
	inNeo4j := neo4jtest.Openings(t)
	storetest.RunExport(t, func(*testing.T) graph.Store { return inNeo4j() }, inProcess)
}

func TestAGraphComesOverFromAProcessIntoNeo4j(t *testing.T) {
	graphsAtLeast(t, often(12, 500))
	inNeo4j := neo4jtest.Openings(t)
	storetest.RunExport(t, inProcess, func(*testing.T) graph.Store { return inNeo4j() })
}

func inProcess(t *testing.T) graph.Store {
	store := embedded.Memory(embedded.Options{})
	t.Cleanup(func() { store.Close() })
	return store
}
