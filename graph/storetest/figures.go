package storetest

import (
	"fmt"
	"strings"

	"valueweb/graph"
)

// figures are figures in short: the values that were asked for and the count, "-" for what is null; "FR/-=3 -/-=?".
func (w *World) figures(of graph.FigureKind, partnership string, by ...graph.FigureDimension) string {
	w.Helper()
	w.Save()
	cells, err := (&graph.Graph{Store: w.Store}).Figures(w.Context(), w.viewer, graph.FiguresQuery{Of: of, Partnership: partnership}, by)
	w.must(err)
	var all []string
	for _, cell := range cells {
		of := map[graph.FigureDimension]*string{graph.BySegment: cell.Segment, graph.ByIndustry: cell.Industry, graph.ByCountry: cell.Country}
		var values []string
		for _, dimension := range by {
			values = append(values, or(of[dimension], "-"))
			delete(of, dimension)
		}
		for dimension, value := range of {
			w.same(fmt.Sprint(dimension, ", not asked for"), value, (*string)(nil))
		}
		count := "?"
		if cell.Count != nil {
			count = fmt.Sprint(*cell.Count)
		}
		all = append(all, strings.Join(values, "/")+"="+count)
	}
	return strings.Join(all, " ")
}

func or(text *string, otherwise string) string {
	if text == nil {
		return otherwise
	}
	return *text
}

// figuresRefused checks the error of figures.
func (w *World) figuresRefused(of graph.FigureKind, partnership string, code graph.Code, field string, by ...graph.FigureDimension) {
	w.Helper()
	w.Save()
	_, err := (&graph.Graph{Store: w.Store}).Figures(w.Context(), w.viewer, graph.FiguresQuery{Of: of, Partnership: partnership}, by)
	w.refused(err, code, field)
}

// Buyers adds some customers of a segment: FIN1, FIN2 …, each with a site in the country, if one is named.
func (w *World) Buyers(segment, country string, n int) (ids []string) {
	for range n {
		id := w.id(segment + "." + country)
		ids = append(ids, id)
		w.Add(&graph.Customer{Meta: graph.Meta{ID: id}, Name: id, Segment: segment})
		if country != "" {
			w.Add(&graph.Site{Meta: graph.Meta{ID: id}, Customer: id, Country: country, Location: Here})
		}
	}
	return ids
}

// OwnsEach adds that the partner owns the relation to some customers.
func (w *World) OwnsEach(customers []string) *World {
	for _, customer := range customers {
		w.Owns(customer)
	}
	return w
}

const (
	customers     = graph.FigureCustomers
	opportunities = graph.FigureOpportunities
	referrals     = graph.FigureReferrals
	segment       = graph.BySegment
	industry      = graph.ByIndustry
	country       = graph.ByCountry
)

// figured is what figures count, by kind.
var figured = map[graph.Kind]graph.FigureKind{graph.KindCustomer: customers, graph.KindOpportunity: opportunities, graph.KindReferral: referrals}

