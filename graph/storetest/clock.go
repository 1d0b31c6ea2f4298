package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"valueweb/graph"
)

// due are the gids of what the clock has to end, in their order.
func (w *World) due(q graph.DueQuery) []string {
	w.Helper()
	w.Save()
	if q.Limit == 0 {
		q.Limit = 99
	}
	gids, err := w.Due(w.Context(), graph.Operator, q)
	w.must(err)
	slices.Sort(gids)
	return gids
}

// forget lets go of what happened before an instant.
func (w *World) forget(before time.Time) {
	w.Helper()
	w.must(w.Forget(w.Context(), graph.Operator, before))
}

func (w *World) oldest() int64 {
	w.Helper()
	oldest, err := w.Oldest(w.Context())
	w.must(err)
	return oldest
}

// waiting adds a referral, an invitation and an opportunity with a protection, all of one day.
func (w *World) waiting(name string, day graph.Date, meta graph.Meta) *World {
	with := func() graph.Meta {
		meta.ID = name
		return meta
	}
	return w.Add(
		&graph.Referral{Meta: with(), From: "a", To: "b", State: graph.ReferralNew, SentOn: day},
		&graph.Opportunity{Meta: with(), Title: name, Owner: "a", Stage: graph.Prospect, ProtectedUntil: day, Audience: graph.Audience{Kind: graph.AudienceAll}},
		&graph.Invitation{Meta: with(), Opportunity: name, Partner: "b", State: graph.InvitationPending, SentOn: day},
	)
}

// gidsOf are the three of waiting.
func gidsOf(names ...string) (gids []string) {
	for _, kind := range []graph.Kind{graph.KindInvitation, graph.KindOpportunity, graph.KindReferral} {
		for _, name := range names {
			gids = append(gids, graph.GID(kind, name))
		}
	}
	return gids
}

// only keeps the gids of one kind.
func only(kind graph.Kind, gids []string) (of []string) {
	for _, gid := range gids {
		if strings.HasPrefix(gid, string(kind)+":") {
			of = append(of, gid)
		}
	}
	return of
}

