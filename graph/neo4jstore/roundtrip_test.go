package neo4jstore_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/network"
	"valueweb/graph/storetest"
)

// trips notes the statements that were sent, one round trip each.
type trips struct {
	mu   sync.Mutex
	sent []string
}

func (s *trips) observe(statement string, _ map[string]any, _ neo4j.ResultSummary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, statement)
}

// during are the statements that were sent while something ran, without those by which the log is followed.
func (s *trips) during(fn func()) []string {
	s.mu.Lock()
	s.sent = nil
	s.mu.Unlock()
	fn()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.sent), func(statement string) bool { return statement == "seq" })
}

// asking is a graph over a store whose round trips are counted.
func asking(t *testing.T, world func(w *storetest.World)) (*graph.Graph, *trips) {
	counted := &trips{}
	store := neo4jtest.Open(t, func(o *neo4jstore.Options) { o.Observe = counted.observe })
	w := storetest.NewWorld(t, store)
	world(w)
	w.Save()
	ties, err := network.Follow(t.Context(), store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ties.Close() })
	return &graph.Graph{Store: store, Network: ties, Clock: time.Now}, counted
}

func TestAQuestionIsOneRoundTripAndOneMoreWhereItAsksForMore(t *testing.T) {
	g, counted := asking(t, func(w *storetest.World) {
		w.Competency("erp").Partner("asker").Customer("city", storetest.Here)
		for i, id := range []string{"a", "b", "c"} {
			w.Candidate(id, storetest.North(float64(10+i)), "erp")
		}
		w.Competency("rare").Candidate("far", storetest.North(700), "rare")
		w.Opportunity("gap", graph.Opportunity{Customer: "city", Owner: "asker", Needs: []graph.Need{{Competency: "erp", MinLevel: 1}}})
	})
	km := 50.0
	for _, c := range []struct {
		what   string
		gap    graph.Gap
		extras graph.CandidateExtras
		found  int
		trips  int
	}{
		{"a radius", about("erp", func(q *graph.Gap) { q.RadiusKm = &km }), graph.CandidateExtras{}, 3, 1},
		{"an asker", about("erp", func(q *graph.Gap) { q.RadiusKm, q.Asker = &km, "asker" }), graph.CandidateExtras{}, 3, 1},
		{"anywhere", about("erp", func(q *graph.Gap) { q.Anywhere = true }), graph.CandidateExtras{}, 3, 1},
		{"remote", about("erp", func(q *graph.Gap) { q.RadiusKm, q.Remote = &km, true }), graph.CandidateExtras{}, 3, 1},
		{"an opportunity", graph.Gap{Place: graph.Place{Opportunity: "gap"}, AsOf: storetest.Today}, graph.CandidateExtras{}, 3, 1},
		{"a customer", about("erp", func(q *graph.Gap) { q.Place = graph.Place{Customer: "city"} }), graph.CandidateExtras{}, 3, 1},
		{"the first ring is enough", about("erp", func(*graph.Gap) {}), graph.CandidateExtras{}, 3, 1},
		{"the rings widen to the last", about("rare", func(*graph.Gap) {}), graph.CandidateExtras{}, 1, 2},
		{"who was left out", about("erp", func(q *graph.Gap) { q.RadiusKm = &km }), graph.CandidateExtras{LeftOut: true}, 3, 2},
		{"what to loosen", about("rare", func(q *graph.Gap) { q.RadiusKm = &km }), graph.CandidateExtras{Loosen: true}, 0, 2},
		{"both, with rings that widen", about("rare", func(q *graph.Gap) { q.MinTier = "GOLD" }), graph.CandidateExtras{LeftOut: true, Loosen: true}, 0, 3},
	} {
		var answer *graph.CandidatePage
		var err error
		sent := counted.during(func() {
			answer, err = g.WhoCanFill(t.Context(), graph.Operator, c.gap, graph.PageArgs{First: 20}, c.extras)
		})
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if answer.Total != c.found || len(sent) != c.trips {
			t.Errorf("%s: %d found in %d round trips %v, expected: %d in %d", c.what, answer.Total, len(sent), sent, c.found, c.trips)
		}
	}
}

// about asks for a competency near Here.
func about(competency string, change func(*graph.Gap)) graph.Gap {
	q := graph.Gap{Needs: []graph.Need{{Competency: competency, MinLevel: 1}}, Place: graph.Place{Point: &storetest.Here}, AsOf: storetest.Today}
	change(&q)
	return q
}

