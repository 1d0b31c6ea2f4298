// Package migrations_test tests what makes, changes and misses the indexes of a database, and what freezes it: at a Neo4j
// of its own, for the one that other tests share would forget its plans, which all of them use.
package migrations_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/internal/neo4jserver"
)

// server is the one of these tests.
var server *neo4jserver.Server

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if os.Getenv("MIGRATE") != "" {
		return m.Run() // a process of another test
	}
	ctx := context.Background()
	var err error
	if server, err = neo4jserver.Start(ctx, neo4jserver.ForOneTest(os.Stderr)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// query runs a statement past the store and returns its rows. It may be called while a test cleans up.
func query(t *testing.T, statement string) []map[string]any {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(ctx)
	result, err := neo4j.ExecuteQuery(ctx, driver, statement, nil, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	for _, record := range result.Records {
		rows = append(rows, record.AsMap())
	}
	return rows
}

func TestServersThatStartTogetherMigrateOnce(t *testing.T) {
	options := bare(t)
	var starting sync.WaitGroup
	moved := make([]neo4jstore.Migrated, 5)
	for i := range moved {
		starting.Go(func() {
			var err error
			if moved[i], err = neo4jstore.Migrate(t.Context(), options); err != nil {
				t.Error(err)
			}
		})
	}
	starting.Wait()
	applied := 0
	for _, one := range moved {
		if one.To != neo4jstore.Format {
			t.Errorf("a server came to format %d", one.To)
		}
		if applied += len(one.Applied); len(one.Applied) > 0 && one.From != 0 {
			t.Errorf("a server found format %d and applied %v", one.From, one.Applied)
		}
	}
	if applied != neo4jstore.Format {
		t.Errorf("%d migrations were applied, of %d that there are: %+v", applied, neo4jstore.Format, moved)
	}
	isWhole(t)
}

// TestAMigrationThatWasKilledIsCompletedByTheNextStart kills a process once it has made some of the indexes.
func TestAMigrationThatWasKilledIsCompletedByTheNextStart(t *testing.T) {
	options := bare(t)
	process := exec.Command(os.Args[0], "-test.run=^TestMigrateForAnotherTest$")
	process.Env = append(os.Environ(), "MIGRATE="+options.URI, "MIGRATE_USER="+options.User, "MIGRATE_PASSWORD="+options.Password)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); len(schema(t)) < 5; { // two are there in any database
		if time.Since(begin) > time.Minute {
			t.Fatal("the other process makes no index")
		}
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	process.Wait() // it was killed, and says so
	if made := len(schema(t)); made >= len(whole) {
		t.Logf("all %d indexes were made before the kill", made)
	}
	moved, err := neo4jstore.Migrate(t.Context(), options)
	if err != nil || moved.To != neo4jstore.Format {
		t.Fatalf("%v %+v", err, moved)
	}
	isWhole(t)
}

// TestAMigrationCompletesAConstraintOfWhichThereIsTheIndexOnly: so a killed server can leave it. An index of the
// name on something else is not ours to drop.
func TestAMigrationCompletesAConstraintOfWhichThereIsTheIndexOnly(t *testing.T) {
	options := bare(t)
	query(t, "CREATE INDEX partner_id FOR (n:Partner) ON (n.id)")
	query(t, "CREATE INDEX office_id FOR (n:Elsewhere) ON (n.id)")
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
	defer cancel()
	if _, err := neo4jstore.Migrate(ctx, options); err == nil {
		t.Fatal("the name office_id is taken, and nothing is said")
	}
	if made := schema(t); !slices.Contains(made, "partner_id") || !slices.Contains(made, "office_id") {
		t.Fatalf("there are %v", made)
	}
	query(t, "DROP INDEX office_id")
	if _, err := neo4jstore.Migrate(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	isWhole(t)
}

func TestMigrateForAnotherTest(t *testing.T) {
	if os.Getenv("MIGRATE") == "" {
		t.Skip("it is run by another test, in a process of its own")
	}
	_, err := neo4jstore.Migrate(t.Context(), neo4jstore.Options{URI: os.Getenv("MIGRATE"), User: os.Getenv("MIGRATE_USER"), Password: os.Getenv("MIGRATE_PASSWORD")})
	if err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseThatIsNotOursIsLeftAsItIs(t *testing.T) {
	for _, c := range []struct{ name, make, told string }{
		{"nodes of somebody else", "CREATE (:Movie {title: 'Metropolis'})-[:BY]->(:Director)", "Director, Movie"},
		{"a node without a label", "CREATE ()", "(no label)"},
		{"nodes of our labels without a log", "CREATE (:Partner {id: 'p'})", "Partner"},
		{"a log of somebody else", "CREATE (:Log {id: 'log', line: 'hello'})", "Log"},
		{"a newer format", "CREATE (:Log {id: 'log', seq: 0, format: 99})", "format 99"},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := bare(t)
			query(t, c.make)
			before := query(t, "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties ORDER BY labels")
			store, err := neo4jstore.Open(t.Context(), options)
			if err == nil {
				store.Close()
			}
			if e, ok := graph.AsError(err); !ok || e.Code != graph.CodeUnavailable || !strings.Contains(err.Error(), c.told) || !strings.Contains(err.Error(), options.URI) {
				t.Errorf("%v", err)
			}
			if after := query(t, "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties ORDER BY labels"); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("before: %v\nafter: %v", before, after)
			}
			if made := schema(t); len(made) > 2 {
				t.Errorf("indexes were made: %v", made)
			}
		})
	}
}

// bare empties the database, its constraints and indexes included.
func bare(t *testing.T) neo4jstore.Options {
	strip(t)
	return neo4jtest.Options(server)
}

func strip(t *testing.T) {
	for _, row := range query(t, "SHOW CONSTRAINTS YIELD name RETURN name") {
		query(t, fmt.Sprintf("DROP CONSTRAINT `%s`", row["name"]))
	}
	for _, row := range query(t, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name") {
		query(t, fmt.Sprintf("DROP INDEX `%s`", row["name"]))
	}
	query(t, "MATCH (n) DETACH DELETE n")
}

// schema are the names of the indexes, those of constraints included.
func schema(t *testing.T) []string {
	var names []string
	for _, row := range query(t, "SHOW INDEXES YIELD name, state RETURN name, state ORDER BY name") {
		names = append(names, fmt.Sprint(row["name"]))
	}
	return names
}

// whole is what a database has that is of the format of this program, but for the two indexes of any database.
var whole = func() []string {
	files, err := os.ReadDir(".")
	if err != nil {
		panic(err)
	}
	names := []string{"log_id"}
	for _, file := range files {
		if filepath.Ext(file.Name()) != ".cypher" {
			continue
		}
		text, err := os.ReadFile(file.Name())
		if err != nil {
			panic(err)
		}
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) > 2 && words[0] == "CREATE" {
				names = append(names, words[slices.IndexFunc(words, func(w string) bool { return w == "INDEX" || w == "CONSTRAINT" })+1])
			}
		}
	}
	slices.Sort(names)
	return names
}()

