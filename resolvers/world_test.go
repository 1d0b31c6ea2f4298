package resolvers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/graph/network"
	"valueweb/graph/storetest/every"
	"valueweb/graph/stream"
	"valueweb/internal/audit"
	"valueweb/internal/neo4jserver"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

// counting is a store that notes how it is called. It changes nothing of what it returns.
type counting struct {
	graph.Store
	mu    sync.Mutex
	calls []string
	fault error // what Related fails with; nil: it does not
	undo  bool  // what is written is answered as done, and not kept
	// around comes first in a transaction of which nothing is kept; nil: nothing does.
	around func(ctx context.Context, tx graph.Tx) error
}

// errUndone ends a transaction of which nothing is to be kept.
var errUndone = errors.New("nothing is kept")

func (s *counting) Write(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) (int64, error) {
	if !s.undo {
		return s.Store.Write(ctx, v, fn)
	}
	_, err := s.Store.Write(ctx, v, func(ctx context.Context, tx graph.Tx) error {
		if s.around != nil {
			if err := s.around(ctx, tx); err != nil {
				return err
			}
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		err = nil
	}
	return 0, err
}

func (s *counting) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
}

// noted returns the calls since the last time it was asked.
func (s *counting) noted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

func (s *counting) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	s.note("read %s", kind)
	return s.Store.Read(ctx, v, kind, ids)
}

func (s *counting) List(ctx context.Context, v graph.Viewer, q graph.ListQuery) (graph.Page, error) {
	s.note("list %s total=%v", q.Kind, q.Page.Total)
	return s.Store.List(ctx, v, q)
}

func (s *counting) Related(ctx context.Context, v graph.Viewer, q graph.RelatedQuery) ([]graph.Page, error) {
	s.note("related %s total=%v", q.Relation, q.Page.Total)
	if s.fault != nil {
		return nil, s.fault
	}
	return s.Store.Related(ctx, v, q)
}

func (s *counting) GapShortfall(ctx context.Context, v graph.Viewer, q graph.GapQuery, variants []graph.GapQuery) (graph.GapShortfall, error) {
	s.note("shortfall of %d variants", len(variants))
	return s.Store.GapShortfall(ctx, v, q, variants)
}

// fixture is a server over a store that counts.
type fixture struct {
	graph  *graph.Graph
	store  *counting
	http   http.Handler
	log    *bytes.Buffer
	viewer graph.Viewer // who asks
	// What the variables of a subscription are.
	variables map[string]any
	clock     atomic.Pointer[func() time.Time]
	audit     *audit.Recorder
	// The streams of the server, the executor that answers them, and what its time is.
	streams *stream.Feed
	exec    graphql.GraphExecutor
	later   atomic.Int64 // nanoseconds after the time of the graph
	ticks   chan time.Time

	mu     sync.Mutex
	fields map[string]bool // resolved so far: Partner.name
}

// onEveryStore runs a test over a world of so many partners, once a store.
func onEveryStore(t *testing.T, partners int, test func(t *testing.T, f *fixture)) {
	t.Helper()
	every.Store(t, func(t *testing.T, store graph.Store) { test(t, newFixture(t, store, partners)) })
}

// newFixture serves a world of so many partners over an empty store.
func newFixture(t *testing.T, store graph.Store, partners int) *fixture {
	t.Helper()
	_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, world(partners))
		for i, refusal := range refusals {
			if refusal != nil {
				t.Errorf("node %d: %v", i, refusal)
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
	ties, err := network.Follow(t.Context(), store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ties.Close() })
	f := &fixture{store: &counting{Store: store}, log: &bytes.Buffer{}, fields: map[string]bool{}, viewer: graph.Operator}
	f.audit = audit.New(store, time.Now, slog.New(slog.DiscardHandler))
	t.Cleanup(f.audit.Close)
	f.setClock(func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) })
	f.graph = &graph.Graph{Store: f.store, Network: ties, Clock: f.now}
	f.ticks = make(chan time.Time)
	f.streams, err = stream.Follow(t.Context(), store, stream.Options{Ticks: f.ticks, Clock: func() time.Time { return f.now().Add(time.Duration(f.later.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.streams.Close)
	server := NewServer(f.graph, slog.New(slog.NewTextHandler(f.log, nil)), Options{
		Version:       "test",
		Introspection: true,
		Audit:         f.audit,
		Streams:       f.streams,
		Transports:    []graphql.Transport{lent{&f.exec}},
	})
	server.AroundFields(f.noteField)
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodHead, "/", nil))
	f.http = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(WithRequestID(WithViewer(r.Context(), f.viewer), "request-1")))
	})
	return f
}

