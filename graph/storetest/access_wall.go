package storetest

import "valueweb/graph"

// enclosed is a world in which "me" would read the customers city (PUBLIC), shop (RETAIL) and plain, who all
// consented, with all that concerns them, were it not for a wall.
func enclosed(w *World, wall graph.Wall) {
	w.Competency("it").Competency("erp", "it").Competency("gl", "erp").Competency("iot").Partner("beta").Partner("me")
	for id, segment := range map[string]string{"city": "PUBLIC", "shop": "RETAIL", "plain": ""} {
		w.Buyer(id, graph.Customer{Segment: segment, Consent: true}, Here).Person(id+"-person", id).About("me").Serves(id)
		for _, need := range []string{"it", "erp", "gl", "iot"} {
			w.Opportunity(id+"/"+need, graph.Opportunity{Customer: id, Owner: "me", Needs: needs(need, 1)}).Sent(id+"/"+need, "beta", graph.Referral{Customer: id, Competency: need})
		}
		w.Opportunity(id+"/none", graph.Opportunity{Site: id + "-1", Owner: "me"}).Sent(id+"/none", "beta", graph.Referral{Customer: id})
	}
	w.About("me").Wall(wall)
}

// concerning are the ids of what concerns some customers, for all needs but some.
func concerning(customers []string, without ...string) (ids []string) {
	for _, c := range customers {
		for _, need := range []string{"it", "erp", "gl", "iot", "none"} {
			skip := false
			for _, kept := range without {
				skip = skip || kept == need
			}
			if !skip {
				ids = append(ids, c+"/"+need)
			}
		}
	}
	return ids
}

var (
	everyone = []string{"city", "plain", "shop"}
	others   = []string{"plain", "shop"}
	walledIn = []string{"city"}
)

// keptFrom checks what "me" reads of customers, and of opportunities and referrals alike.
func (w *World) keptFrom(customers []string, deals []string) {
	w.Helper()
	me := w.asPartner("me")
	var sites, people, rows []string
	for _, c := range customers {
		sites, people, rows = append(sites, c+"-1"), append(people, c+"-person"), append(rows, "me-"+c)
	}
	me.sees(graph.KindCustomer, customers...)
	me.sees(graph.KindSite, sites...)
	me.sees(graph.KindContact, people...)
	me.sees(graph.KindCustomerPartner, rows...)
	me.sees(graph.KindOpportunity, deals...)
	me.sees(graph.KindReferral, deals...)
}

