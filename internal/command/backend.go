package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/v2"

	"valueweb/data"
	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/network"
	"valueweb/graph/sheet"
	"valueweb/internal/audit"
	"valueweb/internal/world"
)

// memoryStore is the name of a store that keeps nothing.
const memoryStore = "memory:"

// Location says where a graph is kept.
type Location struct {
	// Name is a directory, memory:, or the address of a Neo4j server.
	Name string
	// User, Password and Database are those of a Neo4j server; no database: its default.
	User, Password, Database string
}

// locate is the location that the settings name.
func locate(k *koanf.Koanf) Location {
	return Location{Name: k.String("store"), User: k.String("neo4j-user"), Password: k.String("neo4j-password"), Database: k.String("neo4j-database")}
}

// isDirectory reports whether the graph is kept in a directory.
func (l Location) isDirectory() bool {
	return l.Name != "" && l.Name != memoryStore && !strings.Contains(l.Name, "://")
}

// neo4jSchemes are how addresses of Neo4j servers begin.
var neo4jSchemes = []string{"neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://"}

func (l Location) isNeo4j() bool {
	return slices.ContainsFunc(neo4jSchemes, func(scheme string) bool { return strings.HasPrefix(l.Name, scheme) })
}

// open opens the store alone.
func (l Location) open(ctx context.Context) (graph.Store, error) {
	switch {
	case l.Name == memoryStore:
		return embedded.Memory(embedded.Options{}), nil
	case l.isNeo4j():
		options, err := l.neo4j()
		if err != nil {
			return nil, err
		}
		return neo4jstore.Open(ctx, options)
	case l.isDirectory():
		return embedded.Open(ctx, l.Name, embedded.Options{})
	}
	return nil, l.unknown()
}

// neo4j says how the Neo4j server is reached. An address that cannot be one is wrong use.
func (l Location) neo4j() (neo4jstore.Options, error) {
	if err := neo4jstore.CheckURI(l.Name); err != nil {
		return neo4jstore.Options{}, usage("--store: %v", err)
	}
	return neo4jstore.Options{URI: l.Name, User: l.User, Password: l.Password, Database: l.Database}, nil
}

// unknown refuses a location of no known sort.
func (l Location) unknown() error {
	return usage("--store %q is neither a directory, nor memory:, nor the address of a Neo4j server (%s…)", neo4jstore.Shown(l.Name), strings.Join(neo4jSchemes, "…, "))
}

// Backend is an open store with the network that follows it.
type Backend struct {
	Graph *graph.Graph
	Store graph.Store
	// Audit notes who was handed out customers, and which API keys were used.
	Audit *audit.Recorder
	dir   string
	ties  *network.Projection
}

// OpenBackend opens a store and loads its network.
func OpenBackend(ctx context.Context, at Location, log *slog.Logger) (*Backend, error) {
	store, err := at.open(ctx)
	if err != nil {
		return nil, err
	}
	ties, err := network.Follow(ctx, store, log)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	b := &Backend{Graph: &graph.Graph{Store: store, Network: ties, Clock: time.Now}, Store: store, ties: ties, Audit: audit.New(store, time.Now, log)}
	if at.isDirectory() {
		b.dir = at.Name
	}
	return b, nil
}

// Announce tells other processes where this one serves.
func (b *Backend) Announce(address string) error {
	if b.dir == "" {
		return nil
	}
	return embedded.Announce(b.dir, address)
}

// Close writes what is noted, and lets go of the store.
func (b *Backend) Close() error {
	b.Audit.Close()
	b.ties.Close()
	return b.Store.Close()
}

// DemoSeed makes the fictional part of the demo world.
const DemoSeed = 1

// FillDemo puts the demo world into an empty store: the real data set, then the fictional network, all in one
// transaction, so that a start that is cut off leaves the store empty. A store that holds anything is left as
// it is.
func (b *Backend) FillDemo(ctx context.Context) (filled bool, err error) {
	seq, err := b.Store.Seq(ctx)
	if err != nil || seq > 0 {
		return false, err
	}
	fictional := world.Memory()
	if err := world.Generate("demo", DemoSeed, fictional); err != nil {
		return false, fmt.Errorf("make the fictional part of the demo world: %w", err)
	}
	seq, err = b.Store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		for _, sheets := range []fs.FS{data.Real(), fictional.FS()} {
			if err := fill(ctx, tx, sheets); err != nil {
				return err
			}
		}
		return sheet.LogChanges(ctx, tx)
	})
	if err != nil {
		return false, fmt.Errorf("fill in the demo world: %w", err)
	}
	return true, b.ties.Await(ctx, seq)
}

// fill imports sheets of which every row must be right.
func fill(ctx context.Context, tx graph.Tx, sheets fs.FS) error {
	sources, err := sheet.Dir(sheets)
	if err != nil {
		return err
	}
	report, err := sheet.ImportInto(ctx, tx, graph.Operator, sources, sheet.Options{})
	if err == nil && !report.Complete() {
		err = fmt.Errorf("%d rows were rejected, the first: %s", report.Totals.Rejected, problemLine(report.Problems[0]))
	}
	return err
}
