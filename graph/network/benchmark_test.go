package network

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"valueweb/graph"
)

// The world of the benchmarks: as many partners and referrals as world m.
const (
	benchPartners  = 10_000
	benchTies      = 80_000
	benchReferrals = 1_000_000
)

// benchChunk is a network with heavy-tailed degrees: both ends of a tie are more often than not those of
// one that is already there.
var benchChunk = sync.OnceValue(func() graph.NetworkChunk {
	random := rand.New(rand.NewPCG(1, 2))
	var c graph.NetworkChunk
	for i := range benchPartners {
		c.Partners = append(c.Partners, &graph.Partner{Meta: graph.Meta{ID: benchPartner(i)}, Name: benchPartner(i), Status: graph.Active})
	}
	pairs := benchPairs(random)
	for i := range benchReferrals {
		at := pairs[i%len(pairs)]
		if i >= len(pairs) {
			at = pairs[random.IntN(len(pairs))]
		}
		c.Referrals = append(c.Referrals, benchReferral(random, i, at))
	}
	return c
})

func benchPartner(i int) string { return fmt.Sprintf("partner-%05d", i) }

func benchPairs(random *rand.Rand) []pair {
	seen := map[pair]bool{}
	var pairs []pair
	end := func() int32 {
		if len(pairs) == 0 || random.Float64() < 0.35 {
			return random.Int32N(benchPartners)
		}
		p := pairs[random.IntN(len(pairs))]
		return []int32{p.a, p.b}[random.IntN(2)]
	}
	for len(pairs) < benchTies {
		if p := newPair(end(), end()); p.a != p.b && !seen[p] {
			seen[p] = true
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func benchReferral(random *rand.Rand, i int, at pair) *graph.Referral {
	sent := today.AddDays(-random.IntN(2000) - 100)
	r := &graph.Referral{
		Meta: graph.Meta{ID: fmt.Sprintf("referral-%07d", i)}, From: benchPartner(int(at.a)), To: benchPartner(int(at.b)),
		SentOn: sent, State: graph.ReferralStates[random.IntN(len(graph.ReferralStates))],
	}
	if r.State.Answered() {
		r.AnsweredOn = sent.AddDays(random.IntN(10))
	}
	if r.State.Closed() {
		r.ClosedOn = sent.AddDays(10 + random.IntN(80))
	}
	return r
}

var benchLedger = newLedger()

var benchNetwork = sync.OnceValue(func() *snapshot {
	e := benchLedger.edit(emptySnapshot())
	e.chunk(benchChunk())
	return e.snapshot(1)
})

// byDegree are the numbers of the partners, those with the most ties first.
func byDegree(s *snapshot) []int32 {
	all := make([]int32, s.len())
	for i := range all {
		all[i] = int32(i)
	}
	slices.SortFunc(all, func(a, b int32) int { return len(s.node(b).ties) - len(s.node(a).ties) })
	return all
}

func BenchmarkLoad(b *testing.B) {
	c := benchChunk()
	b.ReportAllocs()
	for b.Loop() {
		e := newLedger().edit(emptySnapshot())
		e.chunk(c)
		e.snapshot(1)
	}
}

func BenchmarkTrust(b *testing.B) {
	s := benchNetwork()
	ranks := byDegree(s)
	random := rand.New(rand.NewPCG(3, 4))
	candidates := func(n int) []string {
		var ids []string
		for range n {
			ids = append(ids, benchPartner(random.IntN(benchPartners)))
		}
		return ids
	}
	for _, asker := range []struct {
		name string
		rank int
	}{{"median asker", benchPartners / 2}, {"upper decile", benchPartners / 10}, {"largest hub", 0}} {
		for _, n := range []int{50, 400} {
			id := s.node(ranks[asker.rank]).id
			q := graph.TrustQuery{Asker: id, Candidates: candidates(n), AsOf: today}
			b.Run(fmt.Sprintf("%s of %d ties, %d candidates", asker.name, len(s.node(ranks[asker.rank]).ties), n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if found, err := s.trust(b.Context(), q); err != nil || len(found) == 0 {
						b.Fatal(len(found), err)
					}
				}
			})
		}
	}
}

func BenchmarkTrustOnADayNotAskedAboutBefore(b *testing.B) {
	s := benchNetwork()
	q := graph.TrustQuery{Asker: s.node(byDegree(s)[benchPartners/10]).id, Candidates: []string{benchPartner(1)}}
	for _, day := range []struct {
		name string
		from graph.Date
	}{{"today", today}, {"a past day", today.AddDays(-800)}} {
		b.Run(day.name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				q.AsOf = day.from.AddDays(i % 300)
				if _, err := s.trust(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPaths(b *testing.B) {
	s := benchNetwork()
	ranks := byDegree(s)
	random := rand.New(rand.NewPCG(5, 6))
	for _, hops := range []int{3, 4, 6} {
		b.Run(fmt.Sprintf("%d hops, 20 paths", hops), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				q := graph.PathQuery{
					From: s.node(ranks[random.IntN(len(ranks))]).id, To: s.node(ranks[random.IntN(len(ranks))]).id,
					MaxHops: hops, First: 20, AsOf: today,
				}
				if _, err := s.paths(b.Context(), q, crowd); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkApplyOneReferral(b *testing.B) {
	s := benchNetwork()
	random := rand.New(rand.NewPCG(7, 8))
	all := benchChunk().Referrals
	b.ReportAllocs()
	for b.Loop() {
		changed := *all[random.IntN(len(all))]
		changed.State = graph.ReferralStates[random.IntN(len(graph.ReferralStates))]
		e := benchLedger.edit(s)
		e.referral(&changed)
		s = e.snapshot(s.seq + 1)
	}
}
