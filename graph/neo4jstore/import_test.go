package neo4jstore_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/sheet"
	"valueweb/graph/storetest"
	"valueweb/scenarios/naive"
)

// TestAnImportThatWasCutOffIsCompletedByRunningItAgain imports random sheets and cuts the import off after
// some of its statements: by its context, by a lost connection, or by an answer that is lost when the
// database has done what it was told. The same import then gives the graph of one that was never cut off.
func TestAnImportThatWasCutOffIsCompletedByRunningItAgain(t *testing.T) {
	cut := &cutter{}
	open := neo4jtest.Openings(t, func(o *neo4jstore.Options) {
		o.Observe = cut.observe
		cut.through(t, o)
	})
	for seed := range uint64(often(8, 1000)) {
		r := rand.New(rand.NewPCG(seed, 30))
		files := naive.Random(r)
		want := embedded.Memory(embedded.Options{})
		if _, err := sheet.Import(t.Context(), want, graph.Operator, sourcesOf(files), sheet.Options{}); err != nil {
			t.Fatal(err)
		}
		store := open()
		errs := 0
		for range 1 + r.IntN(3) {
			if err := cut.off(t, r, store, files); err != nil {
				errs++
			}
		}
		complete(t, fmt.Sprintf("seed %d, cut off %d times", seed, errs), store, want, files)
		if err := want.Close(); err != nil || t.Failed() {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// complete runs the import again, and compares with one that was not cut off.
func complete(t *testing.T, what string, store, want graph.Store, files map[string][]byte) {
	t.Helper()
	report, err := sheet.Import(t.Context(), store, graph.Operator, sourcesOf(files), sheet.Options{})
	if err != nil || !report.Complete() {
		t.Fatalf("%s: %v %+v", what, err, report.Problems)
	}
	storetest.SameGraph(t.Context(), t, want, store)
	again, err := sheet.Import(t.Context(), store, graph.Operator, sourcesOf(files), sheet.Options{})
	if err != nil || again.Seq != report.Seq || again.Totals.Added+again.Totals.Changed != 0 {
		t.Fatalf("%s: importing once more changes something: %v %+v", what, err, again.Totals)
	}
	everyChangeOnce(t, what, store)
}

// everyChangeOnce checks that the log has no gap and names every node as often as it has versions.
func everyChangeOnce(t *testing.T, what string, store graph.Store) {
	t.Helper()
	events, err := store.Events(t.Context(), graph.Operator, 0, math.MaxInt32)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for i, event := range events {
		if event.Seq != int64(i)+1 {
			t.Fatalf("%s: event %d stands at place %d of the log", what, event.Seq, i+1)
		}
		if event.Type != graph.EventImportApplied { // a referral has an event of its own beside
			continue
		}
		for _, gid := range event.Changes {
			times[gid]++
		}
	}
	for _, kind := range graph.Kinds {
		page, err := store.List(t.Context(), graph.Operator, graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 10_000}})
		if err != nil {
			t.Fatal(err)
		}
		for _, node := range page.Nodes {
			if version := node.Header().Version; times[node.GID()] != version {
				t.Errorf("%s: %s has version %d and is named by %d events", what, node.GID(), version, times[node.GID()])
			}
		}
	}
}

// cutter cuts an import off: it counts the statements, and stands between a store and its database.
type cutter struct {
	left  atomic.Int64 // statements until the cut; below 0: none
	cut   atomic.Pointer[func()]
	proxy *proxy
}

func (c *cutter) observe(string, map[string]any, neo4j.ResultSummary) {
	if c.left.Add(-1) == 0 {
		(*c.cut.Load())()
	}
}

// through leads a store through the proxy, where its address names one server.
func (c *cutter) through(t *testing.T, o *neo4jstore.Options) {
	at, err := url.Parse(o.URI)
	if err != nil || at.Scheme != "bolt" {
		return
	}
	c.proxy = newProxy(t, at.Host)
	at.Host = c.proxy.listener.Addr().String()
	o.URI = at.String()
}

// off imports sheets and is cut off after some statements, if it has as many.
func (c *cutter) off(t *testing.T, r *rand.Rand, store graph.Store, files map[string][]byte) error {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ways := []func(){cancel}
	if c.proxy != nil {
		ways = append(ways, c.proxy.hangUp, c.proxy.loseAnswer)
	}
	way := ways[r.IntN(len(ways))]
	c.cut.Store(&way)
	c.left.Store(1 + r.Int64N(150))
	_, err := sheet.Import(ctx, store, graph.Operator, sourcesOf(files), sheet.Options{})
	c.left.Store(-1)
	return err
}

// proxy hands on what a client and a server say to each other, and can interrupt them.
type proxy struct {
	listener net.Listener
	server   string
	deaf     atomic.Bool // the next thing that the server says is lost

	mu    sync.Mutex
	conns map[net.Conn]bool
	ended sync.WaitGroup
}

func newProxy(t *testing.T, server string) *proxy {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, server: server, conns: map[net.Conn]bool{}}
	p.ended.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		p.hangUp()
		p.ended.Wait()
	})
	return p
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		p.ended.Go(func() { p.pass(server, client, false) })
		p.ended.Go(func() { p.pass(client, server, true) })
	}
}

// pass hands on what one says to the other until either hangs up.
func (p *proxy) pass(to io.WriteCloser, from io.ReadCloser, answers bool) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || answers && p.deaf.CompareAndSwap(true, false) {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// hangUp ends every connection.
func (p *proxy) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		conn.Close()
	}
	clear(p.conns)
}

// loseAnswer loses the next answer, and ends the connection on which it came.
func (p *proxy) loseAnswer() { p.deaf.Store(true) }
