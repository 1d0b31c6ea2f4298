package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/network"
	"valueweb/graph/stream"
)

// exchange is the real service, over a store in memory, of which partners are told what is posted.
type exchange struct {
	*testing.T
	store   graph.Store
	streams *Streams
	url     string
	posted  int
}

// narrow is how many bytes the system may hold of a connection on each side: so few that it is soon felt that a peer
// does not read, and enough for TCP to flow.
const narrow = 32 << 10

func newExchange(t *testing.T, options stream.Options) *exchange {
	t.Helper()
	return newExchangeOver(t, embedded.Memory(embedded.Options{}), options)
}

func newExchangeOver(t *testing.T, store graph.Store, options stream.Options) *exchange {
	t.Helper()
	x := &exchange{T: t, store: store, streams: NewStreams(Limits{})}
	for i := range 50 {
		x.put("partner.created", &graph.Partner{Meta: graph.Meta{ID: fmt.Sprint("p", i)}, Name: fmt.Sprint("Partner ", i), Status: graph.Active})
	}
	ties, err := network.Follow(t.Context(), store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	feed, err := stream.Follow(t.Context(), store, options)
	if err != nil {
		t.Fatal(err)
	}
	config := Config{Graph: &graph.Graph{Store: store, Network: ties, Clock: time.Now}, Log: slog.New(slog.DiscardHandler), Streams: x.streams, Feed: feed}
	listening := httptest.NewUnstartedServer(New(config))
	listening.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.(*net.TCPConn).SetWriteBuffer(narrow)
		}
	}
	listening.Start()
	t.Cleanup(func() {
		x.streams.Shutdown(context.Background())
		listening.Close()
		feed.Close()
		ties.Close()
		store.Close()
	})
	x.url = listening.URL
	return x
}

func (x *exchange) put(event string, node graph.Node) {
	x.Helper()
	_, err := x.store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, []graph.Node{node})
		if err := errors.Join(append(refusals, err)...); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: event, Subject: node.GID(), Changes: tx.Changed()})
	})
	if err != nil {
		x.Fatal(err)
	}
}

// post posts so many opportunities to all.
func (x *exchange) post(n int) {
	x.Helper()
	for range n {
		x.posted++
		x.put("opportunity.posted", &graph.Opportunity{
			Meta: graph.Meta{ID: fmt.Sprint("o", x.posted)}, Title: fmt.Sprint("Posting ", x.posted), Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll},
		})
	}
}

// partner is a client that asks for a partner, over a connection that holds little.
func (x *exchange) partner(n int) *client {
	x.Helper()
	narrowly := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			conn.(*net.TCPConn).SetReadBuffer(narrow)
		}
		return conn, err
	}}}
	ws, _, err := websocket.Dial(x.Context(), x.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{protocol}, HTTPClient: narrowly})
	if err != nil {
		x.Fatal(err)
	}
	x.Cleanup(func() { ws.CloseNow() })
	c := &client{x.T, ws}
	c.say(fmt.Sprintf(`{"type":"connection_init","payload":{"x-valueweb-as":"PARTNER:p%d"}}`, n))
	c.hear(`{"type":"connection_ack"}`)
	return c
}

const postings = "subscription ($after: String) { opportunities(after: $after) { cursor type opportunity { title } } }"

func (c *client) follow(id, after string) {
	c.t.Helper()
	c.followBy(postings, id, after)
}

func (c *client) followBy(query, id, after string) {
	c.t.Helper()
	variables := map[string]any{}
	if after != "" {
		variables["after"] = after
	}
	text, _ := json.Marshal(map[string]any{"type": "subscribe", "id": id, "payload": map[string]any{"query": query, "variables": variables}})
	c.say(string(text))
}

// told is one message of a stream.
type told struct{ id, cursor, title string }

