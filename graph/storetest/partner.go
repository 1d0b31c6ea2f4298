package storetest

import "valueweb/graph"

func partnerCases() []testCase {
	return []testCase{
		{"Only an ACTIVE partner qualifies", func(w *World) {
			w.Competency("erp")
			for _, status := range graph.PartnerStatuses {
				w.Partner(string(status), graph.Partner{Status: status}).Office("office-"+string(status), Here).Holds("erp")
			}
			w.qualify(Ask("erp"), "ACTIVE")
		}},
		{"A partner needs a capacity above 0; none stated is enough", func(w *World) {
			w.Competency("erp")
			for id, capacity := range map[string]int{"zero": 0, "one": 1} {
				w.Partner(id, graph.Partner{Capacity: &capacity}).Office(id+"-office", Here).Holds("erp")
			}
			w.Candidate("unstated", Here, "erp")
			w.qualify(Ask("erp"), "one", "unstated")
		}},
		{"A partner that carries more than its capacity still qualifies", func(w *World) {
			one := 1
			w.Partner("sender").Competency("erp").Partner("busy", graph.Partner{Capacity: &one}).Office("o", Here).Holds("erp").Received().Received()
			w.same("open", w.candidate(Ask("erp"), "busy").Track.OpenReferrals, 2)
		}},
		{"The day of joining does not matter", func(w *World) {
			w.Competency("erp").Partner("acme", graph.Partner{JoinedOn: Today + 30}).Office("o", Here).Holds("erp")
			w.qualify(Ask("erp"), "acme")
		}},
		{"Status and capacity are taken as they stand, whatever the day asked about", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp").Save()
			w.Partner("acme", graph.Partner{Status: graph.Left})
			q := Ask("erp")
			q.AsOf = Day("2000-01-01")
			w.qualify(q)
		}},
		{"An undisclosed partner is found by an operator", func(w *World) {
			w.Competency("erp").Partner("acme", graph.Partner{Undisclosed: true}).Office("o", Here).Holds("erp")
			w.qualify(Ask("erp"), "acme")
		}},
		{"The holdings of a unit are not those of its parent", func(w *World) {
			w.Competency("erp").Partner("group").Office("g", Here).Partner("unit", graph.Partner{PartOf: "group"}).Office("u", Far).Holds("erp")
			w.qualify(Ask("erp"))
		}},
	}
}
