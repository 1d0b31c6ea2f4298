// Package examples_test runs the examples as app makers do: as processes of their own, against a server.
package examples_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/network"
	"valueweb/graph/stream"
	"valueweb/internal/transport"
)

func TestTheGoClientClaimsWhatMatchesAlsoWhatWasPostedWhileItWasAway(t *testing.T) {
	program := filepath.Join(t.TempDir(), "claimer")
	run(t, exec.Command("go", "build", "-o", program, "./go"))
	claimsWhatMatches(t, program)
}

func TestTheTypeScriptClientDoesTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("it asks the registry of npm for what the client is built from")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("there is no Node.js here; the CI has it")
	}
	install := exec.Command("npm", "ci", "--no-audit", "--no-fund")
	build := exec.Command("npm", "run", "build")
	install.Dir, build.Dir = "typescript", "typescript"
	run(t, install)
	run(t, build)
	claimsWhatMatches(t, "node", filepath.Join("typescript", "dist", "claimer.js"))
}

func run(t *testing.T, command *exec.Cmd) {
	t.Helper()
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, said)
	}
}

func claimsWhatMatches(t *testing.T, program ...string) {
	s := serve(t)
	state := filepath.Join(t.TempDir(), "cursor")
	arguments := append(program[1:len(program):len(program)], "--server", s.url, "--as", "PARTNER:bolt", "--competency", "cloud", "--state", state)

	first := start(t, program[0], arguments...)
	first.says(t, "listening")
	s.heartbeat(t, state) // the subscription stands, and the client has somewhere to come back to
	s.post(t, "storage", "another trade")
	s.post(t, "cloud", "first")
	first.says(t, "claimed")
	first.says(t, "first")

	s.lines.cut() // as a proxy does that is tired of it
	first.says(t, "resuming")
	s.post(t, "cloud", "second")
	first.says(t, "claimed")
	first.says(t, "second")

	first.stop(t)
	s.post(t, "cloud", "third")
	again := start(t, program[0], arguments...)
	again.says(t, "claimed")
	again.says(t, "third")
	if strings.Contains(again.said.String(), "first") {
		t.Errorf("it was told again of what it had dealt with:\n%s", again.said.String())
	}
	again.stop(t)
}

// server is Valueweb, open for development, with an owner and a partner that claims.
type server struct {
	url   string
	graph *graph.Graph
	lines *lines
	ticks chan time.Time
}

func serve(t *testing.T) *server {
	t.Helper()
	silent := slog.New(slog.DiscardHandler)
	store := embedded.Memory(embedded.Options{})
	t.Cleanup(func() { store.Close() })
	_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, []graph.Node{
			&graph.Competency{Meta: graph.Meta{ID: "cloud"}, Name: "Cloud"}, &graph.Competency{Meta: graph.Meta{ID: "storage"}, Name: "Storage"},
			&graph.Partner{Meta: graph.Meta{ID: "acme"}, Name: "Acme", Status: graph.Active}, &graph.Partner{Meta: graph.Meta{ID: "bolt"}, Name: "Bolt", Status: graph.Active},
		})
		for _, refusal := range refusals {
			if refusal != nil {
				return refusal
			}
		}
		if err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		t.Fatal(err)
	}
	ties, err := network.Follow(t.Context(), store, silent)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ties.Close() })
	s := &server{graph: &graph.Graph{Store: store, Network: ties, Clock: time.Now}, ticks: make(chan time.Time)}
	feed, err := stream.Follow(t.Context(), store, stream.Options{Ticks: s.ticks, Heartbeat: time.Nanosecond, Log: silent})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(feed.Close)
	streams := transport.NewStreams(transport.Limits{})
	listening := httptest.NewUnstartedServer(transport.New(transport.Config{Graph: s.graph, Log: silent, Feed: feed, Streams: streams}))
	s.lines = &lines{Listener: listening.Listener}
	listening.Listener = s.lines
	listening.Start()
	s.url = listening.URL
	t.Cleanup(func() {
		streams.Shutdown(context.Background())
		listening.Close()
	})
	return s
}

// heartbeat has the feed tell where it is until a client has noted it.
func (s *server) heartbeat(t *testing.T, state string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if note, err := os.ReadFile(state); err == nil && len(note) > 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the client has noted nothing")
		}
		s.ticks <- time.Now()
	}
}

// lines are the connections of a server.
type lines struct {
	net.Listener
	mu  sync.Mutex
	all []net.Conn
}

func (l *lines) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, conn)
	return conn, err
}

// cut breaks all connections off.
func (l *lines) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.all {
		if conn != nil {
			conn.Close()
		}
	}
	l.all = nil
}

func (s *server) post(t *testing.T, competency, title string) {
	t.Helper()
	query := fmt.Sprintf(`{"query":"mutation { postOpportunity(input: {title: \"%s\", point: {lat: 52, lng: 5}, needs: [{competency: \"%s\"}], audience: {all: true}}) { seq } }"}`, title, competency)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Valueweb-As", "PARTNER:acme")
	request.Close = true // a connection that waited for the next posting may be cut in between
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || strings.Contains(string(body), "errors") {
		t.Fatalf("%s: %s %v", title, body, err)
	}
}

// patience is how long a program has to say something.
const patience = 30 * time.Second

// process is an example that runs.
type process struct {
	command *exec.Cmd
	lines   chan string
	said    strings.Builder
	taken   int // of what it said
}

func start(t *testing.T, program string, arguments ...string) *process {
	t.Helper()
	p := &process{command: exec.Command(program, arguments...), lines: make(chan string, 1000)}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.command.Stdout, p.command.Stderr = in, in
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	t.Cleanup(func() { p.command.Process.Kill() })
	go func() {
		defer close(p.lines)
		defer out.Close()
		for scan := bufio.NewScanner(out); scan.Scan(); {
			p.lines <- scan.Text()
		}
	}()
	return p
}

// says waits until the program has said a word, since the words before it.
func (p *process) says(t *testing.T, word string) {
	t.Helper()
	late := time.After(patience)
	for !strings.Contains(p.said.String()[p.taken:], word) {
		select {
		case line, more := <-p.lines:
			if !more {
				t.Fatalf("it ended, and did not say %q:\n%s", word, p.said.String())
			}
			p.said.WriteString(line + "\n")
		case <-late:
			t.Fatalf("it did not say %q:\n%s", word, p.said.String())
		}
	}
	p.taken += strings.Index(p.said.String()[p.taken:], word) + len(word)
}

func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.command.Wait()
	for line := range p.lines {
		p.said.WriteString(line + "\n")
	}
}
