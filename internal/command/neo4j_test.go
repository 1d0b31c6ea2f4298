package command

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"valueweb/internal/neo4jserver"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

// startsWithin is how long a command may take to say that it cannot open a database. It is some times what it
// takes on an idle machine: where nobody answers, the driver tries again for two seconds.
const startsWithin = 30 * time.Second

func TestAStoreThatCannotBeOpenedIsNamedWithWhatToDo(t *testing.T) {
	server := neo4jserver.Shared(t, anybody)
	host := strings.TrimPrefix(server.URI, "bolt://")
	password := map[string]string{"VALUEWEB_NEO4J_USER": server.User, "VALUEWEB_NEO4J_PASSWORD": server.Password}
	with := func(name, value string) map[string]string {
		all := map[string]string{name: value}
		for other, its := range password {
			if other != name {
				all[other] = its
			}
		}
		return all
	}
	for _, c := range []struct {
		name, store string
		variables   map[string]string
		code        int
		told        []string
	}{
		{"a wrong password", server.URI, with("VALUEWEB_NEO4J_PASSWORD", "not-the-password"), exitFailed, []string{server.URI, "refuses the password", "VALUEWEB_NEO4J_PASSWORD"}},
		{"no password", server.URI, map[string]string{}, exitFailed, []string{server.URI, "asks for a user and a password", "VALUEWEB_NEO4J_USER"}},
		{"no such database", server.URI, with("VALUEWEB_NEO4J_DATABASE", "nowhere"), exitFailed, []string{server.URI, `no database "nowhere"`, "VALUEWEB_NEO4J_DATABASE"}},
		{"no such database, routed", "neo4j://" + host, with("VALUEWEB_NEO4J_DATABASE", "nowhere"), exitFailed, []string{host, `no database "nowhere"`}},
		{"the database of the server", server.URI, with("VALUEWEB_NEO4J_DATABASE", "system"), exitFailed, []string{server.URI, "the server's own"}},
		{"TLS to a plain port", "bolt+s://" + host, password, exitFailed, []string{"bolt+s://" + host, "does not speak TLS", "without +s"}},
		{"nobody there", "bolt://127.0.0.1:1", password, exitFailed, []string{"bolt://127.0.0.1:1", "nobody answers", "start Neo4j"}},
		{"no such host", "neo4j://nowhere.invalid", password, exitFailed, []string{"neo4j://nowhere.invalid", "nobody answers", "correct the address"}},
		{"a password in the address", "bolt://neo4j:s3cr3t@" + host, password, exitUsage, []string{"…@" + host, "VALUEWEB_NEO4J_PASSWORD"}},
		{"an unknown scheme", "neo4js://neo4j:s3cr3t@" + host, password, exitUsage, []string{"neo4js://…@" + host, "neo4j://"}},
		{"no host", "bolt://", password, exitUsage, []string{"no address of a Neo4j server"}},
		{"no number for a port", "bolt://127.0.0.1:bolt", password, exitUsage, []string{"no address of a Neo4j server"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, value := range c.variables {
				t.Setenv(name, value)
			}
			for _, name := range []string{"VALUEWEB_NEO4J_USER", "VALUEWEB_NEO4J_PASSWORD"} {
				if c.variables[name] == "" {
					t.Setenv(name, "")
				}
			}
			begin := time.Now()
			code, out, said := runCommand(t, "migrate", "--store", c.store)
			if took := time.Since(begin); code != c.code || out != "" || took > startsWithin {
				t.Errorf("exit code %d after %v: %s%s", code, took, out, said)
			}
			for _, text := range c.told {
				if !strings.Contains(said, text) {
					t.Errorf("%q is not told by %q", text, said)
				}
			}
			if lines := strings.Count(said, "\n"); lines != 1 || strings.Contains(said, "s3cr3t") || strings.Contains(said, "not-the-password") || strings.Contains(said, server.Password) {
				t.Errorf("%d lines: %s", lines, said)
			}
		})
	}
}

func TestEveryCommandSaysWhyItsStoreCannotBeOpened(t *testing.T) {
	t.Setenv("VALUEWEB_NEO4J_USER", "neo4j")
	t.Setenv("VALUEWEB_NEO4J_PASSWORD", "s3cr3t")
	sheets := t.TempDir()
	if err := os.WriteFile(filepath.Join(sheets, "regions.csv"), []byte("id,name\nr,R\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var asking sync.WaitGroup // each waits for its driver to give up
	for _, args := range [][]string{
		{"import", sheets}, {"export", filepath.Join(t.TempDir(), "out")}, {"migrate"}, {"ask", "--need", "work", "--near", "45,5"},
	} {
		asking.Go(func() {
			code, out, said := runCommand(t, append(args, "--store", "bolt://127.0.0.1:1")...)
			if code != exitFailed || out != "" || strings.Count(said, "\n") != 1 || !strings.Contains(said, "bolt://127.0.0.1:1: nobody answers there") {
				t.Errorf("%s: exit code %d: %s%s", args[0], code, out, said)
			}
		})
	}
	asking.Wait()
}

func TestADirectoryHasNothingToMigrate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	if code, out, said := runCommand(t, "migrate", "--store", dir); code != exitFailed || !strings.Contains(said, "there is no store at") {
		t.Errorf("exit code %d: %s%s", code, out, said)
	}
	if code, _, said := runCommand(t, "import", "../../data/real", "--store", dir); code != exitDone {
		t.Fatalf("exit code %d: %s", code, said)
	}
	if code, out, said := runCommand(t, "migrate", "--store", dir); code != exitDone || !strings.Contains(out, "has format 3: there is nothing to do") {
		t.Errorf("exit code %d: %s%s", code, out, said)
	}
	if code, out, said := runCommand(t, "migrate", "--store", dir, "--json"); code != exitDone || !strings.Contains(out, `"from":3,"to":3,"applied":[]`) {
		t.Errorf("exit code %d: %s%s", code, out, said)
	}
	if code, out, said := runCommand(t, "migrate", "--store", "memory:"); code != exitUsage {
		t.Errorf("exit code %d: %s%s", code, out, said)
	}
}

func runCommand(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &Program{Version: "test", Stdout: &stdout, Stderr: &stderr}
	code = p.Run(t.Context(), args)
	return code, stdout.String(), stderr.String()
}

// anybody lets the tests use a server whatever it holds: nothing here gets as far as to write.
func anybody(context.Context, *neo4jserver.Server) (bool, error) { return true, nil }
