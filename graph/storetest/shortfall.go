package storetest

import "valueweb/graph"

// shortfall asks who was left out and what variants would find.
func (w *World) shortfall(q graph.GapQuery, variants ...graph.GapQuery) graph.GapShortfall {
	w.Helper()
	w.Save()
	s, err := w.GapShortfall(w.Context(), w.viewer, q, variants)
	w.must(err)
	return s
}

// Of a strict question a partner can fail every test; with each test that it passes the next one counts.
func strict() graph.GapQuery {
	q := Ask("erp")
	q.Place = graph.Place{Opportunity: "gap"}
	q.Kinds, q.MinTier, q.CertifiedOnly, q.Needs[0].MinLevel = []graph.PartnerKind{graph.ISV}, "GOLD", true, 4
	return q
}

func shortfallCases() []testCase {
	return []testCase{
		{"Each partner is left out once, by the first test that it fails", func(w *World) {
			// The partner fails all tests. Mending them one by one in their order moves it along.
			none := 0
			partner := graph.Partner{PartnerKind: graph.Vendor, Status: graph.Suspended, Capacity: &none}
			holding := graph.Holding{Meta: graph.Meta{ID: "h"}, Level: 1}
			w.Competency("erp").Customer("city", Here).Opportunity("gap", graph.Opportunity{Customer: "city", Declined: nil})
			w.Partner("acme", partner).Holds("erp", holding)
			w.Opportunity("gap", graph.Opportunity{Customer: "city", Declined: []string{"acme"}})
			for _, step := range []struct {
				want graph.LeftOut
				mend func()
			}{
				{graph.LeftOut{Kind: 1}, func() { partner.PartnerKind = graph.ISV; w.Partner("acme", partner) }},
				{graph.LeftOut{Tier: 1}, func() { partner.Tier = "GOLD"; w.Partner("acme", partner) }},
				{graph.LeftOut{Status: 1}, func() { partner.Status = graph.Active; w.Partner("acme", partner) }},
				{graph.LeftOut{Level: 1}, func() { holding.Level = 4; w.Holds("erp", holding) }},
				{graph.LeftOut{Certification: 1}, func() { w.Certified("erp") }},
				{graph.LeftOut{Capacity: 1}, func() { partner.Capacity = nil; w.Partner("acme", partner) }},
				{graph.LeftOut{NoOffice: 1}, func() { w.Office("o", Far) }},
				{graph.LeftOut{Radius: 1}, func() { w.Office("o", Here) }},
				{graph.LeftOut{Declined: 1}, func() { w.Opportunity("gap", graph.Opportunity{Customer: "city"}) }},
			} {
				w.same("left out", w.shortfall(strict()).LeftOut, step.want)
				w.qualify(strict())
				step.mend()
			}
			w.same("left out at last", w.shortfall(strict()).LeftOut, graph.LeftOut{})
			w.qualify(strict(), "acme")
		}},
		{"Many partners are counted, each under its own test", func(w *World) {
			none := 0
			w.Competency("erp").Competency("gl", "erp")
			w.Candidate("fine", Here, "erp").Candidate("far-1", Far, "erp").Candidate("far-2", Far, "gl")
			w.Partner("full", graph.Partner{Capacity: &none}).Office("f", Far).Holds("erp").Partner("nowhere").Holds("erp").Partner("gone", graph.Partner{Status: graph.Left}).Holds("erp")
			w.same("left out", w.shortfall(Ask("erp")).LeftOut, graph.LeftOut{Radius: 2, Capacity: 1, NoOffice: 1, Status: 1})
		}},
		{"Whoever does not hold every need today is not counted", func(w *World) {
			w.Competency("it").Competency("erp", "it").Competency("iot")
			w.Candidate("one", Far, "erp").Candidate("other", Far, "iot").Candidate("both", Far, "iot").Holds("erp")
			w.Candidate("past", Far, "iot").Holds("erp", graph.Holding{Until: Today - 1}).Candidate("broader", Far, "iot").Holds("it")
			w.same("left out", w.shortfall(Ask("erp", "iot")).LeftOut, graph.LeftOut{Radius: 1})
			w.same("the other way round", w.shortfall(Ask("iot", "erp")).LeftOut, graph.LeftOut{Radius: 1})
		}},
		{"The asker and whoever is walled off are not counted", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Customer("city", Here).Candidate("asker", Far, "erp").Candidate("beta", Far, "erp")
			w.Candidate("acme", Far, "erp").Wall(graph.Wall{Customer: "city"})
			w.Candidate("gamma", Far, "gl").Wall(graph.Wall{Customer: "city", Competency: "gl"}) // its holding is taken away
			q := at(graph.Place{Customer: "city"})
			q.Asker = "asker"
			w.same("left out", w.shortfall(q).LeftOut, graph.LeftOut{Radius: 1})
		}},
		{"A holding tied to a far office is out of the radius though another office is near", func(w *World) {
			w.Competency("erp").Partner("acme").Office("near", Here).Office("far", Far).Holds("erp", graph.Holding{Office: "far"})
			w.same("left out", w.shortfall(Ask("erp")).LeftOut, graph.LeftOut{Radius: 1})
		}},
		{"An office exactly as far as the radius is not left out", func(w *World) {
			at := North(33.3)
			w.Competency("erp").Candidate("acme", at, "erp")
			q := Ask("erp")
			q.Radii = []float64{graph.Kilometres(at, Here)}
			w.same("at the radius", w.shortfall(q).LeftOut, graph.LeftOut{})
			q.Radii[0] = below(q.Radii[0])
			w.same("beyond it", w.shortfall(q).LeftOut, graph.LeftOut{Radius: 1})
		}},
		{"Where remote counts, a remote holding needs no office", func(w *World) {
			w.Competency("erp").Partner("acme").Holds("erp", graph.Holding{Remote: true}).Partner("beta").Holds("erp")
			w.same("not remote", w.shortfall(Ask("erp")).LeftOut, graph.LeftOut{NoOffice: 2})
			q := Ask("erp")
			q.Remote = true
			w.same("remote", w.shortfall(q).LeftOut, graph.LeftOut{NoOffice: 1})
		}},
		{"The level of the attested holding counts for the certification", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Competency("crm", "erp").Candidate("acme", Here, "gl", graph.Holding{Level: 5}).Holds("crm", graph.Holding{Level: 1}).Certified("crm")
			q := attested("erp")
			q.Needs[0].MinLevel = 3
			w.same("left out", w.shortfall(q).LeftOut, graph.LeftOut{Certification: 1})
		}},
		{"Variants count what they would find, and at which radius", func(w *World) {
			w.Competency("erp").Candidate("a", North(80), "erp", graph.Holding{Level: 1}).Candidate("b", North(200), "erp").Candidate("c", Far, "erp", graph.Holding{Remote: true}).Partner("d", graph.Partner{Tier: "GOLD"}).Office("d", North(20)).Holds("erp", graph.Holding{Level: 1})
			q := Ask("erp")
			q.Needs[0].MinLevel, q.MinTier, q.CertifiedOnly = 3, "PLATINUM", true
			w.qualify(q)
			wider, lower, remote, all, ringed := Ask("erp"), Ask("erp"), Ask("erp"), Ask("erp"), Ask("erp")
			wider.Needs[0].MinLevel, wider.Radii, wider.Enough = 3, rings[1:], 1
			lower.Radii = []float64{100}
			remote.Remote = true
			all.Radii = []float64{anywhere}
			ringed.Radii, ringed.Enough = rings, 4
			w.same("found", w.shortfall(q, wider, lower, remote, all, ringed).Found, []graph.VariantFound{
				{Count: 1, RadiusKm: 250}, {Count: 2, RadiusKm: 100}, {Count: 2, RadiusKm: 50}, {Count: 4, RadiusKm: anywhere}, {Count: 4, RadiusKm: anywhere},
			})
		}},
		{"No variants, none found", func(w *World) {
			w.Competency("erp")
			w.same("shortfall", w.shortfall(Ask("erp")), graph.GapShortfall{})
		}},
		{"What cannot be resolved is refused as the question itself", func(w *World) {
			w.Competency("erp").Save()
			_, err := w.GapShortfall(w.Context(), graph.Operator, Ask("none"), nil)
			w.refused(err, graph.CodeNotFound, "gap.needs.0.competency")
		}},
	}
}
