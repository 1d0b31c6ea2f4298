package neo4jstore_test

import (
	"os"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
	"valueweb/internal/neo4jserver"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

func TestAStoreInNeo4jPassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, clock func() time.Time) graph.Store {
		return neo4jtest.Open(t, func(o *neo4jstore.Options) { o.Clock = clock })
	})
}