func wallAccessCases() []testCase {
	return []testCase{
		{"A wall around a customer hides it with all that hangs on it, even from who serves it and from the owner of an opportunity", func(w *World) {
			enclosed(w, graph.Wall{Customer: "city"})
			w.keptFrom(others, concerning(others))
		}},
		{"A wall around a segment hides each of its customers, and none without a segment", func(w *World) {
			enclosed(w, graph.Wall{Segment: "PUBLIC"})
			w.keptFrom(others, concerning(others))
		}},
		{"A wall with a competency hides what it and what is narrower is asked for, not the customer", func(w *World) {
			enclosed(w, graph.Wall{Customer: "city", Competency: "erp"})
			w.keptFrom(everyone, append(concerning(others), concerning(walledIn, "erp", "gl")...))
		}},
		{"A wall around a segment may name a competency", func(w *World) {
			enclosed(w, graph.Wall{Segment: "PUBLIC", Competency: "gl"})
			w.keptFrom(everyone, append(concerning(others), concerning(walledIn, "gl")...))
		}},
		{"Of several needs of an opportunity, one within the wall hides it", func(w *World) {
			enclosed(w, graph.Wall{Customer: "city", Competency: "erp"})
			w.Opportunity("both", graph.Opportunity{Customer: "city", Owner: "me", Needs: append(needs("iot", 1), needs("gl", 1)...)}).Opportunity("fine", graph.Opportunity{Customer: "city", Owner: "me", Needs: append(needs("iot", 1), needs("it", 1)...)})
			w.asPartner("me").sees(graph.KindOpportunity, append(append(concerning(others), concerning(walledIn, "erp", "gl")...), "fine")...)
		}},
		{"A wall ends when it is retired", func(w *World) {
			enclosed(w, graph.Wall{Meta: graph.Meta{ID: "wall", RetiredOn: today()}, Customer: "city"})
			w.keptFrom(everyone, concerning(everyone))
			w.About("me").Wall(graph.Wall{Meta: graph.Meta{ID: "wall", RetiredOn: today() + 1}, Customer: "city"})
			w.keptFrom(others, concerning(others))
		}},
		{"Several walls add up", func(w *World) {
			enclosed(w, graph.Wall{Customer: "city", Competency: "gl"})
			w.Wall(graph.Wall{Segment: "PUBLIC", Competency: "iot"}).Wall(graph.Wall{Customer: "shop"})
			w.keptFrom([]string{"city", "plain"}, append(concerning([]string{"plain"}), concerning(walledIn, "gl", "iot")...))
		}},
		{"A wall keeps out the partner that it names, no other, no customer and no analyst", func(w *World) {
			enclosed(w, graph.Wall{Customer: "city"})
			w.About("beta").Serves("city").Shy("shy")
			w.asPartner("beta").sees(graph.KindCustomer, "city", "plain", "shop")
			w.asPartner("beta").sees(graph.KindReferral, concerning(everyone)...)
			w.asCustomer("city").sees(graph.KindCustomer, "city")
			w.asCustomer("city").sees(graph.KindReferral, concerning(walledIn)...)
			w.asCustomer("city").sees(graph.KindOpportunity, concerning(walledIn)...)
		}},
		{"A customer is hidden whichever way it would be read", func(w *World) {
			w.Buyer("city", graph.Customer{Consent: true}, Here).Person("ada", "city").Partner("beta").Owns("city").Partner("me").Wall(graph.Wall{Customer: "city"})
			w.About("me").With("beta", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Collaboration: graph.HighCollaboration}).Sent("r", "beta", graph.Referral{Customer: "city"}).About("beta").Sent("s", "me", graph.Referral{Customer: "city"})
			w.Opportunity("all", graph.Opportunity{Customer: "city", Audience: graph.Audience{Kind: graph.AudienceAll}}).Opportunity("led", graph.Opportunity{Site: "city-1", Lead: "me"}).Opportunity("shared", graph.Opportunity{Customer: "city", SharedIn: []string{"pact"}}).Opportunity("invited", graph.Opportunity{Customer: "city"}).About("me").Invited("i", "invited", graph.InvitationPending)
			me := w.asPartner("me")
			for _, kind := range []graph.Kind{graph.KindCustomer, graph.KindSite, graph.KindContact, graph.KindCustomerPartner, graph.KindOpportunity, graph.KindInvitation, graph.KindReferral} {
				me.sees(kind)
			}
		}},
		{"The customer of an opportunity, where it names one, counts and not that of its site", func(w *World) {
			w.Customer("city", Here).Customer("shop", Here).Partner("me").Wall(graph.Wall{Customer: "city"}).Opportunity("at-city", graph.Opportunity{Site: "city-1", Owner: "me"}).Opportunity("shop-at-city", graph.Opportunity{Customer: "shop", Site: "city-1", Owner: "me"}).Opportunity("city-at-shop", graph.Opportunity{Customer: "city", Site: "shop-1", Owner: "me"})
			w.asPartner("me").sees(graph.KindOpportunity, "shop-at-city")
		}},
		{"Invitations to an opportunity behind a wall are hidden with it", func(w *World) {
			enclosed(w, graph.Wall{Customer: "city", Competency: "erp"})
			w.About("beta").Invited("hidden", "city/gl", graph.InvitationPending).Invited("open", "city/iot", graph.InvitationPending)
			w.asPartner("me").sees(graph.KindInvitation, "open")
		}},
		{"A referral that a wall hides makes no kin", func(w *World) {
			w.Customer("city").Customer("town").Shy("from").Shy("to").Shy("fine").Partner("me").Wall(graph.Wall{Customer: "city"}).Sent("out", "to", graph.Referral{Customer: "city"}).Sent("fine", "fine", graph.Referral{Customer: "town"}).About("from").Sent("in", "me", graph.Referral{Customer: "city"})
			w.asPartner("me").sees(graph.KindPartner, "fine", "me")
			w.asPartner("me").sees(graph.KindReferral, "fine")
		}},
		{"A wall cuts a chain of referrals: what is passed on behind it is not read", func(w *World) {
			w.Buyer("city", graph.Customer{Consent: true}).Buyer("town", graph.Customer{Consent: true}).Partner("two").Partner("three").Shy("four").Partner("me").Wall(graph.Wall{Customer: "city"})
			w.Sent("1", "two", graph.Referral{Customer: "town"}).About("two").Sent("2", "three", graph.Referral{Parent: "1", Customer: "city"}).About("three").Sent("3", "four", graph.Referral{Parent: "2", Customer: "town"}).About("two").Sent("2b", "three", graph.Referral{Parent: "1", Customer: "town"})
			me := w.asPartner("me")
			me.sees(graph.KindReferral, "1", "2b")
			me.sees(graph.KindPartner, "me", "three", "two")
			w.same("passed on", me.relatedIDs(graph.ReferralChildren, "1"), []string{"2b"})
			w.same("passed on behind the wall", me.relatedIDs(graph.ReferralChildren, "2"), []string(nil))
		}},
		{"What passes on a referral behind a wall, to or from the partner itself, is read", func(w *World) {
			w.Customer("city").Partner("two").Partner("me").Wall(graph.Wall{Customer: "city"}).Sent("1", "two", graph.Referral{Customer: "city"}).About("two").Sent("2", "me", graph.Referral{Parent: "1"})
			w.asPartner("me").sees(graph.KindReferral, "2")
		}},
		{"A customer is read by a referral that no wall of a competency hides", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Competency("iot").Customer("city").Customer("shop").Partner("beta").Partner("me").Wall(graph.Wall{Customer: "city", Competency: "erp"}).Wall(graph.Wall{Customer: "shop", Competency: "erp"})
			w.Sent("hidden", "beta", graph.Referral{Customer: "city", Competency: "gl"}).Sent("fine", "beta", graph.Referral{Customer: "shop", Competency: "iot"})
			w.asPartner("me").sees(graph.KindCustomer, "shop")
			w.asPartner("me").sees(graph.KindReferral, "fine")
		}},
		{"A customer that changes its segment comes out from behind the wall", func(w *World) {
			enclosed(w, graph.Wall{Segment: "PUBLIC"})
			w.keptFrom(others, concerning(others))
			w.Buyer("city", graph.Customer{Segment: "HEALTH", Consent: true})
			w.keptFrom(everyone, concerning(everyone))
			w.Buyer("city", graph.Customer{Segment: "PUBLIC", Consent: true})
			w.keptFrom(others, concerning(others))
		}},
		{"A competency that moves below the one of a wall is kept out with it", func(w *World) {
			enclosed(w, graph.Wall{Customer: "city", Competency: "erp"})
			w.keptFrom(everyone, append(concerning(others), concerning(walledIn, "erp", "gl")...))
			w.Competency("gl", "it").Competency("iot", "erp")
			w.keptFrom(everyone, append(concerning(others), concerning(walledIn, "erp", "iot")...))
		}},
		{"A wall within a partnership takes the customers that it names from what is read through it", func(w *World) {
			w.Partner("me").Partner("beta").Partner("gamma")
			for _, id := range []string{"city", "shop", "both", "port", "hall"} {
				w.Buyer(id, graph.Customer{Consent: true, Segment: map[string]string{"port": "PUBLIC", "hall": "HEALTH"}[id]}).Person(id+"-person", id).About("beta").Owns(id)
			}
			w.Competency("erp").About("me").With("beta", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Collaboration: graph.HighCollaboration}).With("gamma", graph.Partnership{Meta: graph.Meta{ID: "other"}, Collaboration: graph.HighCollaboration}).About("gamma").Owns("both").About("me")
			w.Wall(graph.Wall{Customer: "city", Partnership: "pact"}).Wall(graph.Wall{Customer: "both", Partnership: "pact"}).Wall(graph.Wall{Segment: "PUBLIC", Partnership: "pact"}).Wall(graph.Wall{Segment: "HEALTH", Partnership: "pact", Competency: "erp"}).Wall(graph.Wall{Customer: "shop", Partnership: "other"})
			me := w.asPartner("me")
			me.sees(graph.KindCustomer, "both", "hall", "shop")
			me.sees(graph.KindContact, "both-person", "hall-person", "shop-person")
			w.About("me").Serves("city").Save() // which is another way
			me.sees(graph.KindCustomer, "both", "city", "hall", "shop")
		}},
		{"A wall within a partnership hides nothing that is read otherwise", func(w *World) {
			w.Customer("city", Here).Partner("beta").Partner("me").With("beta", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Collaboration: graph.HighCollaboration}).Wall(graph.Wall{Customer: "city", Partnership: "pact"}).Sent("r", "beta", graph.Referral{Customer: "city"}).Opportunity("own", graph.Opportunity{Customer: "city", Owner: "me", SharedIn: []string{"pact"}})
			me := w.asPartner("me")
			me.sees(graph.KindCustomer, "city")
			me.sees(graph.KindReferral, "r")
			me.sees(graph.KindOpportunity, "own")
			w.same("concealed", len(me.access().Concealed), 0)
		}},
		{"A wall within a partnership ends when it is retired, and keeps out the partner that it names alone", func(w *World) {
			w.Customer("city").Customer("town").Partner("beta").Owns("city").Owns("town").Partner("gamma").Partner("me").With("", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Parties: []string{"me", "beta", "gamma"}, Collaboration: graph.HighCollaboration})
			w.Wall(graph.Wall{Customer: "city", Partnership: "pact"}).Wall(graph.Wall{Meta: graph.Meta{ID: "old", RetiredOn: today()}, Customer: "town", Partnership: "pact"})
			w.asPartner("me").sees(graph.KindCustomer, "town")
			w.asPartner("gamma").sees(graph.KindCustomer, "city", "town")
		}},
	}
}