// lent is a transport that lends the executor to whoever carries streams in a test.
type lent struct{ to *graphql.GraphExecutor }

func (lent) Supports(r *http.Request) bool { return r.Method == http.MethodHead }

func (l lent) Do(_ http.ResponseWriter, _ *http.Request, exec graphql.GraphExecutor) { *l.to = exec }

// setClock sets the clock of the service, at which its streams look in the background.
func (f *fixture) setClock(clock func() time.Time) { f.clock.Store(&clock) }

func (f *fixture) now() time.Time { return (*f.clock.Load())() }

func (f *fixture) noteField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	f.mu.Lock()
	f.fields[field.Object+"."+field.Field.Name] = true
	f.mu.Unlock()
	return next(ctx)
}

// answer is a response of GraphQL.
type answer struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
}

// post asks a question.
func (f *fixture) post(t *testing.T, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return f.send(t, httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body)))
}

func (f *fixture) send(t *testing.T, r *http.Request) answer {
	t.Helper()
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	recorder := httptest.NewRecorder()
	f.http.ServeHTTP(recorder, r)
	var a answer
	if err := json.Unmarshal(recorder.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v: %s", err, recorder.Body)
	}
	return a
}

// ask asks a question that must be answered.
func (f *fixture) ask(t *testing.T, query string) map[string]any {
	t.Helper()
	a := f.post(t, query, nil)
	for _, err := range a.Errors {
		t.Fatalf("%s %v: %v", err.Message, err.Path, err.Extensions)
	}
	return a.Data
}

// world has every kind of node, and all that a partner can have, so many times.
func world(partners int) []graph.Node {
	nodes := []graph.Node{
		&graph.Region{Meta: meta("europe"), Name: "Europe"},
		&graph.Region{Meta: meta("dach"), Name: "DACH", Countries: []string{"DE", "AT", "CH"}, Parent: "europe"},
		&graph.Competency{Meta: meta("it"), Name: "IT", Aliases: []string{"Informatics"}, Description: "All of it"},
		&graph.Competency{Meta: meta("cloud"), Name: "Cloud", Broader: []string{"it"}, Related: []string{"it"}},
		&graph.Competency{Meta: meta("edge"), Name: "Edge", Broader: []string{"cloud"}},
		&graph.Customer{Meta: meta("acme"), Name: "Acme", Segment: "SMB", Industry: "Retail", Consent: true},
		&graph.Site{Meta: meta("acme-bern"), Customer: "acme", Name: "Bern", City: "Bern", Country: "CH", Location: bern},
		&graph.Site{Meta: meta("square"), Location: bern},
		&graph.Contact{Meta: meta("buyer"), Customer: "acme", Name: "Bo Buyer"},
	}
	for i := range partners {
		nodes = append(nodes, around(i)...)
	}
	return nodes
}

var bern = graph.Point{Lat: 46.948, Lng: 7.447}

