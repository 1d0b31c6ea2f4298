package neo4jstore_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/storetest"
)

var turn sync.Mutex

func open(t *testing.T) graph.Store {
	turn.Lock()
	t.Cleanup(turn.Unlock)
	uri := os.Getenv("VALUEWEB_NEO4J_URI")
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.Background())
	if _, err := neo4j.ExecuteQuery(t.Context(), driver, "MATCH (n) WHERE NOT n:Log DETACH DELETE n", nil, neo4j.EagerResultTransformer); err != nil {
		t.Fatal(err)
	}
	if _, err := neo4j.ExecuteQuery(t.Context(), driver, "MATCH (n:Log) SET n.seq = 0", nil, neo4j.EagerResultTransformer); err != nil {
		t.Fatal(err)
	}
	s, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSuite(t *testing.T) { storetest.Run(t, open) }
