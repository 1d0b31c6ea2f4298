package storetest

import (
	"fmt"
	"time"

	"valueweb/graph"
)

// read is an access on a day, so many days ago, from one hour to another.
func read(viewer, customer string, daysAgo, from, to, reads int) graph.CustomerAccess {
	day := today().AddDays(-daysAgo)
	hour := func(n int) time.Time { return day.Time().Add(time.Duration(n) * time.Hour) }
	return graph.CustomerAccess{Day: day, Viewer: viewer, Customer: customer, First: hour(from), Last: hour(to), Reads: reads}
}

// noted notes accesses.
func (w *World) noted(accesses ...graph.CustomerAccess) {
	w.Helper()
	w.must(w.Note(w.Context(), graph.Notes{Accesses: accesses}))
}

// accesses asks for a page of the accesses.
func (w *World) accesses(q graph.AccessQuery) graph.AccessPage {
	w.Helper()
	page, err := w.Accesses(w.Context(), graph.Operator, q)
	w.must(err)
	return page
}

// listed are accesses in short: how many days ago, who, whom.
func listed(page graph.AccessPage) (all []string) {
	for _, a := range page.Accesses {
		all = append(all, fmt.Sprint(today().DaysSince(a.Day), " ", a.Viewer, " ", a.Customer))
	}
	return all
}

