package neo4jstore_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

var acme = graph.Viewer{Role: graph.RolePartner, Organisation: "acme"}

// town is a world in which acme asks, and the partners "a" and "shy" could help.
func town(w *storetest.World) {
	w.Competency("erp").Partner("acme").Customer("bank", storetest.Here)
	w.Candidate("a", storetest.Here, "erp").Candidate("shy", storetest.Here, "erp")
	w.Partner("shy", graph.Partner{Undisclosed: true})
}

// candidatesFor asks on behalf of a viewer who could fill a need for ERP near the bank, or at a point.
func candidatesFor(t *testing.T, g *graph.Graph, v graph.Viewer) []string {
	t.Helper()
	page, err := g.WhoCanFill(t.Context(), v, about("erp", func(q *graph.Gap) { q.Anywhere = true }), graph.PageArgs{First: 20}, graph.CandidateExtras{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range page.Candidates {
		ids = append(ids, c.Partner)
	}
	slices.Sort(ids)
	return ids
}

func TestWhatAViewerMaySeeCostsARoundTripOfItsOwnOnlyAfterAChange(t *testing.T) {
	g, counted := asking(t, town)
	for _, c := range []struct {
		what   string
		before func(w *storetest.World)
		found  []string
		trips  int
	}{
		{"at first", nil, []string{"a"}, 2},
		{"again", nil, []string{"a"}, 1},
		{"after a write", func(w *storetest.World) { w.Partner("shy") }, []string{"a", "shy"}, 2},
		{"and again", nil, []string{"a", "shy"}, 1},
	} {
		if c.before != nil {
			w := storetest.NewWorld(t, g.Store)
			c.before(w)
			w.Save()
		}
		var found []string
		sent := slices.DeleteFunc(counted.during(func() { found = candidatesFor(t, g, acme) }), func(statement string) bool {
			return !strings.HasSuffix(statement, " for PARTNER") // it is the network that follows the change
		})
		if !slices.Equal(found, c.found) || len(sent) != c.trips {
			t.Errorf("%s: %v found in %d round trips %v, expected: %v in %d", c.what, found, len(sent), sent, c.found, c.trips)
		}
	}
}

// readable tells whether acme may read the bank.
func readable(t *testing.T, store graph.Store) bool {
	t.Helper()
	nodes, err := store.Read(t.Context(), acme, graph.KindCustomer, []string{"bank"})
	if err != nil {
		t.Fatal(err)
	}
	return nodes[0] != nil
}

func TestAWallIsHonouredByTheNextRead(t *testing.T) {
	options := neo4jtest.Empty(t)
	here, there := neo4jtest.Beside(t, options), neo4jtest.Beside(t, options)
	w := storetest.NewWorld(t, here)
	town(w)
	w.About("acme").Serves("bank").Save()
	if !readable(t, here) || !readable(t, there) {
		t.Fatal("a partner may not read a customer that it serves")
	}
	wall := &graph.Wall{Meta: graph.Meta{ID: "wall"}, Partner: "acme", Customer: "bank"}
	_, err := here.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, []graph.Node{wall}); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: "wall", Subject: wall.GID()})
	})
	if err != nil {
		t.Fatal(err)
	}
	if readable(t, here) || readable(t, there) {
		t.Error("a partner may read a customer that a wall keeps from it")
	}
}

func TestRightsAreThoseOfTheDayOfTheClock(t *testing.T) {
	now := time.Date(2026, 6, 30, 23, 59, 0, 0, time.UTC)
	store := neo4jtest.Open(t, func(o *neo4jstore.Options) { o.Clock = func() time.Time { return now } })
	w := storetest.NewWorld(t, store)
	town(w)
	w.About("acme").Serves("bank", graph.CustomerPartner{Until: graph.NewDate(2026, 6, 30)}).Save()
	if !readable(t, store) {
		t.Error("a partner may not read a customer on the last day on which it serves it")
	}
	now = now.Add(time.Minute)
	if readable(t, store) {
		t.Error("a partner may read a customer the day after")
	}
}

// TestAReferralThatDoesNotSayItsSenderIsAskedByItsRelation: it was written by hand, or by an earlier program.
func TestAReferralThatDoesNotSayItsSenderIsAskedByItsRelation(t *testing.T) {
	store := neo4jtest.Open(t)
	w := storetest.NewWorld(t, store)
	town(w)
	for _, from := range []string{"acme", "shy"} {
		w.Add(&graph.Referral{Meta: graph.Meta{ID: "of-" + from}, From: from, To: "a", State: graph.ReferralActive, SentOn: storetest.Today})
	}
	w.Save()
	received := func(v graph.Viewer) int {
		q := graph.GapQuery{Radii: []float64{50}, Gap: about("erp", func(*graph.Gap) {})}
		facts, err := store.Gap(t.Context(), v, q)
		if err != nil || len(facts.Candidates) == 0 || facts.Candidates[0].Partner != "a" {
			t.Fatalf("%+v %v", facts, err)
		}
		return facts.Candidates[0].Track.Received
	}
	for _, what := range []string{"as it is written", "without its sender"} {
		if all, told := received(graph.Operator), received(acme); all != 2 || told != 1 {
			t.Errorf("%s: of two referrals %d count for an operator, and %d for whom the sender of one is hidden from", what, all, told)
		}
		neo4jtest.Run(t, "MATCH (n:Referral) REMOVE n.sender", nil)
	}
}