func figureCases() []testCase {
	return []testCase{
		{"Customers are counted by what they state, in the order asked for, what is not stated last", func(w *World) {
			for id, c := range map[string]graph.Customer{"a": {Segment: "FIN", Industry: "bank"}, "b": {Segment: "FIN"}, "c": {Segment: "SMB", Industry: "bank"}, "d": {Segment: "ä"}, "e": {}, "f": {Segment: "FIN", Industry: "bank"}} {
				w.Buyer(id, c)
			}
			w.same("by segment", w.figures(customers, "", segment), "FIN=3 SMB=1 ä=1 -=1")
			w.same("by industry", w.figures(customers, "", industry), "bank=3 -=3")
			w.same("by both", w.figures(customers, "", segment, industry), "FIN/bank=2 FIN/-=1 SMB/bank=1 ä/-=1 -/-=1")
			w.same("the other way round", w.figures(customers, "", industry, segment), "bank/FIN=2 bank/SMB=1 -/FIN=1 -/ä=1 -/-=1")
			w.same("by country", w.figures(customers, "", country), "-=6")
			w.same("in total", w.figures(customers, ""), "=6")
		}},
		{"Where there is nothing there is no cell, but for the total", func(w *World) {
			for _, of := range graph.FigureKinds {
				w.same(string(of), []string{w.figures(of, ""), w.figures(of, "", segment, country)}, []string{"=0", ""})
			}
		}},
		{"A customer is where most of its sites are that are in use, then where the first is", func(w *World) {
			add := func(id string, sites ...graph.Site) {
				w.Buyer(id, graph.Customer{Segment: id})
				for i, site := range sites {
					site.ID, site.Customer, site.Location = fmt.Sprint(id, i), id, Here
					w.Add(&site)
				}
			}
			gone, going := graph.Meta{RetiredOn: today()}, graph.Meta{RetiredOn: today() + 1}
			add("most", graph.Site{Country: "FR"}, graph.Site{Country: "DE"}, graph.Site{Country: "FR"})
			add("first", graph.Site{Country: "FR"}, graph.Site{Country: "DE"})
			add("used", graph.Site{Meta: gone, Country: "FR"}, graph.Site{Meta: gone, Country: "FR"}, graph.Site{Country: "US"})
			add("still", graph.Site{Meta: going, Country: "FR"})
			add("unstated", graph.Site{}, graph.Site{}, graph.Site{Country: "CH"})
			add("none", graph.Site{}, graph.Site{Meta: gone, Country: "FR"})
			w.same("by country", w.figures(customers, "", segment, country), "first/DE=1 most/FR=1 none/-=1 still/FR=1 unstated/CH=1 used/US=1")
		}},
		{"An opportunity counts where its customer or its site's is, and its site before that", func(w *World) {
			w.Buyer("city", graph.Customer{Segment: "FIN", Industry: "bank"})
			w.Add(&graph.Site{Meta: graph.Meta{ID: "here"}, Customer: "city", Country: "FR"}, &graph.Site{Meta: graph.Meta{ID: "there"}, Customer: "city", Country: "DE"}, &graph.Site{Meta: graph.Meta{ID: "there-too"}, Customer: "city", Country: "DE"})
			w.Add(&graph.Site{Meta: graph.Meta{ID: "unstated"}, Customer: "city"}, &graph.Site{Meta: graph.Meta{ID: "free"}, Country: "US"})
			for id, o := range map[string]graph.Opportunity{
				"customer": {Customer: "city"}, "site": {Site: "here"}, "both": {Customer: "city", Site: "here"}, "no-country": {Site: "unstated"}, "free": {Site: "free"}, "point": {Point: &Here}, "nowhere": {},
			} {
				w.Opportunity(id, o)
			}
			w.same("opportunities", w.figures(opportunities, "", segment, industry, country), "FIN/bank/DE=2 FIN/bank/FR=2 -/-/US=1 -/-/-=2")
			w.Partner("a").Partner("b").Sent("about", "a", graph.Referral{Customer: "city"}).Sent("of-nobody", "a")
			w.same("referrals", w.figures(referrals, "", segment, industry, country), "FIN/bank/DE=1 -/-/-=1")
		}},
		{"An operator counts everything, what is retired and drafts included, as in lists", func(w *World) {
			gone := graph.Meta{RetiredOn: Day("2020-01-01")}
			w.Buyer("a", graph.Customer{}).Buyer("b", graph.Customer{Meta: gone}).Partner("p").Shy("q").Partner("r", graph.Partner{Status: graph.Pending})
			w.Opportunity("draft", graph.Opportunity{Stage: graph.Draft}).Opportunity("lost", graph.Opportunity{Stage: graph.Lost}).Opportunity("gone", graph.Opportunity{Meta: gone})
			w.Sent("sent", "q").Sent("gone", "p", graph.Referral{Meta: gone})
			w.Save()
			for kind, of := range figured {
				w.same(string(of), w.figures(of, ""), fmt.Sprint("=", len(w.known(kind))))
			}
		}},
		{"A partner and a customer count what they may read, to the last one", func(w *World) {
			town(w)
			for _, v := range []*World{w.asPartner("me"), w.asPartner("pub"), w.asCustomer("mine"), w.asCustomer("kept")} {
				for kind, of := range figured {
					v.same(fmt.Sprint(v.viewer, " of ", of), v.figures(of, ""), fmt.Sprint("=", len(v.readable(kind))))
				}
			}
		}},
		{"What a partner may read counts where it is told that it stands", func(w *World) {
			w.Buyer("open", graph.Customer{Segment: "FIN", Consent: true}).Buyer("closed", graph.Customer{Segment: "SMB"})
			w.Add(&graph.Site{Meta: graph.Meta{ID: "open"}, Customer: "open", Country: "FR"}, &graph.Site{Meta: graph.Meta{ID: "closed"}, Customer: "closed", Country: "DE"}, &graph.Site{Meta: graph.Meta{ID: "free"}, Country: "US"})
			all := graph.Audience{Kind: graph.AudienceAll}
			w.Partner("beta").Partner("me").Serves("open")
			for id, o := range map[string]graph.Opportunity{"open": {Customer: "open"}, "at-open": {Site: "open"}, "closed": {Customer: "closed"}, "at-closed": {Site: "closed"}, "both": {Customer: "closed", Site: "closed"}, "free": {Customer: "closed", Site: "free"}} {
				o.Audience = all
				w.Opportunity(id, o)
			}
			w.About("beta").Sent("1", "me", graph.Referral{Customer: "open"}).Sent("2", "me", graph.Referral{Customer: "closed"})
			me := w.asPartner("me")
			w.same("opportunities", me.figures(opportunities, "", segment, country), "FIN/FR=2 -/US=1 -/-=3")
			w.same("referrals", me.figures(referrals, "", segment, country), "FIN/FR=1 -/-=1")
			w.same("to an operator", w.figures(referrals, "", segment, country), "FIN/FR=1 SMB/DE=1")
			w.same("to the sender", w.asPartner("beta").figures(referrals, "", segment, country), "FIN/FR=1 SMB/DE=1")
		}},
		{"What a wall hides from a partner counts nowhere", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Buyer("city", graph.Customer{Segment: "FIN"}).Buyer("town", graph.Customer{Segment: "SMB"}).Buyer("port", graph.Customer{Segment: "SMB"})
			w.Partner("beta").Partner("me").Wall(graph.Wall{Customer: "city"}).Wall(graph.Wall{Segment: "SMB", Competency: "erp"})
			for _, id := range []string{"city", "town", "port"} {
				w.About("me").Serves(id).Sent(id, "beta", graph.Referral{Customer: id, Competency: "gl"}).Sent(id+"-none", "beta", graph.Referral{Customer: id})
				w.Opportunity(id, graph.Opportunity{Owner: "me", Customer: id, Needs: needs("gl", 1)}).Opportunity(id+"-none", graph.Opportunity{Owner: "me", Customer: id})
			}
			me := w.asPartner("me")
			w.same("customers", me.figures(customers, "", segment), "SMB=2")
			w.same("opportunities", me.figures(opportunities, "", segment), "SMB=2")
			w.same("referrals", me.figures(referrals, "", segment), "SMB=2")
		}},
		{"An analyst counts what is not hidden: no drafts, and no referrals of partners that are pending", func(w *World) {
			for _, status := range graph.PartnerStatuses {
				w.Partner(string(status), graph.Partner{Status: status})
			}
			w.Shy("shy").Partner("beta")
			for _, status := range graph.PartnerStatuses {
				for i := range 2 {
					w.About("beta").Sent(fmt.Sprint("to-", status, i), string(status)).About(string(status)).Sent(fmt.Sprint("from-", status, i), "beta")
				}
			}
			w.About("shy").Sent("from-shy", "beta")
			for i, stage := range append(graph.Stages, graph.Draft, graph.Prospect) {
				w.Opportunity(fmt.Sprint(i), graph.Opportunity{Stage: stage})
			}
			w.Buyers("FIN", "FR", 6)
			w.same("referrals", w.asAnalyst().figures(referrals, ""), "=13")
			w.same("opportunities", w.asAnalyst().figures(opportunities, ""), "=8")
			w.same("customers", w.asAnalyst().figures(customers, "", segment, country), "FIN/FR=6")
			w.same("no customer", w.asAnalyst().figures(referrals, "", segment), "-=13")
		}},
		{"What an analyst is told counts 5 or more, and nothing less follows from it", func(w *World) {
			for land, n := range map[string]int{"DE": 7, "FR": 3, "US": 9} {
				w.Buyers("FIN", land, n)
				w.Buyers("SMB", land, n+4)
			}
			analyst := w.asAnalyst()
			w.same("by both", analyst.figures(customers, "", segment, country), "FIN/DE=? FIN/FR=? FIN/US=9 SMB/DE=? SMB/FR=? SMB/US=13")
			w.same("by segment", analyst.figures(customers, "", segment), "FIN=19 SMB=31")
			w.same("by country", analyst.figures(customers, "", country), "DE=18 FR=10 US=22")
			w.same("in total", analyst.figures(customers, ""), "=50")
			w.Buyers("lone", "", 1)
			w.Save()
			w.same("one more", analyst.figures(customers, "", segment), "FIN=? SMB=31 lone=?")
			w.same("and in total", analyst.figures(customers, ""), "=51")
		}},
		{"Where nothing stands beside it, a small count takes the total with it", func(w *World) {
			w.Buyers("FIN", "FR", 4)
			w.same("in total", w.asAnalyst().figures(customers, ""), "=?")
			w.same("by segment", w.asAnalyst().figures(customers, "", segment), "FIN=?")
			w.Buyers("FIN", "FR", 1)
			w.Save()
			w.same("5 of them", w.asAnalyst().figures(customers, "", segment), "FIN=5")
		}},
		{"Figures are by dimensions that there are, each once, of what there is", func(w *World) {
			w.figuresRefused(customers, "", graph.CodeValidation, "by.1", segment, segment)
			w.figuresRefused(customers, "", graph.CodeValidation, "by.0", "TIER")
			w.figuresRefused("PARTNERS", "", graph.CodeValidation, "of")
		}},
		{"Who takes no part is told no figures", func(w *World) {
			w.Partner("gone", graph.Partner{Status: graph.Left}).With("", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Parties: []string{"gone", "gone"}}).Buyer("retired", graph.Customer{Meta: graph.Meta{RetiredOn: today()}})
			for _, partnership := range []string{"", "pact"} {
				w.asPartner("gone").figuresRefused(customers, partnership, graph.CodeForbidden, "")
				w.asCustomer("retired").figuresRefused(customers, partnership, graph.CodeForbidden, "")
			}
		}},
	}
}
