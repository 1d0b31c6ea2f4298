package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/bench"
	"valueweb/bench/cypher"
	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/sheet"
	"valueweb/internal/neo4jserver"
)

// homeVariable names the folder of a Neo4j that holds the world already, or is to keep it for the next run.
const homeVariable = "VALUEWEB_BENCH_NEO4J"

// enterNeo4j enters the product on Neo4j, and hand-written Cypher on the same database.
func (f *field) enterNeo4j(ctx context.Context) error {
	progress("start Neo4j")
	database, err := neo4jserver.Given(ctx)
	if err != nil {
		return err
	}
	if database == nil {
		if database, err = neo4jserver.Start(ctx, neo4jserver.Options{Home: os.Getenv(homeVariable), Heap: "2g", PageCache: "1g", Progress: os.Stderr}); err != nil {
			return err
		}
	}
	f.ends = append(f.ends, database.Stop)
	if err := fillNeo4j(ctx, database, f.sheets); err != nil {
		return err
	}
	driver, err := neo4j.NewDriverWithContext(database.URI, neo4j.BasicAuth(database.User, database.Password, ""))
	if err != nil {
		return err
	}
	f.ends = append(f.ends, func() error { return driver.Close(context.Background()) })
	spent := func(context.Context) (bench.Spent, error) { return databaseSpent(database) }
	os.Setenv("VALUEWEB_NEO4J_USER", database.User)
	os.Setenv("VALUEWEB_NEO4J_PASSWORD", database.Password)
	s, err := start(ctx, database.URI)
	if err != nil {
		return fmt.Errorf("start the server on Neo4j: %w", err)
	}
	f.ends = append(f.ends, s.stop)
	both := func(ctx context.Context) (bench.Spent, error) {
		mine, err := s.spent(ctx)
		theirs, also := databaseSpent(database)
		mine.CPU += theirs.CPU
		return mine, errors.Join(err, also)
	}
	f.add(&bench.GraphQL{Title: "Valueweb over HTTP, Neo4j", URL: s.url + "/graphql", Selection: bench.Facts, Client: s.client, Server: both}, false)
	f.add(&bench.GraphQL{
		Title: "the same, as the partner that asks", URL: s.url + "/graphql", Selection: bench.Facts, AsPartner: true, Client: s.client, Server: both,
	}, true)
	f.add(&cypher.Contestant{Driver: driver, Server: spent}, false)
	return nil
}

// databaseSpent is what a database that was started here has spent.
func databaseSpent(database *neo4jserver.Server) (bench.Spent, error) {
	if database.Given {
		return bench.Spent{}, nil // it may run anywhere
	}
	cpu, err := bench.ProcessCPU(database.PID())
	return bench.Spent{CPU: cpu}, err
}

// fillNeo4j imports the world into an empty database.
func fillNeo4j(ctx context.Context, database *neo4jserver.Server, sheets string) (err error) {
	store, err := neo4jstore.Open(ctx, neo4jstore.Options{URI: database.URI, User: database.User, Password: database.Password})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	seq, err := store.Seq(ctx)
	if err != nil || seq > 0 {
		return err
	}
	progress("import the world into Neo4j (some minutes)")
	sources, err := sheet.Files(sheets)
	if err != nil {
		return err
	}
	report, err := sheet.Import(ctx, store, graph.Operator, sources, sheet.Options{})
	if err == nil && !report.Complete() {
		err = fmt.Errorf("import: %d rows were rejected", report.Totals.Rejected)
	}
	return err
}
