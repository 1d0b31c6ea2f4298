package stream

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/internal/neo4jserver"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newClock() *clock { return &clock{now: noon} }

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a store with a feed whose time stands still until the test says otherwise.
type world struct {
	*testing.T
	store graph.Store
	clock *clock
	ticks chan time.Time
	feed  *Feed
}

func newWorld(t *testing.T, store graph.Store, options Options) *world {
	t.Helper()
	w := &world{T: t, store: store, clock: newClock(), ticks: make(chan time.Time)}
	options.Clock, options.Ticks = w.clock.time, w.ticks
	feed, err := Follow(t.Context(), store, options)
	if err != nil {
		t.Fatal(err)
	}
	w.feed = feed
	t.Cleanup(feed.Close)
	return w
}

func memory(t testing.TB) graph.Store {
	store := embedded.Memory(embedded.Options{Clock: func() time.Time { return noon }})
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// put writes nodes with one event about the first of them.
func (w *world) put(event string, nodes ...graph.Node) int64 {
	w.Helper()
	seq, err := w.store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		for i, refusal := range refusals {
			if refusal != nil {
				w.Errorf("%s: %v", nodes[i].GID(), refusal)
			}
		}
		if err != nil {
			return err
		}
		e := graph.Event{Type: event, Changes: tx.Changed()}
		if event != graph.EventImportApplied {
			e.Subject = nodes[0].GID()
		}
		return tx.Log(ctx, e)
	})
	if err != nil {
		w.Fatal(err)
	}
	return seq
}

// settled waits until the feed has told of all that was written.
func (w *world) settled() {
	w.Helper()
	seq, err := w.store.Seq(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	for w.feed.done.Load() < seq {
		runtime.Gosched()
	}
}

func (w *world) subscribe(v graph.Viewer, i Interest, after string) *Subscription {
	w.Helper()
	s, err := w.feed.Subscribe(w.Context(), v, i, after)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(s.Close)
	return s
}

// drain takes all that is there for a stream, of which nobody writes any more now.
func (w *world) drain(s *Subscription) ([]Message, error) {
	w.Helper()
	w.settled()
	var messages []Message
	for {
		s.mu.Lock()
		pending := s.err != nil || len(s.queue) > 0 || !s.live
		s.mu.Unlock()
		if !pending {
			return messages, nil
		}
		m, ok, err := s.step(w.Context())
		if err != nil {
			return messages, err
		}
		if ok {
			messages = append(messages, m)
		}
	}
}

func (w *world) next(s *Subscription) Message {
	w.Helper()
	m, err := s.Next(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return m
}

// gets expects that the next messages of a stream are of some types.
func (w *world) gets(s *Subscription, types ...string) []Message {
	w.Helper()
	messages, err := w.drain(s)
	if err != nil {
		w.Fatal(err)
	}
	got := make([]string, len(messages))
	for i, m := range messages {
		got[i] = m.Type
	}
	if len(got) != len(types) {
		w.Errorf("%s %s is told of %v, not of %v", s.viewer.Role, s.viewer.Organisation, got, types)
		return messages
	}
	for i := range got {
		if got[i] != types[i] {
			w.Errorf("%s %s is told of %v, not of %v", s.viewer.Role, s.viewer.Organisation, got, types)
		}
	}
	return messages
}

func id(id string) graph.Meta { return graph.Meta{ID: id} }

func partnerOf(organisation string) graph.Viewer {
	return graph.Viewer{Role: graph.RolePartner, Organisation: organisation}
}

func customerViewer(organisation string) graph.Viewer {
	return graph.Viewer{Role: graph.RoleCustomer, Organisation: organisation}
}

var analyst = graph.Viewer{Role: graph.RoleAnalyst}

// small is a world of four partners, two customers and a taxonomy of three.
func (w *world) small() {
	w.Helper()
	w.fill()
	w.settled()
}

func (w *world) fill() {
	w.Helper()
	w.put(graph.EventImportApplied,
		&graph.Region{Meta: id("europe"), Name: "Europe"},
		&graph.Region{Meta: id("west"), Name: "West", Countries: []string{"FR", "CH"}, Parent: "europe"},
		&graph.Competency{Meta: id("it"), Name: "IT"},
		&graph.Competency{Meta: id("cloud"), Name: "Cloud", Broader: []string{"it"}},
		&graph.Competency{Meta: id("edge"), Name: "Edge", Broader: []string{"cloud"}},
		&graph.Competency{Meta: id("print"), Name: "Print"},
		&graph.Partner{Meta: id("acme"), Name: "Acme", Status: graph.Active},
		&graph.Partner{Meta: id("bolt"), Name: "Bolt", Status: graph.Active},
		&graph.Partner{Meta: id("coil"), Name: "Coil", Status: graph.Active},
		&graph.Partner{Meta: id("dyne"), Name: "Dyne", Status: graph.Active},
		&graph.Customer{Meta: id("bank"), Name: "Bank", Segment: "SMB", Consent: true},
		&graph.Customer{Meta: id("shop"), Name: "Shop", Segment: "SMB"},
		&graph.Site{Meta: id("bank-bern"), Customer: "bank", Country: "CH", Location: bern},
		&graph.Site{Meta: id("shop-lyon"), Customer: "shop", Country: "FR", Location: lyon},
	)
}

var (
	bern = graph.Point{Lat: 46.948, Lng: 7.447}
	lyon = graph.Point{Lat: 45.764, Lng: 4.836}
)

// posting is an opportunity of acme at Bern that everybody may read.
func posting(name string) *graph.Opportunity {
	return &graph.Opportunity{
		Meta: id(name), Title: name, Customer: "bank", Site: "bank-bern", Owner: "acme", Stage: graph.Prospect,
		Needs: []graph.Need{{Competency: "cloud", MinLevel: 1}}, Audience: graph.Audience{Kind: graph.AudienceAll},
	}
}

func waitingFor(s *Subscription) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

func beats(s *Subscription) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.beat
}
