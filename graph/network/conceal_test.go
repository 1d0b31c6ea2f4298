package network

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
)

func TestTiesWithoutHiddenReferralsAreThoseOfANetworkThatNeverHadThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		full := w.built()
		var hidden []*graph.Referral
		for _, id := range sorted(w.referrals) {
			if rapid.Bool().Draw(t, "hide "+id) {
				hidden = append(hidden, w.referrals[id])
				w.drop(graph.KindReferral, id)
			}
		}
		asOf := drawAsOf(t)
		paths := func(net *snapshot) []graph.TrustPath {
			q := graph.TrustQuery{Asker: "a", Candidates: slices.Clone(ids), AsOf: asOf}
			found, err := net.trust(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			var all []graph.TrustPath
			for _, id := range ids {
				if path, ok := found[id]; ok {
					all = append(all, path)
				}
			}
			return all
		}
		got, want := paths(full.concealing(hidden)), paths(w.built())
		if len(got) != len(want) {
			t.Fatalf("%d paths, want %d", len(got), len(want))
		}
		for i := range want {
			samePath(t, got[i], want[i])
		}
		before := paths(full)
		for i := range before {
			samePath(t, before[i], paths(full)[i]) // the network itself is as it was
		}
	})
}
