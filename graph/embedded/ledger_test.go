package embedded

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"valueweb/graph"
)

// TestFiguresFromTheLedgerAreThoseOfTheReferrals changes the referrals of a partner at random, and after each
// change compares its figures on several days with a sum over the referrals themselves.
func TestFiguresFromTheLedgerAreThoseOfTheReferrals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	store := Memory(Options{})
	defer store.Close()
	here := graph.Point{Lat: 1, Lng: 1}
	today := graph.NewDate(2026, 6, 30)
	put := func(nodes ...graph.Node) {
		t.Helper()
		_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			refusals, err := tx.Put(ctx, nodes)
			for _, refusal := range refusals {
				if refusal != nil {
					t.Fatal(refusal)
				}
			}
			if err != nil {
				return err
			}
			return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	competencies := []string{"", "all", "some", "other"}
	put(
		&graph.Competency{Meta: graph.Meta{ID: "all"}, Name: "All"}, &graph.Competency{Meta: graph.Meta{ID: "some"}, Name: "Some", Broader: []string{"all"}},
		&graph.Competency{Meta: graph.Meta{ID: "other"}, Name: "Other"},
		&graph.Partner{Meta: graph.Meta{ID: "from"}, Name: "From", Status: graph.Active}, &graph.Partner{Meta: graph.Meta{ID: "to"}, Name: "To", Status: graph.Active},
		&graph.Office{Meta: graph.Meta{ID: "office"}, Partner: "to", Location: here}, &graph.Holding{Meta: graph.Meta{ID: "holding"}, Partner: "to", Competency: "all"},
	)
	day := func(share float64) graph.Date {
		if r.Float64() > share {
			return 0
		}
		return today.AddDays(60 - r.IntN(1500))
	}
	referrals := map[string]*graph.Referral{}
	for step := range 60 {
		var nodes []graph.Node
		for range 1 + r.IntN(20) {
			n := &graph.Referral{
				Meta: graph.Meta{ID: fmt.Sprint("r", r.IntN(40+10*step))}, From: "from", To: "to", Competency: competencies[r.IntN(min(len(competencies), 2+step/10))],
				State: graph.ReferralStates[r.IntN(len(graph.ReferralStates))], SentOn: today.AddDays(60 - r.IntN(1500)), AnsweredOn: day(0.7), ClosedOn: day(0.6),
			}
			referrals[n.ID], nodes = n, append(nodes, n)
		}
		put(nodes...)
		for range 3 {
			asOf := today.AddDays(-r.IntN(400))
			facts, err := store.Gap(t.Context(), graph.Operator, graph.GapQuery{
				Gap: graph.Gap{Needs: []graph.Need{{Competency: "all", MinLevel: 1}}, Place: graph.Place{Point: &here}, AsOf: asOf}, Radii: []float64{50},
			})
			if err != nil || len(facts.Candidates) != 1 {
				t.Fatal(err, facts)
			}
			if got, want := facts.Candidates[0].Track, tallied(referrals, asOf); got != want {
				t.Fatalf("after %d changes, as of %s, of %d referrals: %+v, want %+v", step, asOf, len(referrals), got, want)
			}
		}
	}
}

// tallied are the figures of all referrals for "all", which "some" is narrower than.
func tallied(referrals map[string]*graph.Referral, asOf graph.Date) graph.TrackFacts {
	var track graph.TrackFacts
	proofFrom, _ := graph.ProofPeriod(asOf)
	fairFrom, _ := graph.FairPeriod(asOf)
	within := func(from, d graph.Date) bool { return !d.IsZero() && from < d && d <= asOf }
	for _, r := range referrals {
		line := r.Timeline()
		if within(fairFrom, r.SentOn) {
			track.Received++
		}
		if line.OpenAt(asOf) {
			track.OpenReferrals++
		}
		decided := r.State == graph.ReferralWon || r.State == graph.ReferralLost
		isFor := r.Competency == "all" || r.Competency == "some"
		if decided && isFor && within(proofFrom, line.Closing()) {
			track.Count(r.State == graph.ReferralWon, line.Closing())
		}
	}
	return track
}
