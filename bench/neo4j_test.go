package bench

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/network"
	"valueweb/internal/neo4jserver"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

// onNeo4j is a graph of the partners of the world, with their offices and what they hold, in a real Neo4j.
func (w *world) onNeo4j(b *testing.B) *graph.Graph {
	server := neo4jserver.Shared(b)
	store, err := neo4jstore.Open(b.Context(), neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	seq, err := store.Seq(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if seq == 0 { // else an earlier round has filled it
		for _, kind := range []graph.Kind{graph.KindCompetency, graph.KindPartner, graph.KindOffice, graph.KindHolding} {
			w.copyTo(b, store, kind)
		}
	}
	follow, err := network.Follow(context.Background(), store, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { follow.Close() })
	return &graph.Graph{Store: store, Network: follow, Clock: time.Now}
}

// copyTo puts all nodes of a kind into another store.
func (w *world) copyTo(b *testing.B, store graph.Store, kind graph.Kind) {
	q := graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 100_000}}
	page, err := w.Store.List(b.Context(), graph.Operator, q)
	if err != nil || page.HasNext {
		b.Fatalf("list every %s: %v", kind, err)
	}
	for nodes := range slices.Chunk(page.Nodes, 20_000) {
		if err := put(b.Context(), store, nodes); err != nil {
			b.Fatal(err)
		}
	}
}