func auditCases() []testCase {
	return []testCase{
		{"Accesses of one viewer, customer and day are one: the first, the last, and all reads", func(w *World) {
			w.noted(read("PARTNER:a", "city", 0, 9, 10, 2), read("PARTNER:a", "shop", 0, 1, 1, 1))
			w.noted(read("PARTNER:a", "city", 0, 8, 9, 1))
			w.noted(read("PARTNER:a", "city", 0, 10, 12, 3))
			w.noted(read("PARTNER:a", "city", 1, 5, 6, 1))
			w.same("today", w.accesses(graph.AccessQuery{Customer: "city", From: today(), First: 9}).Accesses, []graph.CustomerAccess{read("PARTNER:a", "city", 0, 8, 12, 6)})
			w.same("all", listed(w.accesses(graph.AccessQuery{First: 9})), []string{"0 PARTNER:a city", "0 PARTNER:a shop", "1 PARTNER:a city"})
		}},
		{"The newest day comes first, then viewers, then customers; an access of everything before others", func(w *World) {
			w.noted(read("PARTNER:b", "city", 1, 1, 1, 1), read("ANALYST", "z", 2, 1, 1, 1), read("PARTNER:b", "é", 0, 1, 1, 1), read("PARTNER:b", "z", 0, 1, 1, 1), read("PARTNER:a", "z", 0, 1, 1, 1),
				read("PARTNER:b", "", 0, 1, 1, 1), read("PARTNER:b", "\U0001F600", 0, 1, 1, 1), read("PARTNER:b", "\uFFFD", 0, 1, 1, 1))
			w.same("order", listed(w.accesses(graph.AccessQuery{First: 9})), []string{
				"0 PARTNER:a z", "0 PARTNER:b ", "0 PARTNER:b z", "0 PARTNER:b é", "0 PARTNER:b \uFFFD", "0 PARTNER:b \U0001F600", "1 PARTNER:b city", "2 ANALYST z",
			})
		}},
		{"Accesses are found by customer, by viewer and by day", func(w *World) {
			w.noted(read("PARTNER:a", "city", 0, 1, 1, 1), read("PARTNER:a ada", "city", 1, 1, 1, 1), read("PARTNER:ab", "city", 2, 1, 1, 1), read("PARTNER:a", "shop", 3, 1, 1, 1))
			for name, c := range map[string]struct {
				q    graph.AccessQuery
				want []string
			}{
				"customer":            {graph.AccessQuery{Customer: "shop"}, []string{"3 PARTNER:a shop"}},
				"nobody's":            {graph.AccessQuery{Customer: "none"}, nil},
				"viewer":              {graph.AccessQuery{Viewer: "PARTNER:a"}, []string{"0 PARTNER:a city", "1 PARTNER:a ada city", "3 PARTNER:a shop"}},
				"viewer with subject": {graph.AccessQuery{Viewer: "PARTNER:a ada"}, []string{"1 PARTNER:a ada city"}},
				"days":                {graph.AccessQuery{From: today().AddDays(-2), To: today().AddDays(-1)}, []string{"1 PARTNER:a ada city", "2 PARTNER:ab city"}},
				"all of it":           {graph.AccessQuery{Customer: "city", Viewer: "PARTNER:a", To: today().AddDays(-1)}, []string{"1 PARTNER:a ada city"}},
			} {
				c.q.First, c.q.Total = 9, true
				page := w.accesses(c.q)
				w.same(name, listed(page), c.want)
				w.same(name+": total", page.Total, len(c.want))
			}
		}},
		{"Pages go on behind a key, and neither skip nor repeat what is noted meanwhile", func(w *World) {
			for i := range 5 {
				w.noted(read("PARTNER:a", fmt.Sprint("c", i), i, 1, 1, 1))
			}
			first := w.accesses(graph.AccessQuery{First: 2, Total: true})
			w.same("first", listed(first), []string{"0 PARTNER:a c0", "1 PARTNER:a c1"})
			w.same("total", first.Total, 5)
			w.same("more", first.HasNext, true)
			w.noted(read("PARTNER:a", "c0", 0, 2, 2, 1), read("PARTNER:a", "new", 0, 2, 2, 1), read("PARTNER:a", "c1", 1, 2, 2, 1))
			next := w.accesses(graph.AccessQuery{First: 2, After: first.Accesses[1].Key(), Total: true})
			w.same("next", listed(next), []string{"2 PARTNER:a c2", "3 PARTNER:a c3"})
			w.same("total then", next.Total, 6)
			last := w.accesses(graph.AccessQuery{First: 2, After: next.Accesses[1].Key()})
			w.same("last", listed(last), []string{"4 PARTNER:a c4"})
			w.same("no more", last.HasNext, false)
			w.same("not counted", last.Total, -1)
		}},
		{"What is older than it is kept is forgotten, and not noted any more", func(w *World) {
			w.noted(read("PARTNER:a", "kept", graph.AccessRetention, 1, 1, 1), read("PARTNER:a", "old", graph.AccessRetention+1, 1, 1, 1))
			w.noted(read("PARTNER:a", "new", 0, 1, 1, 1))
			w.same("kept", listed(w.accesses(graph.AccessQuery{First: 9})), []string{"0 PARTNER:a new", fmt.Sprint(graph.AccessRetention, " PARTNER:a kept")})
		}},
		{"The last use of a key counts, in whichever order uses are noted", func(w *World) {
			at := func(n int) time.Time { return time.Date(2026, 1, 1, n, 0, 0, 5e6, time.UTC) }
			w.must(w.Note(w.Context(), graph.Notes{Uses: map[string]time.Time{"one": at(3), "two": at(1)}}))
			w.must(w.Note(w.Context(), graph.Notes{Uses: map[string]time.Time{"one": at(2), "two": at(4)}}))
			uses, err := w.LastUses(w.Context(), graph.Operator, []string{"one", "two", "three"})
			w.must(err)
			w.same("uses", uses, map[string]time.Time{"one": at(3), "two": at(4)})
		}},
		{"Notes are no part of the graph: no seq, no event, no version, no count", func(w *World) {
			w.Customer("city").Partner("acme").Key("one").Save()
			before := w.status()
			w.must(w.Note(w.Context(), graph.Notes{Accesses: []graph.CustomerAccess{read("PARTNER:acme", "city", 0, 1, 1, 1)}, Uses: map[string]time.Time{"one": today().Time()}}))
			w.same("status", w.status(), before)
			w.same("version of the key", w.node(graph.KindAPIKey, "one").Header().Version, 1)
			w.same("version of the customer", w.node(graph.KindCustomer, "city").Header().Version, 1)
		}},
		{"A key that changes keeps its last use", func(w *World) {
			w.Partner("acme").Key("one").Save()
			w.must(w.Note(w.Context(), graph.Notes{Uses: map[string]time.Time{"one": today().Time()}}))
			w.Key("one", graph.APIKey{RevokedAt: today().Time()}).Save()
			uses, err := w.LastUses(w.Context(), graph.Operator, []string{"one"})
			w.must(err)
			w.same("uses", uses, map[string]time.Time{"one": today().Time()})
		}},
		{"Eight who note at once lose nothing", func(w *World) {
			together(w.T, 8, func(n int) error {
				for i := range 5 {
					notes := graph.Notes{Accesses: []graph.CustomerAccess{read("PARTNER:a", "city", 0, n, n+i, 1), read("PARTNER:a", "shop", 0, n, n+i, 1)}}
					if err := w.Note(w.Context(), notes); err != nil {
						return err
					}
				}
				return nil
			})
			w.same("accesses", w.accesses(graph.AccessQuery{First: 9}).Accesses, []graph.CustomerAccess{read("PARTNER:a", "city", 0, 0, 11, 40), read("PARTNER:a", "shop", 0, 0, 11, 40)})
		}},
		{"Who has read is told to operators only", func(w *World) {
			w.Partner("me").Customer("city").Save()
			for _, v := range []graph.Viewer{{Role: graph.RoleAnalyst}, {Role: graph.RolePartner, Organisation: "me"}, {Role: graph.RoleCustomer, Organisation: "city"}, {}} {
				_, err := w.Accesses(w.Context(), v, graph.AccessQuery{First: 1})
				w.refused(err, graph.CodeForbidden, "")
				_, err = w.LastUses(w.Context(), v, []string{"one"})
				w.refused(err, graph.CodeForbidden, "")
			}
		}},
	}
}