// tell is the next message, or why there is none.
func (c *client) tell() (told, error) {
	_, text, err := c.ws.Read(c.t.Context())
	if err != nil {
		return told{}, err
	}
	var m struct {
		ID, Type string
		Payload  struct {
			Data struct {
				Opportunities struct {
					Cursor      string
					Opportunity struct{ Title string }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Type != typeNext {
		return told{}, fmt.Errorf("%s: %v", text, err)
	}
	return told{m.ID, m.Payload.Data.Opportunities.Cursor, m.Payload.Data.Opportunities.Opportunity.Title}, nil
}

// hearPosting expects the nth posting.
func (c *client) hearPosting(n int) told {
	c.t.Helper()
	got, err := c.tell()
	if err != nil || got.title != fmt.Sprint("Posting ", n) {
		c.t.Fatalf("%+v was told, not of posting %d: %v", got, n, err)
	}
	return got
}

// TestWhoReadsTooLittleIsSentAwayAndResumesWithoutLoss has a client stop to read: others are told everything meanwhile,
// it is sent away with 4410 once it reads again, and comes back to exactly what it missed.
func TestWhoReadsTooLittleIsSentAwayAndResumesWithoutLoss(t *testing.T) {
	const all, atOnce = 3000, 50
	x := newExchange(t, stream.Options{Buffer: 8, MostBehind: 4 * atOnce})
	slow, prompt := x.partner(0), x.partner(1)
	slow.follow("1", "0")
	prompt.follow("1", "0")
	x.post(1)
	last := slow.hearPosting(1)
	prompt.hearPosting(1)
	for x.posted < all {
		before := x.posted
		x.post(min(atOnce, all-before))
		for n := before; n < x.posted; n++ {
			prompt.hearPosting(n + 1)
		}
	}
	heard := 1
	for {
		got, err := slow.tell()
		if err != nil {
			var why websocket.CloseError
			if !errors.As(err, &why) || why.Code != closeResume || why.Reason != "resume" {
				t.Fatalf("after %d it is closed with %v", heard, err)
			}
			break
		}
		if heard++; got.title != fmt.Sprint("Posting ", heard) {
			t.Fatalf("%+v is told where posting %d is due", got, heard)
		}
		last = got
	}
	if heard >= all {
		t.Fatal("it has missed nothing")
	}
	slow = x.partner(0)
	slow.follow("1", last.cursor)
	for heard < all {
		heard++
		slow.hearPosting(heard)
	}
}

func TestManyStreamsHaveTheirTurn(t *testing.T) {
	for _, busy := range []bool{false, true} { // then they wait for more
		t.Run(fmt.Sprint("busy ", busy), func(t *testing.T) { haveTurns(t, busy) })
	}
}

func haveTurns(t *testing.T, busy bool) {
	x := newExchange(t, stream.Options{})
	x.streams.crew.busy = func() bool { return busy }
	before := runtime.NumGoroutine()
	const sockets, each = 40, 5
	var clients []*client
	for i := range sockets {
		c := x.partner(i % 50)
		for id := range each {
			c.follow(fmt.Sprint(id), "0")
		}
		clients = append(clients, c)
	}
	x.post(1)
	for _, c := range clients { // each has told of it once, and rests
		for range each {
			c.hearPosting(1)
		}
	}
	// On either side one goroutine a socket waits for what its peer says, and none for a stream.
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine()-before > sockets*each; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("there are %d goroutines more for %d streams", runtime.NumGoroutine()-before, sockets*each)
		}
	}
	cursors := map[string]int{}
	x.post(30)
	for i, c := range clients {
		next := map[string]int{}
		for range each * 30 {
			got, err := c.tell()
			if err != nil {
				t.Fatal(err)
			}
			if next[got.id]++; got.title != fmt.Sprint("Posting ", 1+next[got.id]) {
				t.Fatalf("%+v is told where posting %d is due", got, 1+next[got.id])
			}
			if i < 2 {
				cursors[got.cursor]++
			}
		}
	}
	for cursor, times := range cursors { // of one partner all are the same, of another none
		if times != each {
			t.Errorf("the cursor %s has come %d times", cursor, times)
		}
	}
	if len(cursors) != 60 {
		t.Errorf("%d cursors have come to two partners", len(cursors))
	}
}

// gate is a store that has whoever reads a partner wait while it is shut.
type gate struct {
	graph.Store
	shut   atomic.Bool
	asked  chan struct{} // somebody waits
	opened chan struct{} // is closed once nobody need wait any more
}

func (g *gate) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	if kind == graph.KindPartner && g.shut.Load() {
		g.asked <- struct{}{}
		<-g.opened
	}
	return g.Store.Read(ctx, v, kind, ids)
}

func TestWhoWaitsForTheStoreHoldsUpNobodyElse(t *testing.T) {
	const waiting = 3
	g := &gate{Store: embedded.Memory(embedded.Options{}), asked: make(chan struct{}, waiting), opened: make(chan struct{})}
	x := newExchangeOver(t, g, stream.Options{})
	x.streams.crew.most = 1
	var held []*client
	for i := range waiting {
		c := x.partner(i)
		c.followBy("subscription ($after: String) { opportunities(after: $after) { cursor opportunity { title owner { name } } } }", "1", "0")
		held = append(held, c)
	}
	other := x.partner(waiting)
	other.follow("1", "0")
	post := func() {
		x.posted++
		x.put("opportunity.posted", &graph.Opportunity{
			Meta: graph.Meta{ID: fmt.Sprint("o", x.posted)}, Title: fmt.Sprint("Posting ", x.posted), Owner: "p49", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll},
		})
	}
	for n := range 2 { // all follow
		post()
		for _, c := range append(held, other) {
			c.hearPosting(n + 1)
		}
	}
	g.shut.Store(true)
	post()
	for range waiting { // as many at a time
		<-g.asked
	}
	post()
	other.hearPosting(3)
	other.hearPosting(4)
	g.shut.Store(false)
	close(g.opened)
	for _, c := range held {
		c.hearPosting(3)
		c.hearPosting(4)
	}
}

