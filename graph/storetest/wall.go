package storetest

import "valueweb/graph"

// walled is a world in which acme and beta could serve a customer of a segment, and acme is kept out by a
// wall.
func walled(w *World, wall graph.Wall) {
	w.Competency("it").Competency("erp", "it").Competency("gl", "erp").Competency("iot")
	w.Add(
		&graph.Customer{Meta: graph.Meta{ID: "city"}, Name: "City", Segment: "PUBLIC"}, &graph.Site{Meta: graph.Meta{ID: "hall"}, Customer: "city", Location: Here},
		&graph.Customer{Meta: graph.Meta{ID: "shop"}, Name: "Shop", Segment: "RETAIL"}, &graph.Site{Meta: graph.Meta{ID: "store"}, Customer: "shop", Location: Here},
		&graph.Customer{Meta: graph.Meta{ID: "plain"}, Name: "Plain"}, &graph.Site{Meta: graph.Meta{ID: "yard"}, Customer: "plain", Location: Here},
		&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Here},
	)
	for _, id := range []string{"acme", "beta"} {
		w.Candidate(id, Here, "erp").Holds("gl").Holds("iot")
	}
	w.About("acme").Wall(wall)
}

// keptOut checks who qualifies for a need at a customer, and who is blocked.
func (w *World) keptOut(need, customer string, blocked bool, partners ...string) {
	w.Helper()
	q := Ask(need)
	q.Place = graph.Place{Customer: customer}
	w.qualify(q, partners...)
	var want []string
	if blocked {
		want = []string{"acme"}
	}
	got := w.gap(q).Blocked
	w.same("blocked", append([]string(nil), got...), want)
}

