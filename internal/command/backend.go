package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"valueweb/data"
	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/network"
	"valueweb/graph/sheet"
	"valueweb/internal/world"
)

// memoryStore is the name of a store that keeps nothing.
const memoryStore = "memory:"

// Backend is an open store with the network that follows it.
type Backend struct {
	Graph *graph.Graph
	Store *embedded.Store
	dir   string
	ties  *network.Projection
}

// OpenBackend opens the store of a name and loads its network.
func OpenBackend(ctx context.Context, name string, log *slog.Logger) (*Backend, error) {
	store, dir, err := openStore(ctx, name)
	if err != nil {
		return nil, err
	}
	ties, err := network.Follow(ctx, store, log)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return &Backend{Graph: &graph.Graph{Store: store, Network: ties, Clock: time.Now}, Store: store, dir: dir, ties: ties}, nil
}

// isDirectory reports whether the name of a store is that of a directory.
func isDirectory(name string) bool {
	return name != "" && name != memoryStore && !strings.Contains(name, "://")
}

func openStore(ctx context.Context, name string) (store *embedded.Store, dir string, err error) {
	switch {
	case name == memoryStore:
		return embedded.Memory(embedded.Options{}), "", nil
	case name == "":
		return nil, "", usage("--store names a directory or memory:")
	case !isDirectory(name):
		return nil, "", usage("--store %s: this program keeps the graph in a directory or in memory:", name)
	}
	store, err = embedded.Open(ctx, name, embedded.Options{})
	return store, name, err
}

// Announce tells other processes where this one serves.
func (b *Backend) Announce(address string) error {
	if b.dir == "" {
		return nil
	}
	return embedded.Announce(b.dir, address)
}

// Close lets go of the store.
func (b *Backend) Close() error {
	b.ties.Close()
	return b.Store.Close()
}

// DemoSeed makes the fictional part of the demo world.
const DemoSeed = 1

// unfinishedDemo marks a data directory while the demo world is filled in, so that a start that was cut
// off is completed by the next one.
const unfinishedDemo = "demo.unfinished"

// AbandonDemo takes back that a demo world was being filled in: what is in the store now is somebody's own.
func (b *Backend) AbandonDemo() error {
	if b.dir == "" {
		return nil
	}
	if err := os.Remove(filepath.Join(b.dir, unfinishedDemo)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("unmark the demo world: %w", err)
	}
	return nil
}

// FillDemo puts the demo world into an empty store: the real data set, then the fictional network. A store
// that holds anything else is left as it is.
func (b *Backend) FillDemo(ctx context.Context) (filled bool, err error) {
	seq, err := b.Store.Seq(ctx)
	if err != nil {
		return false, err
	}
	marker := filepath.Join(b.dir, unfinishedDemo)
	if seq > 0 {
		if _, err := os.Stat(marker); b.dir == "" || err != nil {
			return false, nil
		}
	}
	if b.dir != "" {
		if err := os.WriteFile(marker, nil, 0o644); err != nil {
			return false, fmt.Errorf("mark the demo world as unfinished: %w", err)
		}
		defer func() {
			if err == nil {
				err = os.Remove(marker)
			}
		}()
	}
	fictional := world.Memory()
	if err := world.Generate("demo", DemoSeed, fictional); err != nil {
		return false, fmt.Errorf("make the fictional part of the demo world: %w", err)
	}
	for _, sheets := range []fs.FS{data.Real(), fictional.FS()} {
		if err := b.fill(ctx, sheets); err != nil {
			return false, fmt.Errorf("fill in the demo world: %w", err)
		}
	}
	if seq, err = b.Store.Seq(ctx); err != nil {
		return false, err
	}
	return true, b.ties.Await(ctx, seq)
}

// fill imports sheets of which every row must be right.
func (b *Backend) fill(ctx context.Context, sheets fs.FS) error {
	sources, err := sheet.Dir(sheets)
	if err != nil {
		return err
	}
	report, err := sheet.Import(ctx, b.Store, graph.Operator, sources, sheet.Options{})
	if err == nil && !report.Complete() {
		err = fmt.Errorf("%d rows were rejected, the first: %s", report.Totals.Rejected, problemLine(report.Problems[0]))
	}
	return err
}