func TestAConnectionThatIsNotReadHoldsUpNobodyElseHoweverManyStreamsItHas(t *testing.T) {
	const streams = 5
	x := newExchange(t, stream.Options{})
	x.streams.crew.most = 2
	post := func() {
		x.posted++
		x.put("opportunity.posted", &graph.Opportunity{
			Meta: graph.Meta{ID: fmt.Sprint("o", x.posted)}, Title: strings.Repeat("x", 900), Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll},
		})
	}
	slow, prompt := x.partner(0), x.partner(1)
	read := func(c *client) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if _, _, err := c.ws.Read(ctx); err != nil {
			t.Fatalf("posting %d: %v", x.posted, err)
		}
	}
	for id := range streams {
		slow.follow(fmt.Sprint(id), "0")
	}
	prompt.follow("1", "0")
	for range 2 { // all follow
		post()
		for range streams {
			read(slow)
		}
		read(prompt)
	}
	for range 200 { // more than is buffered for the one that reads no more
		post()
		read(prompt)
	}
}

func TestAStreamThatRestsEnds(t *testing.T) {
	x := newExchange(t, stream.Options{})
	c := x.partner(0)
	c.follow("a", "0")
	c.follow("b", "0")
	x.post(1)
	c.hearPosting(1)
	c.hearPosting(1)
	c.say(`{"type":"complete","id":"a"}`)
	c.say(`{"type":"ping"}`)
	c.hear(`{"type":"pong"}`) // it has heard of it
	x.post(1)
	if got := c.hearPosting(2); got.id != "b" {
		t.Errorf("%+v is told, which is complete", got)
	}
	c.follow("a", "0") // its id is free again
	for n := range 2 {
		if got := c.hearPosting(n + 1); got.id != "a" {
			t.Errorf("%+v is told", got)
		}
	}
	gone := x.partner(2)
	gone.follow("a", "")
	gone.ws.CloseNow()
	for x.streams.Open() > 1 {
		runtime.Gosched()
	}
	x.put("partner.suspended", &graph.Partner{Meta: graph.Meta{ID: "p0"}, Name: "Partner 0", Status: graph.Suspended})
	for range 2 { // both are told why they end
		_, text, err := c.ws.Read(t.Context())
		if err != nil || !strings.Contains(string(text), `"type":"error"`) || !strings.Contains(string(text), "FORBIDDEN") {
			t.Fatalf("%s: %v", text, err)
		}
	}
	c.ws.CloseNow()
	other := x.partner(1)
	other.follow("a", "")
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		other.closed(int(closeGoingAway), "resume")
	}()
	if err := x.streams.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-closed
}
