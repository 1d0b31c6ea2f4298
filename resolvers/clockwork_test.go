package resolvers

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"valueweb/graph"
)

func TestServersThatTickAtTheSameTimeEndEachThingOnce(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.at(today)
		// What the world of the fixture holds that is due is none of this test.
		if err := f.graph.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		nodes := partnersNamed("a", "b", "c")
		want := []string{}
		for i := range 250 { // more than one transaction
			parent, child, invitation, opportunity := fmt.Sprint("parent", i), fmt.Sprint("child", i), fmt.Sprint("invitation", i), fmt.Sprint("opportunity", i)
			nodes = append(nodes,
				&graph.Referral{Meta: graph.Meta{ID: parent}, From: "a", To: "b", State: graph.ReferralForwarded, SentOn: today},
				&graph.Referral{Meta: graph.Meta{ID: child}, From: "b", To: "c", State: graph.ReferralNew, SentOn: today, Parent: parent})
			want = append(want, "referral.expired Referral:"+child, "referral.lost Referral:"+parent)
			if i%5 == 0 {
				nodes = append(nodes,
					&graph.Opportunity{Meta: graph.Meta{ID: opportunity}, Title: "A gap", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll}, ProtectedUntil: today.AddDays(15)},
					&graph.Invitation{Meta: graph.Meta{ID: invitation}, Opportunity: opportunity, Partner: "a", State: graph.InvitationPending, SentOn: today})
				want = append(want, "invitation.expired Invitation:"+invitation, "opportunity.protectionLapsed Opportunity:"+opportunity)
			}
		}
		slices.SortStableFunc(nodes, func(a, b graph.Node) int {
			return slices.Index(graph.Kinds, a.Kind()) - slices.Index(graph.Kinds, b.Kind())
		})
		f.fill(t, nodes...)
		before := f.seq(t)
		f.at(today.AddDays(14))
		if err := f.graph.Tick(t.Context()); err != nil || f.seq(t) != before {
			t.Errorf("on the last day there came %v, %v", tellings(f.since(t, before)), err)
		}
		f.at(today.AddDays(15))
		ticks := make(chan error, 3)
		for range cap(ticks) {
			server := *f.graph
			go func() { ticks <- server.Tick(context.Background()) }()
		}
		for range cap(ticks) {
			if err := <-ticks; err != nil {
				t.Error(err)
			}
		}
		events, err := f.store.Events(t.Context(), graph.Operator, before, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		got := tellings(events)
		for i, event := range got {
			if event[:16] == "referral.expired" && (i+1 == len(got) || got[i+1] != "referral.lost Referral:parent"+event[len("referral.expired Referral:child"):]) {
				t.Errorf("behind %s there is no closing of its parent", event)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("there ended %v, not %v", got, want)
		}
		for _, id := range []string{"child0", "parent0"} {
			if r := f.referralOf(t, id); r.ClosedOn != today.AddDays(15) || r.Version != 2 || !r.AnsweredOn.IsZero() {
				t.Errorf("%s is %+v", id, r)
			}
		}
	})
}
