package storetest

import (
	"fmt"

	"valueweb/graph"
)

// posted asks what an opportunity asks.
func posted(id string) graph.GapQuery {
	q := Ask()
	q.Place = graph.Place{Opportunity: id}
	return q
}

// engagement is an opportunity that acme takes part in.
type engagement struct {
	name  string
	o     graph.Opportunity
	count int // of open ones, or of those won and closed
}

// leads says how many of acme's opportunities a question counts, one case each.
func leads(cases []engagement, count func(graph.TrackFacts) int) func(w *World) {
	return func(w *World) {
		w.Competency("it").Competency("erp", "it").Competency("gl", "erp").Competency("iot")
		for i, c := range cases {
			need := fmt.Sprint("acme", i)
			w.Candidate(need, Here, "erp")
			fill := func(id string) string {
				if id == "acme" {
					return need
				}
				return id
			}
			c.o.Lead = fill(c.o.Lead)
			for m, member := range c.o.Members {
				c.o.Members[m] = fill(member)
			}
			c.o.Owner = fill(c.o.Owner)
			w.Opportunity(fmt.Sprint("o", i), c.o)
		}
		for i, c := range cases {
			w.same(c.name, count(w.candidate(Ask("erp"), fmt.Sprint("acme", i)).Track), c.count)
		}
	}
}

func openOpportunities(t graph.TrackFacts) int { return t.OpenOpportunities }

func closed(t graph.TrackFacts) int { return t.Closed }