// isWhole checks that every index is there once and online, and that the format says so.
func isWhole(t *testing.T) {
	t.Helper()
	var names []string
	for _, row := range query(t, "SHOW INDEXES YIELD name, state, type WHERE type <> 'LOOKUP' RETURN name, state ORDER BY name") {
		names = append(names, fmt.Sprint(row["name"]))
		if row["state"] != "ONLINE" {
			t.Errorf("index %v is %v", row["name"], row["state"])
		}
	}
	if !slices.Equal(names, whole) {
		t.Errorf("the indexes are\n%v\nnot\n%v", names, whole)
	}
	if logs := query(t, "MATCH (log:Log) RETURN log.format AS format, log.seq AS seq"); len(logs) != 1 || logs[0]["format"] != int64(neo4jstore.Format) || logs[0]["seq"] != int64(0) {
		t.Errorf("the logs are %v", logs)
	}
}

func TestEveryCallAtAFrozenDatabaseEndsByItsDeadline(t *testing.T) {
	store, err := neo4jstore.Open(t.Context(), bare(t))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	calls := map[string]func(context.Context) error{
		"seq":    func(ctx context.Context) error { _, err := store.Seq(ctx); return err },
		"status": func(ctx context.Context) error { _, err := store.Status(ctx, graph.Operator); return err },
		"await":  func(ctx context.Context) error { return store.Await(ctx, 1<<40) },
		"events": func(ctx context.Context) error { _, err := store.Events(ctx, graph.Operator, 0, 10); return err },
		"list": func(ctx context.Context) error {
			_, err := store.List(ctx, graph.Operator, graph.ListQuery{Kind: graph.KindPartner, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 1}})
			return err
		},
		"network": func(ctx context.Context) error {
			_, err := store.Network(ctx, graph.Operator, func(graph.NetworkChunk) error { return nil })
			return err
		},
		"write": func(ctx context.Context) error {
			_, err := store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				if _, err := tx.Put(ctx, []graph.Node{&graph.Partner{Meta: graph.Meta{ID: "p"}, Name: "P", Status: graph.Active}}); err != nil {
					return err
				}
				return tx.Log(ctx, graph.Event{Type: "test.put", Subject: "Partner:p"})
			})
			return err
		},
	}
	for name, call := range calls { // so that there are connections, and plans
		if name != "await" && name != "write" {
			if err := call(t.Context()); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	defer server.Thaw()
	const deadline = time.Second
	var asking sync.WaitGroup
	for name, call := range calls {
		asking.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), deadline)
			defer cancel()
			begin := time.Now()
			err := call(ctx)
			took := time.Since(begin)
			t.Logf("%s: %v after %v", name, err, took.Round(time.Millisecond))
			if e, ok := graph.AsError(err); took > deadline+2*time.Second || err != context.DeadlineExceeded && !(ok && e.Code == graph.CodeUnavailable) {
				t.Errorf("%s: %v after %v", name, err, took)
			}
		})
	}
	asking.Wait()
	if err := server.Thaw(); err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		if name == "await" {
			continue
		}
		if err := call(t.Context()); err != nil {
			t.Errorf("after the thaw: %s: %v", name, err)
		}
	}
}
