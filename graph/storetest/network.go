package storetest

import (
	"errors"
	"fmt"

	"valueweb/graph"
)

// network collects the whole stream.
func (w *World) network() (all graph.NetworkChunk, seq int64) {
	w.Helper()
	w.Save()
	seq, err := w.Network(w.Context(), graph.Operator, func(chunk graph.NetworkChunk) error {
		all.Partners = append(all.Partners, chunk.Partners...)
		all.Referrals = append(all.Referrals, chunk.Referrals...)
		all.Partnerships = append(all.Partnerships, chunk.Partnerships...)
		return nil
	})
	w.must(err)
	return all, seq
}

func networkCases() []testCase {
	return []testCase{
		{"An empty store has an empty network at seq 0", func(w *World) {
			all, seq := w.network()
			w.same("nodes", len(all.Partners)+len(all.Referrals)+len(all.Partnerships), 0)
			w.same("seq", seq, int64(0))
		}},
		{"The network has every partner, referral and partnership once, as it stands at the seq", func(w *World) {
			const many = 6000 // more than a store need hand over at once
			w.Partner("a").Partner("b", graph.Partner{Status: graph.Left}).Add(&graph.Partnership{Meta: graph.Meta{ID: "v"}, Parties: []string{"b", "a"}, Collaboration: graph.LowCollaboration})
			for i := range many {
				w.Add(&graph.Referral{Meta: graph.Meta{ID: fmt.Sprint("r", i)}, From: "a", To: "b", SentOn: Today, State: graph.ReferralNew})
			}
			w.Save()
			w.Partner("a", graph.Partner{Name: "renamed"})
			all, seq := w.network()
			w.same("seq", seq, w.seq())
			w.same("seq", seq, int64(2))
			names := map[string]string{}
			for _, p := range all.Partners {
				names[p.ID] = p.Name
			}
			w.same("partners", names, map[string]string{"a": "renamed", "b": "The b"})
			w.same("number of partners", len(all.Partners), 2)
			w.same("parties", all.Partnerships[0].Parties, []string{"b", "a"})
			w.same("number of partnerships", len(all.Partnerships), 1)
			seen := map[string]bool{}
			for _, r := range all.Referrals {
				seen[r.ID] = true
			}
			w.same("referrals", []int{len(all.Referrals), len(seen)}, []int{many, many})
		}},
		{"A receiver that fails ends the stream", func(w *World) {
			failure := errors.New("no")
			w.Partner("a").Save()
			_, err := w.Network(w.Context(), graph.Operator, func(graph.NetworkChunk) error { return failure })
			if !errors.Is(err, failure) {
				w.Errorf("the error is %v", err)
			}
		}},
		{"The network is as it stands at its seq, whatever is written while it streams", func(w *World) {
			w.Partner("a").Partner("c").Save()
			wrote := false
			names := map[string]string{}
			seq, err := w.Network(w.Context(), graph.Operator, func(chunk graph.NetworkChunk) error {
				if !wrote {
					wrote = true
					w.Partner("b").Partner("a", graph.Partner{Name: "renamed"}).Save()
				}
				for _, p := range chunk.Partners {
					names[p.ID] = p.Name
				}
				return nil
			})
			w.must(err)
			then := map[int64]map[string]string{
				1: {"a": "The a", "c": "The c"}, 2: {"a": "renamed", "b": "The b", "c": "The c"},
			}
			w.same("partners", names, then[seq])
		}},
	}
}
