package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph/neo4jstore"
	"valueweb/internal/neo4jserver"
)

// database is a Neo4j of this run, and what an import wrote to it.
type database struct {
	sheets  string
	server  *neo4jserver.Server
	driver  neo4j.DriverWithContext
	batches [][]write // by transaction
}

// write is one statement of a transaction.
type write struct {
	text   string
	params map[string]any
}

func startDatabase(ctx context.Context, sheets string) (*database, error) {
	server, err := neo4jserver.Start(ctx, neo4jserver.Options{Heap: "2g", PageCache: "1g", Progress: os.Stderr})
	if err != nil {
		return nil, err
	}
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return &database{sheets: sheets, server: server, driver: driver}, nil
}

func (d *database) close() error {
	return errors.Join(d.driver.Close(context.Background()), d.server.Stop())
}

// record imports the sheets once and keeps what was written. It also warms both up.
func (d *database) record(ctx context.Context) (rows int, err error) {
	var mu sync.Mutex
	notWritten := []string{"commit-begin", "commit-end", "commit-settle"}
	store, err := d.open(ctx, func(name string, _ map[string]any, summary neo4j.ResultSummary) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case name == "lock":
			d.batches = append(d.batches, nil)
		case len(d.batches) > 0 && summary.Counters().ContainsUpdates() && !slices.Contains(notWritten, name):
			last := len(d.batches) - 1
			d.batches[last] = append(d.batches[last], write{summary.Query().Text(), summary.Query().Parameters()})
		}
	})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	rows, _, err = importInto(ctx, store, d.sheets)
	return rows, err
}

func (d *database) open(ctx context.Context, observe func(string, map[string]any, neo4j.ResultSummary)) (*neo4jstore.Store, error) {
	return neo4jstore.Open(ctx, neo4jstore.Options{URI: d.server.URI, User: d.server.User, Password: d.server.Password, Observe: observe})
}

// empty removes everything but the log, which begins anew.
func (d *database) empty(ctx context.Context) error {
	session := d.driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	for _, text := range []string{
		`MATCH (n) WHERE NOT n:Log AND NOT n:Commit CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS`,
		`MATCH (log:Log) SET log.seq = 0`,
	} {
		result, err := session.Run(ctx, text, nil)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		if err != nil {
			return fmt.Errorf("empty the database: %w", err)
		}
	}
	return nil
}

// replay writes what was recorded through the bare driver.
func (d *database) replay(ctx context.Context) (time.Duration, error) {
	if err := d.empty(ctx); err != nil {
		return 0, err
	}
	session := d.driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	begin := time.Now()
	for _, batch := range d.batches {
		if _, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) { return nil, runAll(ctx, tx, batch) }); err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}

func runAll(ctx context.Context, tx neo4j.ManagedTransaction, batch []write) error {
	for _, one := range batch {
		result, err := tx.Run(ctx, one.text, one.params)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// imported imports the sheets through the store.
func (d *database) imported(ctx context.Context) (took time.Duration, err error) {
	if err := d.empty(ctx); err != nil {
		return 0, err
	}
	store, err := d.open(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	_, took, err = importInto(ctx, store, d.sheets)
	return took, err
}
