// Package neo4jtest gives tests a store in a real Neo4j: the one server of the test process, emptied before
// every use. A TestMain of the package under test exits with neo4jserver.Main, which stops the server.
package neo4jtest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph/neo4jstore"
	"valueweb/internal/neo4jserver"
)

// turn is held by whoever uses the database: there is one.
var turn sync.Mutex

// Open opens an empty store. The database is the test's own until the test ends: other tests wait.
func Open(t testing.TB, edit ...func(*neo4jstore.Options)) *neo4jstore.Store {
	t.Helper()
	return Openings(t, edit...)()
}

// Openings waits for the turn, which ends with the test. Every call of what it returns opens a store, and
// empties the database under those that were opened before.
func Openings(t testing.TB, edit ...func(*neo4jstore.Options)) func() *neo4jstore.Store {
	t.Helper()
	server := take(t)
	options := Options(server)
	for _, change := range edit {
		change(&options)
	}
	return func() *neo4jstore.Store {
		t.Helper()
		empty(t, server)
		return Beside(t, options)
	}
}

// Beside opens a store on what the database holds, beside those that are open: that of another process.
func Beside(t testing.TB, options neo4jstore.Options) *neo4jstore.Store {
	t.Helper()
	store, err := neo4jstore.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// Empty waits for the turn, empties the database and says how it is reached. The turn ends with the test.
func Empty(t testing.TB) neo4jstore.Options {
	t.Helper()
	server := take(t)
	empty(t, server)
	return Options(server)
}

// take waits for the turn.
func take(t testing.TB) *neo4jserver.Server {
	t.Helper()
	server := neo4jserver.Shared(t, isOurs)
	turn.Lock()
	t.Cleanup(turn.Unlock)
	return server
}

// EmptyAgain empties the database for a test whose turn it is. Whatever has it open must have been closed.
func EmptyAgain(t testing.TB) {
	t.Helper()
	empty(t, neo4jserver.Shared(t, isOurs))
}

func empty(t testing.TB, server *neo4jserver.Server) {
	t.Helper()
	for _, statement := range []string{
		`MATCH (n) WHERE NOT n:Log AND NOT n:Commit CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS`,
		`MERGE (log:Log {id: 'log'}) ON CREATE SET log.format = 0 SET log.seq = 0, log.forgotten = 0, log.noted = -1, log.tests = true`,
		`MATCH (commit:Commit) SET commit.ended = commit.begun`,
	} {
		if err := run(t.Context(), server, statement); err != nil {
			t.Fatalf("empty the database: %v", err)
		}
	}
}

// Environment names a database to the program, in the variables that it reads.
func Environment(o neo4jstore.Options) []string {
	return []string{"VALUEWEB_STORE=" + o.URI, "VALUEWEB_NEO4J_USER=" + o.User, "VALUEWEB_NEO4J_PASSWORD=" + o.Password}
}

// Options says how the store of a server is reached.
func Options(server *neo4jserver.Server) neo4jstore.Options {
	return neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password}
}

// Run runs a statement past the store, as an analyst would, and returns its rows. It may be called while a
// test cleans up.
func Run(t testing.TB, statement string, params map[string]any) []map[string]any {
	t.Helper()
	rows, err := query(context.WithoutCancel(t.Context()), neo4jserver.Shared(t, isOurs), statement, params)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// isOurs recognises a database that an earlier run of tests left: it says so itself.
func isOurs(ctx context.Context, server *neo4jserver.Server) (bool, error) {
	rows, err := query(ctx, server, `MATCH (log:Log {id: 'log'}) RETURN log.tests = true AS tests`, nil)
	return err == nil && len(rows) == 1 && rows[0]["tests"] == true, err
}

// connected is the one driver of the test process, which ends with it.
var connected struct {
	once   sync.Once
	driver neo4j.DriverWithContext
	err    error
}

func connect(server *neo4jserver.Server) (neo4j.DriverWithContext, error) {
	connected.once.Do(func() {
		connected.driver, connected.err = neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	})
	return connected.driver, connected.err
}

func query(ctx context.Context, server *neo4jserver.Server, statement string, params map[string]any) ([]map[string]any, error) {
	driver, err := connect(server)
	if err != nil {
		return nil, err
	}
	result, err := neo4j.ExecuteQuery(ctx, driver, statement, params, neo4j.EagerResultTransformer)
	if err != nil {
		return nil, err
	}
	rows := make([]map[string]any, len(result.Records))
	for i, record := range result.Records {
		rows[i] = record.AsMap()
	}
	return rows, nil
}

// run runs a statement in a transaction that it makes itself.
func run(ctx context.Context, server *neo4jserver.Server, statement string) error {
	driver, err := connect(server)
	if err != nil {
		return err
	}
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(context.WithoutCancel(ctx))
	result, err := session.Run(ctx, statement, nil)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
