package storetest

import (
	"slices"

	"valueweb/graph"
)

// at asks for erp at a place.
func at(place graph.Place) graph.GapQuery {
	q := Ask("erp")
	q.Place = place
	return q
}

func customerCases() []testCase {
	return []testCase{
		{"A customer without a named site stands at each of its sites: the nearest one counts", func(w *World) {
			w.Competency("erp").Customer("city", Here, Far).Candidate("here", North(10), "erp").Candidate("there", Far, "erp").Candidate("between", graph.Point{}, "erp")
			q := at(graph.Place{Customer: "city"})
			w.qualify(q, "here", "there")
			w.same("km", w.candidate(q, "here").Offices[0].Km, graph.Kilometres(Here, North(10)))
			w.same("km", w.candidate(q, "there").Offices[0].Km, 0.0)
			points := w.gap(q).Points
			slices.SortFunc(points, func(a, b graph.Point) int { return compare(show(a), show(b)) })
			w.same("points", points, []graph.Point{Far, Here})
		}},
		{"A customer's named site is the only place", func(w *World) {
			w.Competency("erp").Customer("city", Here, Far).Candidate("here", Here, "erp").Candidate("there", Far, "erp")
			q := at(graph.Place{Customer: "city", Site: "city-2"})
			w.qualify(q, "there")
			w.same("points", w.gap(q).Points, []graph.Point{Far})
		}},
		{"A site named alone stands for its customer, a free one for nobody", func(w *World) {
			w.Competency("erp").Customer("city", Here).Add(&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Here, Country: "DE"})
			w.same("customer", w.gap(at(graph.Place{Site: "city-1"})).Customer, "city")
			facts := w.gap(at(graph.Place{Site: "free"}))
			w.same("customer", facts.Customer, "")
			w.same("country", facts.Country, "DE")
		}},
		{"A point stands for no customer and no country, even on a customer's site", func(w *World) {
			w.Competency("erp").Customer("city", Here)
			facts := w.gap(Ask("erp"))
			w.same("customer", facts.Customer, "")
			w.same("country", facts.Country, "")
		}},
		{"A customer without a site is no place", func(w *World) {
			w.Competency("erp").Customer("city")
			w.gapRefused(at(graph.Place{Customer: "city"}), graph.CodeValidation, "gap.place.customer")
		}},
		{"A site of another customer, or a free one, is not the customer's", func(w *World) {
			w.Competency("erp").Customer("city", Here).Customer("town", Here).Add(&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Here})
			w.gapRefused(at(graph.Place{Customer: "city", Site: "town-1"}), graph.CodeValidation, "gap.place.site")
			w.gapRefused(at(graph.Place{Customer: "city", Site: "free"}), graph.CodeValidation, "gap.place.site")
		}},
		{"A retired office or site does not count from the day on which it is retired", func(w *World) {
			gone := graph.Meta{RetiredOn: Today}
			w.Competency("erp").Partner("closed").Office("shop", Here, graph.Office{Meta: gone}).Holds("erp").Candidate("open", Here, "erp")
			w.Customer("city", Far).Add(&graph.Site{Meta: graph.Meta{ID: "hall", RetiredOn: Today}, Customer: "city", Location: Here})
			w.qualify(Ask("erp"), "open")
			w.qualify(at(graph.Place{Customer: "city"}))
			before := Ask("erp")
			before.AsOf = Today.AddDays(-1)
			w.qualify(before, "closed", "open")
			before.Place = graph.Place{Customer: "city"}
			w.qualify(before, "closed", "open")
		}},
	}
}