func TestALevelOfAListIsOneRoundTrip(t *testing.T) {
	g, counted := asking(t, func(w *storetest.World) {
		w.Competency("erp").Candidate("a", storetest.Here, "erp").Candidate("b", storetest.Here, "erp")
	})
	ctx, operator := t.Context(), graph.Operator
	first := 10
	for _, c := range []struct {
		what  string
		ask   func(ctx context.Context) error
		trips int
	}{
		{"nodes by id", func(ctx context.Context) error {
			_, err := g.Store.Read(ctx, operator, graph.KindPartner, []string{"a", "b"})
			return err
		}, 1},
		{"a list", func(ctx context.Context) error {
			_, err := g.List(ctx, operator, graph.ListArgs{Kind: graph.KindPartner, Order: graph.Order{Field: graph.OrderByName}, First: &first})
			return err
		}, 1},
		{"what is related to many", func(ctx context.Context) error {
			_, err := g.Related(ctx, operator, graph.RelatedArgs{Relation: graph.PartnerHoldings, Parents: []string{"a", "b"}, First: &first, Total: true})
			return err
		}, 1},
		{"a list whose filter names something", func(ctx context.Context) error {
			_, err := g.List(ctx, operator, graph.ListArgs{
				Kind: graph.KindPartner, Filter: graph.Filter{Holds: []graph.Need{{Competency: "erp", MinLevel: 1}}},
				Order: graph.Order{Field: graph.OrderByID}, First: &first,
			})
			return err
		}, 2},
	} {
		var err error
		sent := counted.during(func() { err = c.ask(ctx) })
		if err != nil || len(sent) != c.trips {
			t.Errorf("%s: %v, in %d round trips %v, expected: %d", c.what, err, len(sent), sent, c.trips)
		}
	}
}

func TestWhatAnAnalystChangesInTheDatabaseIsInTheNextAnswer(t *testing.T) {
	g, _ := asking(t, func(w *storetest.World) {
		w.Competency("erp").Competency("iot").Candidate("a", storetest.Here, "erp", graph.Holding{Meta: graph.Meta{ID: "h"}, Level: 2})
	})
	km := 50.0
	ask := func() *graph.CandidatePage {
		answer, err := g.WhoCanFill(t.Context(), graph.Operator, about("erp", func(q *graph.Gap) { q.Needs[0].MinLevel, q.RadiusKm = 2, &km }), graph.PageArgs{First: 20}, graph.CandidateExtras{})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	for _, step := range []struct {
		statement string
		found     int
	}{
		{`MATCH (h:Holding {id: 'h'}) SET h.level = 1`, 0},
		{`MATCH (h:Holding {id: 'h'}) SET h.level = 5`, 1},
		{`MATCH (h:Holding {id: 'h'}) SET h.until = date('2026-06-29')`, 0},
		{`MATCH (h:Holding {id: 'h'}) REMOVE h.until`, 1},
		{`MATCH (h:Holding {id: 'h'})-[of:OF]->() MATCH (iot:Competency {id: 'iot'}) DELETE of CREATE (h)-[:OF]->(iot)`, 0},
		{`MATCH (iot:Competency {id: 'iot'}), (erp:Competency {id: 'erp'}) CREATE (iot)-[:BROADER]->(erp)`, 1},
		{`MATCH (o:Office {id: 'a-office'}) SET o.location = point({latitude: 0, longitude: 0})`, 0},
		{`MATCH (h:Holding {id: 'h'}), (p:Partner {id: 'a'}) SET h.remote = true CREATE (p)-[:HAS_OFFICE]->(:Office {id: 'new', location: point({latitude: 52.52, longitude: 13.405})})`, 1},
		{`MATCH (p:Partner {id: 'a'}) SET p.status = 'SUSPENDED'`, 0},
	} {
		neo4jtest.Run(t, step.statement, nil)
		if answer := ask(); answer.Total != step.found {
			t.Errorf("after %s: %d found, expected: %d", step.statement, answer.Total, step.found)
		}
	}
	neo4jtest.Run(t, `MATCH (p:Partner {id: 'a'}) SET p.status = 'ACTIVE' WITH p MATCH (h:Holding {id: 'h'}) SET h.level = 4`, nil)
	if fit := ask().Candidates[0].Terms[0]; !strings.Contains(fit.Because, "level 4 of 5") {
		t.Errorf("the answer says: %s", fit.Because)
	}
}
