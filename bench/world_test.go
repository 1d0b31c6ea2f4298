package bench

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/network"
)

// The size of the world: that of world m, with a tenth of its referrals.
const (
	partners     = 10_000
	offices      = 25_000
	competencies = 1_000
	holdings     = 60_000
	ties         = 80_000
	referrals    = 100_000
	cities       = 400
	citySkew     = 0.5 // the largest city has some 600 offices
)

var asOf = graph.NewDate(2026, 11, 22)

// bigWorld is built once for all benchmarks.
var bigWorld = sync.OnceValue(func() *world {
	w := &world{rand: rand.New(rand.NewPCG(1, 2))}
	w.build()
	return w
})

type world struct {
	*graph.Graph
	rand   *rand.Rand
	places []graph.Point
	leaves []string
	nodes  []graph.Node
}

// build makes partners in clustered cities (the size of a city falls with its rank), competencies held by
// Zipf's law in a taxonomy of four levels, and referrals of heavy-tailed degree.
func (w *world) build() {
	for range cities {
		w.places = append(w.places, graph.Point{Lat: w.rand.Float64()*24 + 36, Lng: w.rand.Float64()*36 - 9})
	}
	w.taxonomy()
	for i := range partners {
		capacity := 5 + w.rand.IntN(40)
		w.add(&graph.Partner{Meta: meta("p%05d", i), Name: fmt.Sprintf("Partner %d", i), PartnerKind: graph.Reseller, Status: graph.Active, Capacity: &capacity})
	}
	for i := range offices {
		city := w.places[zipf(w.rand, cities, citySkew)]
		at := graph.Point{Lat: city.Lat + w.rand.NormFloat64()*0.1, Lng: city.Lng + w.rand.NormFloat64()*0.15}
		w.add(&graph.Office{Meta: meta("o%05d", i), Partner: id("p%05d", i%partners), Name: fmt.Sprintf("Office %d", i), Location: at})
	}
	w.capabilities()
	w.referrals()
	w.load()
}

func (w *world) taxonomy() {
	for i := range competencies {
		c := &graph.Competency{Meta: meta("c%04d", i), Name: fmt.Sprintf("Competency %d", i)}
		if i > 0 {
			c.Broader = []string{id("c%04d", (i-1)/6)}
		}
		w.add(c)
		w.leaves = append(w.leaves, c.ID)
	}
}

func (w *world) capabilities() {
	held := map[string]bool{}
	for n := 0; n < holdings; n++ {
		partner, competency := id("p%05d", w.rand.IntN(partners)), w.leaves[1+zipf(w.rand, competencies-1, 0.8)]
		if held[partner+competency] {
			continue
		}
		held[partner+competency] = true
		w.add(&graph.Holding{Meta: meta("h%05d", n), Partner: partner, Competency: competency, Level: 1 + w.rand.IntN(5)})
		if n%4 == 0 {
			w.add(&graph.Certification{Meta: meta("x%05d", n), Partner: partner, Competency: competency, Scheme: "Scheme", Verified: true, ExpiresOn: asOf.AddDays(w.rand.IntN(1000) - 100)})
		}
	}
}

func (w *world) referrals() {
	states := []graph.ReferralState{graph.ReferralWon, graph.ReferralWon, graph.ReferralLost, graph.ReferralActive, graph.ReferralDeclined}
	for i := range referrals {
		pair := i % ties
		r := rand.New(rand.NewPCG(7, uint64(pair)))
		from, to := int(math.Pow(r.Float64(), 2.2)*partners), r.IntN(partners)
		if from == to {
			continue
		}
		sent := asOf.AddDays(-w.rand.IntN(1500))
		referral := &graph.Referral{Meta: meta("r%06d", i), From: id("p%05d", from), To: id("p%05d", to), Competency: w.leaves[zipf(w.rand, competencies, 0.8)], State: states[w.rand.IntN(len(states))], SentOn: sent, AnsweredOn: sent.AddDays(2)}
		if referral.State != graph.ReferralActive {
			referral.ClosedOn = sent.AddDays(30)
		}
		w.add(referral)
	}
}

func (w *world) load() {
	ctx := context.Background()
	store := embedded.Memory(embedded.Options{})
	if err := put(ctx, store, w.nodes); err != nil {
		panic(err)
	}
	w.nodes = nil
	follow, err := network.Follow(ctx, store, slog.New(slog.DiscardHandler))
	if err != nil {
		panic(err)
	}
	w.Graph = &graph.Graph{Store: store, Network: follow, Clock: time.Now}
}

// put writes nodes in one transaction; none may be refused.
func put(ctx context.Context, store graph.Store, nodes []graph.Node) error {
	_, err := store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		for _, refusal := range refusals {
			if refusal != nil {
				return refusal
			}
		}
		if err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied})
	})
	return err
}

func (w *world) add(node graph.Node) { w.nodes = append(w.nodes, node) }

func id(format string, n int) string { return fmt.Sprintf(format, n) }

func meta(format string, n int) graph.Meta { return graph.Meta{ID: id(format, n)} }

// questions are n questions at places where offices are, within 50 km, asked by somebody.
func (w *world) questions(n int, competency func() string) []graph.Gap {
	km := 50.0
	all := make([]graph.Gap, n)
	for i := range all {
		city := w.places[zipf(w.rand, cities, citySkew)]
		all[i] = graph.Gap{
			Needs: []graph.Need{{Competency: competency(), MinLevel: 1}}, Place: graph.Place{Point: &city},
			RadiusKm: &km, Asker: id("p%05d", w.rand.IntN(partners)), AsOf: asOf,
		}
	}
	return all
}

func askGap(b *testing.B, w *world, gap graph.Gap) *graph.CandidatePage {
	answer, err := w.WhoCanFill(context.Background(), graph.Operator, gap, graph.PageArgs{First: 20}, graph.CandidateExtras{})
	if err != nil {
		b.Fatal(err)
	}
	return answer
}