func clockCases() []testCase {
	return []testCase{
		{"Due are referrals and invitations sent before a day, and protections that are over by one", func(w *World) {
			day := today()
			w.Partner("a").Partner("b")
			w.waiting("before", day-1, graph.Meta{}).waiting("on", day, graph.Meta{}).waiting("after", day+1, graph.Meta{}).waiting("long-ago", Day("1969-12-30"), graph.Meta{}).waiting("never", 0, graph.Meta{})
			w.same("by the day", w.due(graph.DueQuery{SentBefore: day, ProtectedBy: day - 1}), []string{"Invitation:before", "Opportunity:before", "Opportunity:long-ago", "Referral:before"})
			w.same("protections", w.due(graph.DueQuery{ProtectedBy: day}), []string{"Opportunity:before", "Opportunity:long-ago", "Opportunity:on"})
			w.same("sent", w.due(graph.DueQuery{SentBefore: day + 1}), []string{"Invitation:before", "Invitation:on", "Referral:before", "Referral:on"})
			w.same("of no day", w.due(graph.DueQuery{}), []string(nil))
			w.same("of the day before 1970", w.due(graph.DueQuery{SentBefore: Day("1970-01-01"), ProtectedBy: Day("1969-12-31")}), []string{"Opportunity:long-ago"})
		}},
		{"What was overdue when it came, or was changed last, stays as it is", func(w *World) {
			day := today()
			w.Partner("a").Partner("b")
			w.waiting("late", day-graph.AnswerDays-1, graph.Meta{}).waiting("in-time", day-graph.AnswerDays, graph.Meta{})
			w.same("due", w.due(graph.DueQuery{SentBefore: day + 1}), []string{"Invitation:in-time", "Referral:in-time"})
		}},
		{"What was answered, retired or has lapsed is not due", func(w *World) {
			day := today()
			w.Partner("a").Partner("b").waiting("open", day-9, graph.Meta{}).waiting("retired", day-9, graph.Meta{RetiredOn: day})
			for _, state := range graph.ReferralStates {
				if state != graph.ReferralNew {
					w.Add(&graph.Referral{Meta: graph.Meta{ID: string(state)}, From: "a", To: "b", State: state, SentOn: day - 9})
				}
			}
			for _, state := range graph.InvitationStates {
				if state != graph.InvitationPending {
					w.Add(&graph.Invitation{Meta: graph.Meta{ID: string(state)}, Opportunity: "open", Partner: "b", State: state, SentOn: day - 9})
				}
			}
			all := graph.DueQuery{SentBefore: day, ProtectedBy: day}
			w.same("due", w.due(all), gidsOf("open"))
			w.Add(&graph.Referral{Meta: graph.Meta{ID: "open"}, From: "a", To: "b", State: graph.ReferralExpired, SentOn: day - 9}).Save()
			w.Add(&graph.Invitation{Meta: graph.Meta{ID: "open"}, Opportunity: "open", Partner: "b", State: graph.InvitationExpired, SentOn: day - 9}).Save()
			w.same("once they have expired", w.due(all), []string{"Opportunity:open"})
			w.Opportunity("open", graph.Opportunity{}).Save()
			w.same("once the protection has lapsed", w.due(all), []string(nil))
		}},
		{"Of what is due as much is told as is asked for", func(w *World) {
			day := today()
			w.Partner("a").Partner("b")
			for i := range 5 {
				w.waiting(fmt.Sprint(i), day-1, graph.Meta{})
			}
			all := w.due(graph.DueQuery{SentBefore: day, ProtectedBy: day})
			w.same("all", len(all), 15)
			for limit := 1; limit < 15; limit += 3 {
				some := w.due(graph.DueQuery{SentBefore: day, ProtectedBy: day, Limit: limit})
				w.same("some", len(some), limit)
				for _, gid := range some {
					w.same(gid, slices.Contains(all, gid), true)
				}
			}
			w.same("referrals", len(only(graph.KindReferral, all)), 5)
		}},
		{"The oldest event is the first, until events are let go of; the numbers go on", func(w *World) {
			w.same("of an empty log", w.oldest(), int64(1))
			w.Competency("one").Save()
			w.Competency("two").Save()
			w.later(time.Hour)
			w.Competency("three").Save()
			w.same("oldest", w.oldest(), int64(1))
			events := w.events()
			w.forget(events[0].At)
			w.same("before the first", w.oldest(), int64(1))
			w.forget(events[2].At)
			w.same("oldest then", w.oldest(), int64(3))
			w.same("seq", w.seq(), int64(3))
			w.same("what is kept", seqs(w.events()), []int64{3})
			for after := range int64(3) {
				kept, err := w.Events(w.Context(), graph.Operator, after, 1)
				w.must(err)
				w.same("after", seqs(kept), []int64{3})
			}
			w.forget(events[2].At.Add(time.Millisecond))
			w.same("of a log that let go of all", w.oldest(), int64(4))
			w.same("nothing is kept", len(w.events()), 0)
			w.same("seq still", w.seq(), int64(3))
			w.Competency("four").Save()
			w.same("oldest at last", w.oldest(), int64(4))
			w.same("what came", seqs(w.events()), []int64{4})
		}},
		{"The history of a node tells what the log still holds", func(w *World) {
			change := func(name string) {
				w.write(logged("a", func() graph.Node { return erp(name) }))
				w.later(time.Hour)
			}
			for _, name := range []string{"1", "2", "3", "4"} {
				change(name)
			}
			w.forget(w.events()[2].At)
			events, err := w.History(w.Context(), graph.Operator, "Competency:erp", 1)
			w.must(err)
			w.same("history", seqs(events), []int64{3, 4})
		}},
		{"Several servers may let go of the same at once, while others write", func(w *World) {
			for i := range 40 {
				w.Competency(fmt.Sprint(i)).Save()
			}
			w.later(time.Hour)
			bound := w.clock.now()
			w.later(time.Hour)
			together(w.T, 8, func(n int) error {
				if n%2 == 0 {
					return w.Forget(w.Context(), graph.Operator, bound)
				}
				_, err := w.Write(w.Context(), graph.Operator, logged("a", func() graph.Node { return erp(fmt.Sprint(n)) }))
				return err
			})
			w.same("oldest", w.oldest(), int64(41))
			w.same("kept", seqs(w.events()), []int64{41, 42, 43, 44})
		}},
		{"Letting go of what is old takes the accesses that are older than they are kept", func(w *World) {
			w.noted(read("PARTNER:a", "city", 0, 1, 1, 1))
			w.later((graph.AccessRetention - 1) * 24 * time.Hour)
			w.forget(time.Time{})
			w.same("kept", len(w.accesses(graph.AccessQuery{First: 9}).Accesses), 1)
			w.later(3 * 24 * time.Hour)
			w.forget(time.Time{})
			w.same("forgotten", len(w.accesses(graph.AccessQuery{First: 9}).Accesses), 0)
		}},
		{"A deployment has one name, which no other has", func(w *World) {
			name, err := w.Deployment(w.Context())
			w.must(err)
			if len(name) < 20 {
				w.Errorf("the name is %q", name)
			}
			w.Competency("erp").Save()
			again, err := w.Deployment(w.Context())
			w.must(err)
			w.same("name", again, name)
		}},
	}
}

// logged is a transaction that writes a node, made anew each time that it runs, and logs one event.
func logged(event string, node func() graph.Node) func(context.Context, graph.Tx) error {
	return func(ctx context.Context, tx graph.Tx) error {
		one := node()
		if _, err := tx.Put(ctx, []graph.Node{one}); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: event, Subject: one.GID(), Changes: tx.Changed()})
	}
}
