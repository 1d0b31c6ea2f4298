package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// shared is the one server of a test process.
var shared struct {
	once   sync.Once
	server *Server
	unlock func() error
	err    error
}

// Shared is the one server of a test process: started empty by the first test that asks, stopped by Main.
// Tests share its database, so each removes what it wrote or works on labels of its own. If there is no
// Neo4j to be had the test fails with the reason; it is never skipped.
//
// With VALUEWEB_NEO4J_URI it is that server. It must hold nothing, or one of ours must recognise what it
// holds as left by an earlier run of these tests; else the test fails, for tests remove what they find.
// Test processes take turns at such a server, and only the ours of the first call of a process count.
func Shared(t testing.TB, ours ...func(context.Context, *Server) (bool, error)) *Server {
	t.Helper()
	shared.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // a download included
		defer cancel()
		shared.server, shared.err = startShared(ctx, ours)
	})
	if shared.err != nil {
		t.Fatalf("no Neo4j for the tests: %v", shared.err)
	}
	return shared.server
}

// Main runs the tests of a package and stops the shared server; a TestMain exits with what it returns. A
// server that cannot be stopped fails the run.
func Main(m *testing.M) int {
	code := m.Run()
	if err := stopShared(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// ForTests are the options of a server for tests, which ask many statements once or twice each, so that most of what
// they cost is being planned: a plan is kept although the database is emptied and filled all the time, and however many
// there are; Java compiles with all its skill only what runs ten times as often as by default; and collects garbage,
// nearly all of it young, in the cheapest way there is on few processors.
func ForTests(progress io.Writer) Options {
	return Options{
		Heap:     "2g",
		Settings: []string{"dbms.cypher.min_replan_interval=1h", "server.memory.query_cache.per_db_cache_num_entries=4000"},
		JVM: []string{
			"-XX:Tier4InvocationThreshold=50000", "-XX:Tier4MinInvocationThreshold=6000", "-XX:Tier4CompileThreshold=150000", "-XX:Tier4BackEdgeThreshold=400000",
			"-XX:-UseG1GC", "-XX:+UseSerialGC", "-Xmn1g",
		},
		Progress: progress,
	}
}

// ForOneTest are the options of a server that is stopped or killed before it would run fast: Java compiles in a hurry.
func ForOneTest(progress io.Writer) Options {
	options := ForTests(progress)
	options.Heap = "1g"
	options.JVM = []string{"-XX:TieredStopAtLevel=1", "-XX:-UseG1GC", "-XX:+UseSerialGC", "-Xmn512m"}
	return options
}

func startShared(ctx context.Context, ours []func(context.Context, *Server) (bool, error)) (*Server, error) {
	if !isGiven() {
		return Start(ctx, ForTests(os.Stderr))
	}
	unlock, err := lock(ctx, givenLock())
	if err != nil {
		return nil, fmt.Errorf("wait for other tests at the given server: %w", err)
	}
	shared.unlock = unlock
	server, err := Given(ctx)
	if err != nil {
		return nil, err
	}
	return server, mayBeEmptied(ctx, server, ours)
}

// mayBeEmptied is an error unless the database is empty or one of ours recognises it.
func mayBeEmptied(ctx context.Context, server *Server, ours []func(context.Context, *Server) (bool, error)) error {
	if empty, err := server.empty(ctx); err != nil || empty {
		return err
	}
	for _, recognises := range ours {
		if yes, err := recognises(ctx, server); err != nil || yes {
			return err
		}
	}
	return errors.New("the database at " + server.URI + " holds what these tests did not write, and they would remove it: name an empty one")
}

// givenLock is a file for the server that was given, the same in every test process of this machine.
func givenLock() string {
	hash := fnv.New64a()
	hash.Write([]byte(os.Getenv(uriVariable)))
	return filepath.Join(os.TempDir(), fmt.Sprintf("valueweb-neo4j-given-%x.lock", hash.Sum64()))
}

func stopShared() error {
	if shared.unlock != nil {
		defer shared.unlock()
	}
	if shared.server == nil {
		return nil
	}
	return shared.server.Stop()
}