// around makes a partner and what hangs on it. Every value that is not stated in one is in another.
func around(i int) []graph.Node {
	p := fmt.Sprintf("p%03d", i)
	own := func(what string) graph.Meta { return meta(p + "-" + what) }
	full := i%2 == 0
	partner := &graph.Partner{Meta: meta(p), Name: "Partner " + p, Status: graph.Active}
	office := &graph.Office{Meta: own("office"), Partner: p, Location: graph.Point{Lat: bern.Lat + float64(i)/1000, Lng: bern.Lng}}
	if full {
		ten := 10
		partner.Aliases, partner.PartnerKind, partner.Tier, partner.Website = []string{"P"}, graph.Integrator, "GOLD", "https://example.com"
		partner.Employees, partner.Capacity, partner.JoinedOn, partner.Tags = &ten, &ten, graph.NewDate(2020, 1, 1), []string{"swiss"}
		office.Name, office.City, office.Country, office.Roles, office.Tags = "HQ", "Bern", "CH", graph.OfficeRoles, []string{"main"}
	}
	day := graph.NewDate(2026, 1, 2)
	return []graph.Node{
		partner, office,
		&graph.Contact{Meta: own("sales-1"), Partner: p, Office: own("office").ID, Name: "First", Role: graph.SalesContact, Email: "a@example.com"},
		&graph.Contact{Meta: own("sales-2"), Partner: p, Name: "Second", Role: graph.SalesContact, Territories: []string{"europe"}},
		&graph.Holding{Meta: own("cloud"), Partner: p, Competency: "cloud", Office: office.ID, Level: 4, Since: day, Offers: []string{"managed"}},
		&graph.Holding{Meta: own("edge"), Partner: p, Competency: "edge", Remote: true},
		&graph.Certification{Meta: own("cert"), Partner: p, Competency: "cloud", Office: office.ID, Scheme: "CKA", IssuedOn: day, Verified: true},
		&graph.Certification{Meta: own("bare"), Partner: p, Competency: "edge"},
		&graph.CustomerPartner{Meta: own("serves"), Customer: "acme", Partner: p, Role: graph.CustomerRoles[0], Since: day},
		&graph.Solution{Meta: own("solution"), Name: "Solution", Partners: []string{p}, Origin: graph.SolutionOrigins[0], Competencies: []string{"cloud"}},
		&graph.Solution{Meta: own("suite"), Name: "Suite", Partners: []string{p}, BuildsOn: []string{p + "-solution"}},
		&graph.Opportunity{Meta: own("gap"), Title: "A gap", Customer: "acme", Site: "acme-bern", Needs: []graph.Need{{Competency: "cloud", MinLevel: 2}}, Owner: p, Lead: p, Members: []string{p}, Declined: []string{p}, Stage: graph.Prospect, Value: &graph.Money{Amount: "12.50", Currency: "CHF"}, PostedOn: day, Audience: graph.Audience{Kind: graph.AudienceFilter, Competencies: []string{"edge"}, Region: "dach", Partners: []string{p}}},
		&graph.Invitation{Meta: own("invitation"), Opportunity: p + "-gap", Partner: p, State: graph.InvitationStates[0], SentOn: day},
		&graph.Partner{Meta: own("unit"), Name: "Unit", Status: graph.Active, PartOf: p, ChannelManager: own("sales-1").ID},
		&graph.Partnership{Meta: own("alliance"), Parties: []string{p, p + "-unit"}, Form: "alliance", Collaboration: graph.HighCollaboration, Sites: []string{"square"}},
		&graph.Referral{Meta: own("referral"), From: p, To: p + "-unit", Customer: "acme", Competency: "cloud", State: graph.ReferralForwarded, SentOn: day},
		&graph.Referral{Meta: own("passed-on"), From: p + "-unit", To: p, State: graph.ReferralNew, SentOn: day, Parent: p + "-referral"},
		&graph.Wall{Meta: own("wall"), Partner: p + "-unit", Customer: "acme"},
		&graph.APIKey{Meta: own("key"), Partner: p, Name: "CRM", Scopes: graph.Scopes, Digest: "9f86d081"},
	}
}

func meta(id string) graph.Meta {
	return graph.Meta{ID: id, ExternalIDs: []graph.ExternalID{{System: "crm", ID: "7"}}}
}

// bring puts nodes into the store as an import does.
func (f *fixture) bring(t *testing.T, nodes ...graph.Node) {
	t.Helper()
	_, err := f.store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		for _, refusal := range refusals {
			if refusal != nil {
				return refusal
			}
		}
		if err != nil || len(tx.Changed()) == 0 {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		t.Fatal(err)
	}
}