func wallCases() []testCase {
	return []testCase{
		{"A wall around a customer keeps a partner out of everything there", func(w *World) {
			walled(w, graph.Wall{Customer: "city"})
			w.keptOut("erp", "city", true, "beta")
			w.keptOut("iot", "city", true, "beta")
			w.keptOut("erp", "shop", false, "acme", "beta")
		}},
		{"A wall counts at every way to name the customer's place, and not at a point or a free site", func(w *World) {
			walled(w, graph.Wall{Customer: "city"})
			w.Opportunity("gap", graph.Opportunity{Customer: "city", Site: "hall", Needs: needs("erp", 1)}).Opportunity("own", graph.Opportunity{Site: "hall", Needs: needs("erp", 1)})
			w.Opportunity("else", graph.Opportunity{Customer: "city", Point: &Here, Needs: needs("erp", 1)})
			for _, place := range []graph.Place{{Customer: "city"}, {Site: "hall"}, {Customer: "city", Site: "hall"}, {Opportunity: "gap"}, {Opportunity: "own"}, {Opportunity: "else"}} {
				w.qualify(at(place), "beta")
			}
			w.qualify(at(graph.Place{Point: &Here}), "acme", "beta")
			w.qualify(at(graph.Place{Site: "free"}), "acme", "beta")
		}},
		{"A wall of a competency keeps out of it and of what is narrower", func(w *World) {
			walled(w, graph.Wall{Customer: "city", Competency: "erp"})
			w.keptOut("erp", "city", true, "beta")
			w.keptOut("gl", "city", true, "beta")
			w.keptOut("iot", "city", false, "acme", "beta")
		}},
		{"A wall of something narrower than the need takes those holdings only", func(w *World) {
			walled(w, graph.Wall{Customer: "city", Competency: "gl"})
			w.keptOut("erp", "city", false, "acme", "beta")
			q := Ask("erp")
			q.Place = graph.Place{Customer: "city"}
			w.same("acme's holdings", holdingIDs(w.candidate(q, "acme")), [][]string{{"acme-erp"}})
			w.same("beta's holdings", holdingIDs(w.candidate(q, "beta")), [][]string{{"beta-erp", "beta-gl"}})
		}},
		{"A wall that takes the only holding of a need leaves nothing to qualify with", func(w *World) {
			walled(w, graph.Wall{Customer: "city", Competency: "gl"})
			w.Partner("acme").Candidate("gamma", Here, "gl").Wall(graph.Wall{Customer: "city", Competency: "gl"})
			w.keptOut("it", "city", false, "acme", "beta")
		}},
		{"Of several needs, one within the wall is enough to keep out", func(w *World) {
			walled(w, graph.Wall{Customer: "city", Competency: "gl"})
			for _, order := range [][]string{{"iot", "gl"}, {"gl", "iot"}} {
				q := Ask(order...)
				q.Place = graph.Place{Customer: "city"}
				w.qualify(q, "beta")
				w.same("blocked", w.gap(q).Blocked, []string{"acme"})
			}
		}},
		{"A wall around a segment counts for each of its customers", func(w *World) {
			walled(w, graph.Wall{Segment: "PUBLIC"})
			w.keptOut("erp", "city", true, "beta")
			w.keptOut("erp", "shop", false, "acme", "beta")
			w.keptOut("erp", "plain", false, "acme", "beta")
		}},
		{"A wall around a segment may name a competency", func(w *World) {
			walled(w, graph.Wall{Segment: "PUBLIC", Competency: "erp"})
			w.keptOut("gl", "city", true, "beta")
			w.keptOut("iot", "city", false, "acme", "beta")
		}},
		{"A wall within one partnership does not count", func(w *World) {
			walled(w, graph.Wall{Meta: graph.Meta{ID: "other"}, Customer: "shop"})
			w.Add(&graph.Partnership{Meta: graph.Meta{ID: "venture"}, Parties: []string{"acme", "beta"}}).About("acme").Wall(graph.Wall{Customer: "city", Partnership: "venture"})
			w.Wall(graph.Wall{Segment: "PUBLIC", Partnership: "venture", Competency: "erp"})
			w.keptOut("erp", "city", false, "acme", "beta")
		}},
		{"A retired wall does not count", func(w *World) {
			walled(w, graph.Wall{Meta: graph.Meta{RetiredOn: Today}, Customer: "city"})
			w.keptOut("erp", "city", false, "acme", "beta")
		}},
		{"Several walls of one partner add up", func(w *World) {
			walled(w, graph.Wall{Customer: "city", Competency: "gl"})
			w.Wall(graph.Wall{Segment: "PUBLIC", Competency: "iot"})
			w.keptOut("gl", "city", true, "beta")
			w.keptOut("iot", "city", true, "beta")
			w.keptOut("erp", "city", false, "acme", "beta")
		}},
		{"A wall counts remotely and anywhere, too", func(w *World) {
			walled(w, graph.Wall{Customer: "city", Competency: "erp"})
			w.Partner("gamma").Holds("erp", graph.Holding{Remote: true}).Wall(graph.Wall{Customer: "city", Competency: "erp"})
			q := at(graph.Place{Customer: "city"})
			q.Remote = true
			w.qualify(q, "beta")
			q.Radii = []float64{anywhere}
			w.qualify(q, "beta")
		}},
		{"A wall keeps the asker out of its own need: it is blocked, and no less the asker", func(w *World) {
			walled(w, graph.Wall{Customer: "city"})
			q := at(graph.Place{Customer: "city"})
			q.Asker = "acme"
			facts := w.gap(q)
			w.same("asker", facts.Asker, "acme")
			w.same("blocked", facts.Blocked, []string{"acme"})
		}},
		{"A customer that changes its segment leaves the wall", func(w *World) {
			walled(w, graph.Wall{Segment: "PUBLIC"})
			w.keptOut("erp", "city", true, "beta")
			w.Add(&graph.Customer{Meta: graph.Meta{ID: "city"}, Name: "City", Segment: "RETAIL"})
			w.keptOut("erp", "city", false, "acme", "beta")
		}},
	}
}
