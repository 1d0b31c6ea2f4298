package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// clocked is a service over a store of its own, at a time that a test sets.
func clocked(t *testing.T, at *time.Time, nodes ...graph.Node) *graph.Graph {
	now := func() time.Time { return *at }
	store := embedded.Memory(embedded.Options{Clock: now})
	t.Cleanup(func() { store.Close() })
	fill(t, store, nodes...)
	return &graph.Graph{Store: store, Clock: now}
}

// awaiting is a world of things that the clock may have to end, some of them not yet, some never.
func awaiting(t *rapid.T) []graph.Node {
	nodes := []graph.Node{&graph.Customer{Meta: graph.Meta{ID: "acme"}, Name: "Acme"}}
	for _, id := range partners {
		nodes = append(nodes, &graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active})
	}
	meta := func(id string, i int) graph.Meta {
		m := graph.Meta{ID: fmt.Sprint(id, i)}
		if rapid.IntRange(0, 9).Draw(t, "retired") == 0 {
			m.RetiredOn = firstDay.AddDays(-3)
		}
		return m
	}
	day := func() graph.Date { return firstDay.AddDays(rapid.IntRange(-20, 20).Draw(t, "day")) }
	for i := range rapid.IntRange(1, 25).Draw(t, "referrals") {
		r := &graph.Referral{Meta: meta("r", i), From: partners[i%7], To: partners[(i+1)%7], State: rapid.SampledFrom(append(graph.ReferralStates, graph.ReferralNew, graph.ReferralForwarded)).Draw(t, "state"), SentOn: day()}
		if i > 0 && rapid.Bool().Draw(t, "child") {
			r.Parent = fmt.Sprint("r", rapid.IntRange(max(0, i-5), i-1).Draw(t, "parent"))
		}
		if r.State.Closed() {
			r.ClosedOn = r.SentOn
		}
		nodes = append(nodes, r)
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "opportunities") {
		o := &graph.Opportunity{Meta: meta("o", i), Title: "A gap", Customer: "acme", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll}}
		if rapid.Bool().Draw(t, "protected") {
			o.Review, o.ProtectedUntil = graph.ReviewApproved, day()
		}
		invitation := &graph.Invitation{Meta: meta("i", i), Opportunity: o.ID, Partner: "a", State: rapid.SampledFrom(graph.InvitationStates).Draw(t, "answer")}
		if rapid.Bool().Draw(t, "dated") {
			invitation.SentOn = day()
		}
		nodes = append(nodes, o, invitation)
	}
	return nodes
}