func opportunityCases() []testCase {
	return []testCase{
		{"An opportunity supplies place, needs, customer and asker where they are absent", func(w *World) {
			w.Competency("erp").Competency("iot").Customer("city", Here).Candidate("owner", Here, "erp").Candidate("acme", Here, "erp", graph.Holding{Level: 4}).Candidate("low", Here, "erp", graph.Holding{Level: 1})
			w.Opportunity("gap", graph.Opportunity{Customer: "city", Needs: needs("erp", 2), Owner: "owner"})
			w.qualify(posted("gap"), "acme")
			facts := w.gap(posted("gap"))
			w.same("customer", facts.Customer, "city")
			w.same("asker", facts.Asker, "owner")
			w.same("needs", facts.Needs, []graph.NeedFacts{{Need: graph.Need{Competency: "erp", MinLevel: 2}, Name: "The erp"}})
		}},
		{"Needs and asker that are stated stand", func(w *World) {
			w.Competency("erp").Competency("iot").Candidate("owner", Here, "iot").Candidate("asker", Here, "iot").Customer("city", Here)
			w.Opportunity("gap", graph.Opportunity{Customer: "city", Needs: needs("erp", 1), Owner: "owner"})
			q := posted("gap")
			q.Needs, q.Asker = needs("iot", 1), "asker"
			w.qualify(q, "owner") // who is no asker here
			w.same("asker", w.gap(q).Asker, "asker")
		}},
		{"An opportunity without an owner has no asker", func(w *World) {
			w.Competency("erp").Customer("city", Here).Opportunity("gap", graph.Opportunity{Customer: "city", Needs: needs("erp", 1)})
			w.same("asker", w.gap(posted("gap")).Asker, "")
		}},
		{"An opportunity is at its site, else at its point, else at its customer's sites", func(w *World) {
			w.Competency("erp").Customer("city", Here, Far).Customer("town", North(100))
			w.Add(&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Far})
			point := North(5)
			for name, c := range map[string]struct {
				o        graph.Opportunity
				points   []graph.Point
				customer string
			}{
				"site":     {graph.Opportunity{Site: "city-2", Point: &point, Customer: "city"}, []graph.Point{Far}, "city"},
				"free":     {graph.Opportunity{Site: "free", Customer: "city"}, []graph.Point{Far}, "city"}, // whose walls count
				"site-own": {graph.Opportunity{Site: "town-1"}, []graph.Point{North(100)}, "town"},
				"point":    {graph.Opportunity{Point: &point, Customer: "city"}, []graph.Point{point}, "city"},
				"bare":     {graph.Opportunity{Point: &point}, []graph.Point{point}, ""},
				"customer": {graph.Opportunity{Customer: "town"}, []graph.Point{North(100)}, "town"},
			} {
				c.o.Needs = needs("erp", 1)
				facts := w.Opportunity(name, c.o).gap(posted(name))
				w.same(name+": points", facts.Points, c.points)
				w.same(name+": customer", facts.Customer, c.customer)
			}
		}},
		{"An opportunity without a place, or whose customer has no site, is refused", func(w *World) {
			w.Competency("erp").Customer("city").Opportunity("nowhere", graph.Opportunity{Needs: needs("erp", 1)}).Opportunity("siteless", graph.Opportunity{Customer: "city", Needs: needs("erp", 1)})
			w.gapRefused(posted("nowhere"), graph.CodeValidation, "gap.place.opportunity")
			w.gapRefused(posted("siteless"), graph.CodeValidation, "gap.place.opportunity")
		}},
		{"An opportunity without needs, or with more than a question may have, is refused", func(w *World) {
			var many []graph.Need
			for i := range graph.MaxNeeds + 1 {
				id := fmt.Sprint("c", i)
				w.Competency(id)
				many = append(many, graph.Need{Competency: id, MinLevel: 1})
			}
			w.Customer("city", Here).Opportunity("empty", graph.Opportunity{Customer: "city"}).Opportunity("many", graph.Opportunity{Customer: "city", Needs: many})
			w.gapRefused(posted("empty"), graph.CodeValidation, "gap.needs")
			w.gapRefused(posted("many"), graph.CodeValidation, "gap.needs")
		}},
		{"Whoever declined this very opportunity does not qualify for it", func(w *World) {
			w.Competency("erp").Customer("city", Here)
			for _, id := range []string{"acme", "listed", "invited", "pending", "other"} {
				w.Candidate(id, Here, "erp")
			}
			w.Opportunity("gap", graph.Opportunity{Customer: "city", Needs: needs("erp", 1), Declined: []string{"listed"}}).Opportunity("else", graph.Opportunity{Customer: "city", Needs: needs("erp", 1), Declined: []string{"other"}})
			w.Add(
				&graph.Invitation{Meta: graph.Meta{ID: "1"}, Opportunity: "gap", Partner: "invited", State: graph.InvitationDeclined},
				&graph.Invitation{Meta: graph.Meta{ID: "2"}, Opportunity: "gap", Partner: "pending", State: "PENDING"},
				&graph.Invitation{Meta: graph.Meta{ID: "3"}, Opportunity: "else", Partner: "other", State: graph.InvitationDeclined},
			)
			w.qualify(posted("gap"), "acme", "other", "pending")
			w.qualify(at(graph.Place{Customer: "city"}), "acme", "invited", "listed", "other", "pending")
		}},
		{"Open are opportunities led or joined, posted and not closed by the day asked about", leads([]engagement{
			{"led", graph.Opportunity{Lead: "acme"}, 1},
			{"joined", graph.Opportunity{Members: []string{"acme"}}, 1},
			{"led and joined counts once", graph.Opportunity{Lead: "acme", Members: []string{"acme"}}, 1},
			{"owned alone", graph.Opportunity{Owner: "acme"}, 0},
			{"of another need", graph.Opportunity{Lead: "acme", Needs: needs("iot", 1)}, 1},
			{"posted today", graph.Opportunity{Lead: "acme", PostedOn: Today}, 1},
			{"posted tomorrow", graph.Opportunity{Lead: "acme", PostedOn: Today + 1}, 0},
			{"a draft", graph.Opportunity{Lead: "acme", Stage: graph.Draft}, 0},
			{"withdrawn", graph.Opportunity{Lead: "acme", Review: graph.ReviewWithdrawn}, 0},
			{"rejected", graph.Opportunity{Lead: "acme", Review: graph.ReviewRejected}, 0},
			{"in review", graph.Opportunity{Lead: "acme", Review: graph.ReviewInReview}, 1},
			{"committed", graph.Opportunity{Lead: "acme", Stage: graph.Committed}, 1},
			{"launched today", graph.Opportunity{Lead: "acme", Stage: graph.Launched, PostedOn: Today - 9, ClosedOn: Today}, 0},
			{"launched tomorrow", graph.Opportunity{Lead: "acme", Stage: graph.Launched, PostedOn: Today - 9, ClosedOn: Today + 1}, 1},
			{"lost tomorrow", graph.Opportunity{Lead: "acme", Stage: graph.Lost, PostedOn: Today - 9, ClosedOn: Today + 1}, 1},
			{"lost without a day closes when posted", graph.Opportunity{Lead: "acme", Stage: graph.Lost, PostedOn: Today - 9}, 0},
			{"lost without any day", graph.Opportunity{Lead: "acme", Stage: graph.Lost}, 0},
		}, openOpportunities)},
		{"Proof are opportunities led that needed this or something narrower, launched or lost", leads([]engagement{
			{"launched", graph.Opportunity{Lead: "acme", Stage: graph.Launched, ClosedOn: Today, Needs: needs("erp", 1)}, 1},
			{"lost", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today, Needs: needs("erp", 1)}, 1},
			{"narrower", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today, Needs: needs("gl", 5)}, 1},
			{"broader", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today, Needs: needs("it", 1)}, 0},
			{"one of several needs", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today, Needs: append(needs("iot", 1), needs("gl", 1)...)}, 1},
			{"two needs count once", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today, Needs: append(needs("erp", 1), needs("gl", 1)...)}, 1},
			{"no needs", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today}, 0},
			{"joined", graph.Opportunity{Members: []string{"acme"}, Stage: graph.Launched, ClosedOn: Today, Needs: needs("erp", 1)}, 0},
			{"open", graph.Opportunity{Lead: "acme", Stage: graph.Committed, Needs: needs("erp", 1)}, 0},
			{"closed tomorrow", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today + 1, Needs: needs("erp", 1)}, 0},
			{"closed when posted", graph.Opportunity{Lead: "acme", Stage: graph.Lost, PostedOn: Today - 1, Needs: needs("erp", 1)}, 1},
			{"withdrawn", graph.Opportunity{Lead: "acme", Stage: graph.Lost, Review: graph.ReviewWithdrawn, ClosedOn: Today, Needs: needs("erp", 1)}, 0},
			{"36 months ago", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today.AddMonths(-36), Needs: needs("erp", 1)}, 0},
			{"a day less than 36 months ago", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today.AddMonths(-36) + 1, Needs: needs("erp", 1)}, 1},
		}, closed)},
		{"A launched opportunity is won, a lost one is not", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp")
			w.Opportunity("1", graph.Opportunity{Lead: "acme", Stage: graph.Launched, ClosedOn: Today - 5, Needs: needs("erp", 1)}).Opportunity("2", graph.Opportunity{Lead: "acme", Stage: graph.Lost, ClosedOn: Today, Needs: needs("erp", 1)})
			w.same("track", w.candidate(Ask("erp"), "acme").Track, graph.TrackFacts{Won: 1, Closed: 2, LastWon: Today - 5})
		}},
	}
}
