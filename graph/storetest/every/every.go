// Package every runs a test on every store: what is true of the product is true whatever keeps its graph.
// A TestMain of the package under test exits with neo4jserver.Main, which stops the server.
package every

import (
	"os"
	"testing"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore/neo4jtest"
)

// The stores, by the names of their subtests.
const (
	inMemory = "embedded"
	inNeo4j  = "neo4j"
)

// variable names the one store to test on, where stores are tested side by side. What is not about any store runs
// whichever it names.
const variable = "VALUEWEB_TEST_STORE"

// Store runs a test in a subtest a store, each with an empty one that is closed when the subtest ends. With
// -short it is the embedded store alone, which needs no server, and with VALUEWEB_TEST_STORE the one that it
// names. A test that needs Neo4j and finds none fails.
func Store(t *testing.T, test func(t *testing.T, store graph.Store)) {
	t.Helper()
	if tested(t, inMemory) {
		t.Run(inMemory, func(t *testing.T) { test(t, memory(t)) })
	}
	if tested(t, inNeo4j) {
		t.Run(inNeo4j, func(t *testing.T) { test(t, neo4jtest.Open(t)) })
	}
}

// Embedded skips a long test of the embedded store alone while Neo4j alone is tested: it runs beside, with the other
// tests of that store.
func Embedded(t testing.TB) {
	t.Helper()
	if !tested(t, inMemory) {
		t.Skip(variable + " names another store")
	}
}

func tested(t testing.TB, store string) bool {
	t.Helper()
	switch only := os.Getenv(variable); only {
	case "":
		return store == inMemory || !testing.Short()
	case inMemory, inNeo4j:
		return store == only
	default:
		t.Fatalf("%s=%s: it may be %s or %s", variable, only, inMemory, inNeo4j)
		return false
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