// standing is what stands in the graph of all that the clock changes, without the times of the changes.
func standing(t tester, store graph.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, kind := range []graph.Kind{graph.KindReferral, graph.KindInvitation, graph.KindOpportunity} {
		page, err := store.List(context.Background(), graph.Operator, graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		for _, node := range page.Nodes {
			switch n := node.(type) {
			case *graph.Referral:
				all[n.GID()] = fmt.Sprintln(n.Version, n.State, n.AnsweredOn, n.ClosedOn)
			case *graph.Invitation:
				all[n.GID()] = fmt.Sprintln(n.Version, n.State, n.AnsweredOn)
			case *graph.Opportunity:
				all[n.GID()] = fmt.Sprintln(n.Version, n.ProtectedUntil)
			}
		}
	}
	return all
}

func TestHoweverOftenAndHoweverManyClocksTickEachThingEndsOnceAndOnTheSameDay(t *testing.T) {
	ended := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		var at, late time.Time
		nodes := awaiting(r)
		daily, paused := clocked(t, &at, nodes...), clocked(t, &late, nodes...)
		other := &graph.Graph{Store: daily.Store, Clock: daily.Clock}
		before := standing(r, daily.Store)
		for day := range 40 {
			at = firstDay.AddDays(day).Time()
			ticks := make(chan error, 2)
			for _, g := range []*graph.Graph{daily, other} {
				go func() { ticks <- g.Tick(context.Background()) }()
			}
			for range 2 {
				if err := <-ticks; err != nil {
					r.Fatal(err)
				}
			}
		}
		late = at
		if err := paused.Tick(context.Background()); err != nil {
			r.Fatal(err)
		}
		events := logged(r, daily.Store)
		slices.Sort(events)
		if twice := slices.Compact(slices.Clone(events)); len(twice) != len(events) {
			r.Fatalf("something ended twice: %v", events)
		}
		onceMore := logged(r, paused.Store)
		slices.Sort(onceMore)
		if !slices.Equal(events, onceMore) {
			r.Fatalf("day by day there happened %v, after a pause %v", events, onceMore)
		}
		after := standing(r, daily.Store)
		for gid, state := range standing(r, paused.Store) {
			if after[gid] != state {
				r.Fatalf("%s is %s day by day, and %s after a pause", gid, after[gid], state)
			}
		}
		for _, node := range nodes {
			gid, changed := node.GID(), after[node.GID()] != before[node.GID()]
			switch n := node.(type) {
			case *graph.Referral:
				overdue := n.State == graph.ReferralNew && n.RetiredOn.IsZero() && n.SentOn.AddDays(14) < graph.DateOf(at)
				if overdue != strings.Contains(after[gid], "EXPIRED  "+n.SentOn.AddDays(15).String()) && n.State == graph.ReferralNew || changed && !overdue && n.State != graph.ReferralForwarded {
					r.Fatalf("%s, sent on %s, was %s and is %s", gid, n.SentOn, before[gid], after[gid])
				}
			case *graph.Invitation:
				overdue := n.State == graph.InvitationPending && n.RetiredOn.IsZero() && !n.SentOn.IsZero() && n.SentOn.AddDays(14) < graph.DateOf(at)
				if changed != overdue || changed != (after[gid] == fmt.Sprintln(2, graph.InvitationExpired, graph.Date(0))) {
					r.Fatalf("%s, sent on %s, was %s and is %s", gid, n.SentOn, before[gid], after[gid])
				}
			case *graph.Opportunity:
				over := n.RetiredOn.IsZero() && !n.ProtectedUntil.IsZero() && n.ProtectedUntil <= graph.DateOf(at)
				if changed != over || changed != (after[gid] == fmt.Sprintln(2, graph.Date(0))) {
					r.Fatalf("%s, protected until %s, was %s and is %s", gid, n.ProtectedUntil, before[gid], after[gid])
				}
			}
		}
		for _, event := range events {
			ended[strings.Fields(event)[0]]++
		}
	})
	for _, event := range []string{"referral.expired", "referral.lost", graph.EventInvitationExpired, graph.EventProtectionLapsed} {
		if ended[event] == 0 && !testing.Short() {
			t.Errorf("no world came to %s: %v", event, ended)
		}
	}
}

func TestWhatIsNotAnsweredExpiresAtMidnightAfterTheFourteenthDay(t *testing.T) {
	at := firstDay.AddDays(15).Time().Add(-time.Millisecond)
	g := clocked(t, &at,
		&graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: graph.Active}, &graph.Partner{Meta: graph.Meta{ID: "b"}, Name: "B", Status: graph.Active},
		&graph.Opportunity{Meta: graph.Meta{ID: "o"}, Title: "A gap", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll}, ProtectedUntil: firstDay.AddDays(15)},
		&graph.Invitation{Meta: graph.Meta{ID: "i"}, Opportunity: "o", Partner: "a", State: graph.InvitationPending, SentOn: firstDay},
		&graph.Referral{Meta: graph.Meta{ID: "p"}, From: "b", To: "a", State: graph.ReferralForwarded, SentOn: firstDay},
		&graph.Referral{Meta: graph.Meta{ID: "r"}, From: "a", To: "b", State: graph.ReferralNew, SentOn: firstDay, Parent: "p"},
	)
	if err := g.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if events := logged(t, g.Store); len(events) != 1 {
		t.Fatalf("before midnight there happened %v", events)
	}
	at = at.Add(time.Millisecond)
	if err := g.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{graph.EventImportApplied, "referral.expired r", "referral.lost p", "invitation.expired i", "opportunity.protectionLapsed o"}
	if events := logged(t, g.Store); !slices.Equal(slices.Sorted(slices.Values(events)), slices.Sorted(slices.Values(want))) || slices.Index(events, "referral.lost p") != slices.Index(events, "referral.expired r")+1 {
		t.Errorf("at midnight there happened %v, not %v", events, want)
	}
	if now := standing(t, g.Store); now["Referral:r"] != fmt.Sprintln(2, "EXPIRED", "", "2026-12-07") || now["Referral:p"] != fmt.Sprintln(2, "LOST", "", "2026-12-07") {
		t.Errorf("the graph holds %v", now)
	}
	events, err := g.Store.Events(t.Context(), graph.Operator, 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		if event.Actor != "OPERATOR clock" || !slices.Equal(event.Changes, []string{event.Subject}) || event.Version != 2 || len(event.Fields) == 0 {
			t.Errorf("the event is %+v", event)
		}
	}
}

