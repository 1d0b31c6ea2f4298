package neo4jstore_test

import (
	"os"
	"testing"

	"valueweb/graph"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
	"valueweb/internal/neo4jserver"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

func TestAStoreInNeo4jPassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) graph.Store { return neo4jtest.Open(t) })
}
