package storetest

import (
	"math"

	"valueweb/graph"
)

var (
	anywhere = math.Inf(1)
	rings    = graph.Rings
)

// below is the next smaller number.
func below(km float64) float64 { return math.Nextafter(km, 0) }

func gapCases() []testCase {
	return []testCase{
		{"The facts say what the question was resolved to", func(w *World) {
			w.Competency("erp").Competency("iot").Candidate("acme", North(10), "erp").Holds("iot").Partner("asker", graph.Partner{Status: graph.Suspended})
			w.Customer("city").Add(&graph.Site{Meta: graph.Meta{ID: "hall"}, Customer: "city", Location: Here, Country: "DE"})
			q := Ask("erp", "iot")
			q.Place, q.Asker, q.Needs[1].MinLevel = graph.Place{Customer: "city"}, "asker", 2
			facts := w.gap(q)
			w.same("seq", facts.Seq, int64(1))
			w.same("radius", facts.RadiusKm, 50.0)
			w.same("needs", facts.Needs, []graph.NeedFacts{
				{Need: graph.Need{Competency: "erp", MinLevel: 1}, Name: "The erp"}, {Need: graph.Need{Competency: "iot", MinLevel: 2}, Name: "The iot"},
			})
			w.same("customer", facts.Customer, "city")
			w.same("points", facts.Points, []graph.Point{Here})
			w.same("asker", facts.Asker, "asker")
			w.same("asker's state", facts.AskerState, graph.Suspended)
			w.same("country", facts.Country, "DE")
			w.same("blocked", len(facts.Blocked), 0)
		}},
		{"The facts of a candidate are those stated", func(w *World) {
			none := 3
			w.Competency("erp").Partner("acme", graph.Partner{Meta: graph.Meta{Synthetic: true}, Name: "Acme", PartnerKind: graph.ISV, Tier: "GOLD", Capacity: &none}).Office("lab", North(10), graph.Office{Name: "The lab", Country: "NO"}).Office("b", North(20), graph.Office{City: "Oslo"}).Holds("erp")
			w.same("candidate", w.candidate(Ask("erp"), "acme"), graph.CandidateFacts{
				Partner: "acme", Name: "Acme", Kind: graph.ISV, Tier: "GOLD", Capacity: &none, Synthetic: true,
				Offices: []graph.OfficeFacts{
					{ID: "b", City: "Oslo", Km: graph.Kilometres(Here, North(20))}, {ID: "lab", Name: "The lab", Country: "NO", Km: graph.Kilometres(Here, North(10))},
				},
				Holdings: [][]graph.HoldingFacts{{{ID: "acme-erp", Competency: "erp", CompetencyName: "The erp", Exact: true}}},
			})
		}},
		{"Nobody qualifies in an empty neighbourhood", func(w *World) {
			w.Competency("erp").qualify(Ask("erp"))
		}},
		{"An unknown need, asker or place is not found, and its field is named", func(w *World) {
			w.Competency("erp").Customer("city", Here).Partner("acme")
			edit := func(change func(*graph.GapQuery)) graph.GapQuery {
				q := Ask("erp")
				change(&q)
				return q
			}
			w.gapRefused(Ask("erp", "none"), graph.CodeNotFound, "gap.needs.1.competency")
			w.gapRefused(edit(func(q *graph.GapQuery) { q.Asker = "none" }), graph.CodeNotFound, "gap.asker")
			w.gapRefused(edit(func(q *graph.GapQuery) { q.Place = graph.Place{Customer: "none"} }), graph.CodeNotFound, "gap.place.customer")
			w.gapRefused(edit(func(q *graph.GapQuery) { q.Place = graph.Place{Site: "none"} }), graph.CodeNotFound, "gap.place.site")
			w.gapRefused(edit(func(q *graph.GapQuery) { q.Place = graph.Place{Customer: "city", Site: "none"} }), graph.CodeNotFound, "gap.place.site")
			w.gapRefused(edit(func(q *graph.GapQuery) { q.Place = graph.Place{Customer: "none", Site: "city-1"} }), graph.CodeNotFound, "gap.place.customer")
			w.gapRefused(edit(func(q *graph.GapQuery) { q.Place = graph.Place{Opportunity: "none"} }), graph.CodeNotFound, "gap.place.opportunity")
		}},
		{"The kind of a partner is one of those asked for", func(w *World) {
			w.Competency("erp").Partner("isv", graph.Partner{PartnerKind: graph.ISV}).Office("a", Here).Holds("erp").Partner("vendor", graph.Partner{PartnerKind: graph.Vendor}).Office("b", Here).Holds("erp").Candidate("unstated", Here, "erp")
			q := Ask("erp")
			w.qualify(q, "isv", "unstated", "vendor")
			q.Kinds = []graph.PartnerKind{graph.ISV, graph.Agency}
			w.qualify(q, "isv")
		}},
		{"The tier is the one asked for or a higher one, where none stated is the lowest", func(w *World) {
			w.Competency("erp")
			for _, tier := range append(graph.Tiers, "") {
				w.Partner("p"+tier, graph.Partner{Tier: tier}).Office("o"+tier, Here).Holds("erp")
			}
			q := Ask("erp")
			q.MinTier = "GOLD"
			w.qualify(q, "pGOLD", "pPLATINUM")
			q.MinTier = "REGISTERED"
			w.qualify(q, "p", "pGOLD", "pPLATINUM", "pREGISTERED", "pSILVER")
		}},
		{"The asker is no candidate", func(w *World) {
			w.Competency("erp").Candidate("asker", Here, "erp").Candidate("acme", Here, "erp")
			q := Ask("erp")
			q.Asker = "asker"
			w.qualify(q, "acme")
		}},
		{"The smallest ring with enough partners is used", func(w *World) {
			w.Competency("erp").Candidate("a", North(10), "erp").Candidate("b", North(60), "erp").Candidate("c", North(70), "erp").Candidate("d", North(200), "erp").Candidate("e", North(900), "erp").Candidate("f", Far, "erp")
			q := Ask("erp")
			q.Radii = rings
			for enough, want := range map[int]struct {
				radius   float64
				partners []string
			}{
				1: {50, []string{"a"}}, 2: {100, []string{"a", "b", "c"}}, 3: {100, []string{"a", "b", "c"}}, 4: {250, []string{"a", "b", "c", "d"}},
				5: {1000, []string{"a", "b", "c", "d", "e"}}, 6: {anywhere, []string{"a", "b", "c", "d", "e", "f"}}, 7: {anywhere, []string{"a", "b", "c", "d", "e", "f"}},
			} {
				q.Enough = enough
				w.same("radius", w.gap(q).RadiusKm, want.radius)
				w.qualify(q, want.partners...)
			}
		}},
		{"A ring counts those who qualify, not those who are near", func(w *World) {
			none := 0
			w.Competency("erp").Competency("iot")
			for _, id := range []string{"a", "b", "c"} {
				w.Candidate(id, North(10), "iot")
				w.Partner("full-"+id, graph.Partner{Capacity: &none}).Office("full-"+id, Here).Holds("erp")
			}
			w.Candidate("d", North(60), "erp")
			q := Ask("erp")
			q.Radii, q.Enough = []float64{50, 100}, 1
			w.same("radius", w.gap(q).RadiusKm, 100.0)
			w.qualify(q, "d")
		}},
		{"The last ring is used where none is wide enough", func(w *World) {
			w.Competency("erp").Candidate("a", North(10), "erp")
			q := Ask("erp")
			q.Radii = []float64{50, 100}
			w.same("radius", w.gap(q).RadiusKm, 100.0)
			w.qualify(q, "a")
		}},
		{"Anywhere every office counts, with its distance", func(w *World) {
			w.Competency("erp").Partner("acme").Office("near", North(10)).Office("far", Far).Holds("erp").Partner("silent").Office("silent", Here)
			q := Ask("erp")
			q.Radii = []float64{anywhere}
			w.same("offices", w.candidate(q, "acme").Offices, []graph.OfficeFacts{
				{ID: "far", Km: graph.Kilometres(Here, Far)}, {ID: "near", Km: graph.Kilometres(Here, North(10))},
			})
			w.qualify(q, "acme")
		}},
		{"Anywhere finds whoever holds all needs, in whatever order they stand", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Competency("iot").Candidate("acme", Far, "gl").Holds("iot").Candidate("beta", Far, "iot")
			for _, order := range [][]string{{"erp", "iot"}, {"iot", "erp"}} {
				q := Ask(order...)
				q.Radii = []float64{anywhere}
				w.qualify(q, "acme")
			}
		}},
		{"An answer is that of the whole graph at one moment", func(w *World) {
			w.Competency("erp").Candidate("a", Here, "erp").Save()
			w.same("seq", w.gap(Ask("erp")).Seq, int64(1))
			w.Candidate("b", Here, "erp").Save()
			w.same("seq", w.gap(Ask("erp")).Seq, int64(2))
			w.qualify(Ask("erp"), "a", "b")
		}},
		{"A holding that moves to another office counts there at once", func(w *World) {
			w.Competency("erp").Partner("acme").Office("near", Here).Office("far", Far).Add(&graph.Holding{Meta: graph.Meta{ID: "h"}, Partner: "acme", Competency: "erp", Office: "far"})
			w.qualify(Ask("erp"))
			w.Add(&graph.Holding{Meta: graph.Meta{ID: "h"}, Partner: "acme", Competency: "erp", Office: "near"})
			w.qualify(Ask("erp"), "acme")
		}},
		{"An office that moves is near its new place only", func(w *World) {
			w.Competency("erp").Candidate("acme", Far, "erp")
			w.qualify(Ask("erp"))
			w.About("acme").Office("acme-office", Here)
			w.qualify(Ask("erp"), "acme")
			w.About("acme").Office("acme-office", Far)
			w.qualify(Ask("erp"))
		}},
	}
}