func TestManyThingsEndInOneTickAndInSmallTransactions(t *testing.T) {
	at := firstDay.Time()
	nodes := []graph.Node{&graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: graph.Active}, &graph.Partner{Meta: graph.Meta{ID: "b"}, Name: "B", Status: graph.Active}}
	nodes = append(nodes,
		&graph.Referral{Meta: graph.Meta{ID: "many"}, From: "b", To: "a", State: graph.ReferralForwarded, SentOn: firstDay},
		&graph.Referral{Meta: graph.Meta{ID: "one"}, From: "b", To: "a", State: graph.ReferralForwarded, SentOn: firstDay},
		&graph.Referral{Meta: graph.Meta{ID: "0"}, From: "a", To: "b", State: graph.ReferralNew, SentOn: firstDay, Parent: "one"})
	for i := range 1002 {
		nodes = append(nodes, &graph.Referral{Meta: graph.Meta{ID: fmt.Sprint(i + 1)}, From: "a", To: "b", State: graph.ReferralNew, SentOn: firstDay, Parent: "many"})
	}
	g := clocked(t, &at, nodes...)
	at = firstDay.AddDays(15).Time()
	store := &watched{Store: g.Store}
	g.Store = store
	if err := g.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	events := logged(t, g.Store)
	if len(events) != 1+1003+2 || events[len(events)-1] != "referral.lost many" || !slices.Contains(events, "referral.lost one") || store.writes < 5 || store.writes > 10 {
		t.Errorf("there were %d events in %d transactions, the last one %s", len(events), store.writes, events[len(events)-1])
	}
}

// watched is a store that counts transactions, and can be made to name what is not due.
type watched struct {
	graph.Store
	writes  int
	due     []string
	fails   error
	forgets []time.Time
}

func (s *watched) Write(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) (int64, error) {
	s.writes++
	return s.Store.Write(ctx, v, fn)
}

func (s *watched) Due(ctx context.Context, v graph.Viewer, q graph.DueQuery) ([]string, error) {
	if s.due != nil || s.fails != nil {
		return s.due, s.fails
	}
	return s.Store.Due(ctx, v, q)
}

func (s *watched) Forget(ctx context.Context, v graph.Viewer, before time.Time) error {
	s.forgets = append(s.forgets, before)
	return s.Store.Forget(ctx, v, before)
}

func TestWhatTheClockCannotEndIsAnErrorAndNoEndlessWork(t *testing.T) {
	at := firstDay.Time()
	g := clocked(t, &at, &graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: graph.Active}, &graph.Partner{Meta: graph.Meta{ID: "b"}, Name: "B", Status: graph.Active},
		&graph.Referral{Meta: graph.Meta{ID: "r"}, From: "a", To: "b", State: graph.ReferralNew, SentOn: firstDay})
	store := &watched{Store: g.Store, due: []string{"Referral:r", "Referral:none", "nonsense"}}
	g.Store = store
	if err := g.Tick(t.Context()); err == nil || !strings.Contains(err.Error(), "Referral:r") {
		t.Errorf("the clock says %v", err)
	}
	if events := logged(t, store); len(events) != 1 || len(store.forgets) != 1 {
		t.Errorf("there happened %v, and old events were let go of at %v", events, store.forgets)
	}
	store.fails = errors.New("away")
	if err := g.Tick(t.Context()); !errors.Is(err, store.fails) {
		t.Errorf("the clock says %v", err)
	}
}

func TestTheLogLetsGoOfWhatIsOlderThanTheRetention(t *testing.T) {
	at := firstDay.Time()
	g := clocked(t, &at, &graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: graph.Active})
	at = at.Add(time.Hour)
	fill(t, g.Store, &graph.Partner{Meta: graph.Meta{ID: "b"}, Name: "B", Status: graph.Active})
	for _, c := range []struct {
		retention, passed time.Duration
		oldest            int64
	}{{0, 1000 * 24 * time.Hour, 1}, {48 * time.Hour, 48 * time.Hour, 1}, {48 * time.Hour, 49 * time.Hour, 2}, {48 * time.Hour, 49*time.Hour + time.Millisecond, 3}} {
		g.Retention, at = c.retention, firstDay.Time().Add(c.passed)
		if err := g.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if oldest, err := g.Store.Oldest(t.Context()); err != nil || oldest != c.oldest {
			t.Errorf("with %s after %s the oldest event is %d (%v), not %d", c.retention, c.passed, oldest, err, c.oldest)
		}
	}
}
