package storetest

import (
	"fmt"

	"valueweb/graph"
)

// allied adds the partners "me" and "beta" and a partnership of theirs, "pact".
func allied(w *World, as graph.Partnership) *World {
	as.ID, as.Parties = "pact", []string{"me", "beta"}
	return w.Partner("me").Partner("beta").With("", as)
}

func figurePartnershipCases() []testCase {
	return []testCase{
		{"A partnership tells figures where it is in force and shares anything", func(w *World) {
			w.Partner("me").Partner("beta").OwnsEach(w.Buyers("FIN", "FR", 6))
			tells := map[string]bool{}
			add := func(id string, as graph.Partnership, holds bool) {
				as.ID = id
				w.About("beta").With("me", as)
				tells[id] = holds
			}
			for _, level := range graph.Collaborations {
				add(string(level), graph.Partnership{Collaboration: level}, true)
				for _, sharing := range graph.DataSharings {
					add(fmt.Sprint(level, "-", sharing), graph.Partnership{Collaboration: level, DataSharing: sharing}, sharing != graph.NoSharing)
				}
			}
			for _, p := range periods {
				from, to := p.days()
				add(joined(p.name), graph.Partnership{StartsOn: from, EndsOn: to}, p.holds)
			}
			add("retired", graph.Partnership{Meta: graph.Meta{RetiredOn: today()}}, false)
			add("proposed", graph.Partnership{Pending: []string{"me"}}, false)
			for _, viewer := range []*World{w.asPartner("me"), w} {
				for id, holds := range tells {
					want := []string{"=6", "FIN=6"}
					if !holds {
						want = []string{"", ""}
					}
					w.same(fmt.Sprint(id, " to ", viewer.viewer), []string{viewer.figures(customers, id), viewer.figures(customers, id, segment)}, want)
				}
			}
		}},
		{"Figures of a partnership are told to its parties; to others it is what never was", func(w *World) {
			allied(w, graph.Partnership{}).Partner("else").Buyer("city", graph.Customer{})
			for id, viewer := range map[string]*World{"pact": w.asPartner("else"), "never": w.asPartner("me"), "never-": w, "pact-": w.asCustomer("city")} {
				viewer.figuresRefused(customers, map[bool]string{true: "pact", false: "never"}[id[:4] == "pact"], graph.CodeNotFound, "partnership")
			}
			w.asAnalyst().figuresRefused(customers, "pact", graph.CodeForbidden, "partnership")
			w.same("nothing there", []string{w.asPartner("me").figures(customers, "pact"), w.asPartner("me").figures(customers, "pact", segment)}, []string{"=0", ""})
		}},
		{"Through a partnership the customers are counted that another party owns today, known ones included", func(w *World) {
			allied(w, graph.Partnership{}).Partner("gamma").OwnsEach(w.Buyers("gamma's", "", 6))
			w.About("me").OwnsEach(w.Buyers("me's", "", 6))
			w.About("beta").OwnsEach(w.Buyers("beta's", "", 5))
			common := w.Buyers("common", "", 2)
			w.OwnsEach(common).About("me").OwnsEach(common)
			for _, role := range graph.CustomerRoles {
				for _, id := range w.Buyers(string(role), "", 5) {
					w.About("beta").Serves(id, graph.CustomerPartner{Role: role})
				}
			}
			for _, id := range w.Buyers("past", "", 5) {
				w.About("beta").Serves(id, graph.CustomerPartner{Role: graph.CustomerOwner, Until: today() - 1})
			}
			w.same("to me", w.asPartner("me").figures(customers, "pact", segment), "CO_OWNER=5 OWNER=5 beta's=5 common=2")
			w.same("to beta", w.asPartner("beta").figures(customers, "pact", segment), "common=2 me's=6")
			w.same("to an operator", w.figures(customers, "pact", segment), "CO_OWNER=5 OWNER=5 beta's=5 common=2 me's=6")
		}},
		{"What a partner may read does not keep a count back, and adds to it", func(w *World) {
			allied(w, graph.Partnership{})
			few, many := w.Buyers("few", "", 5), w.Buyers("many", "", 9)
			w.About("beta").OwnsEach(few).OwnsEach(many).OwnsEach(w.Buyers("rest", "", 9))
			w.About("me").Serves(few[0]).Serves(many[0])
			me := w.asPartner("me")
			w.same("by segment", me.figures(customers, "pact", segment), "few=? many=? rest=9")
			w.same("in total", me.figures(customers, "pact"), "=23")
			for _, id := range few[1:] {
				w.About("me").Serves(id)
			}
			w.Save()
			w.same("known", me.figures(customers, "pact", segment), "few=5 many=9 rest=9")
		}},
		{"Through a partnership the opportunities are counted that another party owns and the viewer may read", func(w *World) {
			allied(w, graph.Partnership{Collaboration: graph.HighCollaboration}).Buyer("city", graph.Customer{Segment: "FIN"}).About("beta").Owns("city").Buyer("town", graph.Customer{Segment: "SMB"}).Partner("gamma")
			all := graph.Audience{Kind: graph.AudienceAll}
			for id, o := range map[string]graph.Opportunity{
				"shared": {Owner: "beta", Customer: "city", SharedIn: []string{"pact"}}, "open": {Owner: "beta", Customer: "town", Audience: all}, "kept": {Owner: "beta", Customer: "city"},
				"draft": {Owner: "beta", Customer: "city", Stage: graph.Draft, Audience: all}, "mine": {Owner: "me", Customer: "city"}, "led": {Owner: "gamma", Lead: "beta", Customer: "city", Audience: all},
			} {
				w.Opportunity(id, o)
			}
			w.same("to me", w.asPartner("me").figures(opportunities, "pact", segment), "FIN=1 -=1")
			w.same("to beta", w.asPartner("beta").figures(opportunities, "pact", segment), "")
			w.same("to an operator", w.figures(opportunities, "pact", segment), "FIN=4 SMB=1")
		}},
		{"Through a partnership the referrals from and to another party are counted, but hidden ones", func(w *World) {
			allied(w, graph.Partnership{}).Partner("gamma").Shy("shy").Buyer("city", graph.Customer{Segment: "FIN"}).Buyer("kept", graph.Customer{Segment: "FIN"}).About("me").Wall(graph.Wall{Customer: "kept"})
			for i := range 6 {
				w.About("beta").Sent(fmt.Sprint("out", i), "gamma", graph.Referral{Customer: "city"}).Sent(fmt.Sprint("shy", i), "shy", graph.Referral{Customer: "city"})
				w.About("shy").Sent(fmt.Sprint("of-shy", i), "beta").About("gamma").Sent(fmt.Sprint("in", i), "beta").Sent(fmt.Sprint("walled", i), "beta", graph.Referral{Customer: "kept"})
				w.Sent(fmt.Sprint("else", i), "me")
			}
			w.About("beta").Sent("to-me", "me", graph.Referral{Customer: "city"}).About("me").Sent("from-me", "beta", graph.Referral{Customer: "city"}).Sent("own", "gamma")
			w.same("to me", w.asPartner("me").figures(referrals, "pact", segment), "FIN=8 -=6")
			w.same("to beta", w.asPartner("beta").figures(referrals, "pact", segment), "FIN=2 -=7")
			w.same("to an operator", w.figures(referrals, "pact", segment), "FIN=20 -=19")
		}},
		{"A wall within the partnership takes away what it would hide if it were not within it", func(w *World) {
			allied(w, graph.Partnership{Collaboration: graph.HighCollaboration}).Competency("erp").Competency("gl", "erp").Competency("iot")
			cases := map[string]graph.Wall{"city": {}, "town": {Competency: "erp"}, "open": {}}
			for segment, wall := range cases {
				for _, id := range w.Buyers(segment, "", 2) {
					w.About("beta").Owns(id)
					for _, competency := range []string{"gl", "iot"} {
						w.Opportunity(id+competency, graph.Opportunity{Owner: "beta", Customer: id, Needs: needs(competency, 1), SharedIn: []string{"pact"}}).Sent(id+competency, "me", graph.Referral{Customer: id, Competency: competency})
					}
					w.Sent(id, "me", graph.Referral{Customer: id})
				}
				if wall.Segment, wall.Partnership = segment, "pact"; segment != "open" {
					w.About("me").Wall(wall)
				}
			}
			w.About("me").With("beta", graph.Partnership{Meta: graph.Meta{ID: "other"}, Collaboration: graph.HighCollaboration})
			me := w.asPartner("me")
			w.same("customers", me.figures(customers, "pact", segment), "open=2 town=2")
			w.same("customers of the other", me.figures(customers, "other", segment), "city=2 open=2 town=2")
			w.same("opportunities", me.figures(opportunities, "pact", segment), "open=4 town=2")
			w.same("referrals", me.figures(referrals, "pact", segment), "open=6 town=4")
			w.same("to beta", w.asPartner("beta").figures(customers, "pact"), "=0")
			w.same("to an operator", w.figures(customers, "pact", segment), "city=2 open=2 town=2")
		}},
		{"Partnerships whose unknown records are the same or have nothing in common all tell", func(w *World) {
			allied(w, graph.Partnership{}).With("", graph.Partnership{Meta: graph.Meta{ID: "again"}, Parties: []string{"beta", "me"}}).Partner("gamma").With("me", graph.Partnership{Meta: graph.Meta{ID: "apart"}})
			w.About("beta").OwnsEach(w.Buyers("FIN", "", 6)).About("gamma").OwnsEach(w.Buyers("SMB", "", 7))
			common := w.Buyers("known", "", 5)
			w.About("gamma").OwnsEach(common).About("beta").OwnsEach(common).About("me").OwnsEach(common)
			for id, want := range map[string]string{"pact": "FIN=6 known=5", "again": "FIN=6 known=5", "apart": "SMB=7 known=5"} {
				w.same(id, w.asPartner("me").figures(customers, id, segment), want)
			}
		}},
		{"Of partnerships with some unknown records in common the one with the most tells, the others keep all counts back", func(w *World) {
			allied(w, graph.Partnership{}).Partner("gamma").Partner("delta")
			w.With("", graph.Partnership{Meta: graph.Meta{ID: "three"}, Parties: []string{"me", "beta", "gamma"}}).With("me", graph.Partnership{Meta: graph.Meta{ID: "apart"}})
			w.About("beta").OwnsEach(w.Buyers("FIN", "", 6)).OwnsEach(w.Buyers("SMB", "", 6)).About("gamma").OwnsEach(w.Buyers("FIN", "", 1)).About("delta").OwnsEach(w.Buyers("FIN", "", 5))
			me := w.asPartner("me")
			w.same("more", me.figures(customers, "three", segment), "FIN=7 SMB=6")
			w.same("fewer", []string{me.figures(customers, "pact", segment), me.figures(customers, "pact")}, []string{"FIN=? SMB=?", "=?"})
			w.same("apart", me.figures(customers, "apart", segment), "FIN=5")
			w.same("of another kind", me.figures(referrals, "pact"), "=0")
			w.same("to beta", w.asPartner("beta").figures(customers, "three"), "=?")
			w.same("to an operator", w.figures(customers, "pact"), "=12")
			// One that is not in force, or shares nothing, tells nothing that could be subtracted.
			for _, over := range []graph.Partnership{{EndsOn: today() - 1}, {DataSharing: graph.NoSharing}, {Pending: []string{"gamma"}}} {
				over.ID, over.Parties = "three", []string{"me", "beta", "gamma"}
				w.With("", over).Save()
				w.same("alone", me.figures(customers, "pact", segment), "FIN=6 SMB=6")
			}
		}},
		{"Of partnerships that are as large as each other the first by id tells", func(w *World) {
			w.Partner("me").Partner("beta").With("me", graph.Partnership{Meta: graph.Meta{ID: "b"}}).Partner("gamma").With("me", graph.Partnership{Meta: graph.Meta{ID: "a"}})
			common := w.Buyers("FIN", "", 5)
			w.About("beta").OwnsEach(common).OwnsEach(w.Buyers("SMB", "", 5)).About("gamma").OwnsEach(common).OwnsEach(w.Buyers("ENT", "", 5))
			me := w.asPartner("me")
			w.same("the first", me.figures(customers, "a", segment), "ENT=5 FIN=5")
			w.same("the other", me.figures(customers, "b", segment), "FIN=? SMB=?")
		}},
	}
}
