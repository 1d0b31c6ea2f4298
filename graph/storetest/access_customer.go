package storetest

import "valueweb/graph"

func customerAccessCases() []testCase {
	return []testCase{
		{"A customer reads itself alone, its sites and the free ones", func(w *World) {
			w.Customer("city", Here).Customer("town", Here).Add(&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Here})
			city := w.asCustomer("city")
			city.sees(graph.KindCustomer, "city")
			city.sees(graph.KindSite, "city-1", "free")
			city.found(graph.KindCustomer, graph.Filter{Near: point(Here), RadiusKm: 1}, "city")
		}},
		{"A customer reads the partners that are active and discoverable, even where it deals with others", func(w *World) {
			w.Competency("erp").Customer("city")
			var want []string
			for _, status := range graph.PartnerStatuses {
				for _, shy := range []bool{false, true} {
					id := string(status) + map[bool]string{true: "-shy"}[shy]
					w.Partner(id, graph.Partner{Status: status, Undisclosed: shy}).Office(id, Here).Holds("erp", graph.Holding{Meta: graph.Meta{ID: id}}).Certified("erp", graph.Certification{Meta: graph.Meta{ID: id}}).Serves("city")
				}
			}
			want = []string{"ACTIVE"}
			for _, kind := range []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindHolding, graph.KindCertification} {
				w.asCustomer("city").sees(kind, want...)
			}
			w.asCustomer("city").sees(graph.KindCustomerPartner, "ACTIVE-city")
		}},
		{"A customer reads its own contacts, and all of the active partners that serve it today", func(w *World) {
			w.Customer("city").Person("city-person", "city").Customer("town").Person("town-person", "town")
			want := []string{"city-person", "served-sales", "served-support"}
			add := func(id string, p graph.Partner) {
				w.Partner(id, p).Contact(id+"-sales", graph.SalesContact).Contact(id+"-support", "SUPPORT")
			}
			add("served", graph.Partner{})
			w.Serves("city", graph.CustomerPartner{Role: "IDENTIFIES"})
			add("stranger", graph.Partner{})
			w.Serves("town")
			add("shy", graph.Partner{Undisclosed: true})
			w.Serves("city")
			add("suspended", graph.Partner{Status: graph.Suspended})
			w.Serves("city")
			for _, p := range periods {
				id := joined(p.name)
				add(id, graph.Partner{})
				since, until := p.days()
				w.Serves("city", graph.CustomerPartner{Since: since, Until: until})
				if p.holds {
					want = append(want, id+"-sales", id+"-support")
				}
			}
			w.asCustomer("city").sees(graph.KindContact, want...)
		}},
		{"A customer reads who serves it, of those that it may read", func(w *World) {
			w.Customer("city").Customer("town").Partner("beta").Serves("city", graph.CustomerPartner{Until: today() - 1}).Serves("town").Shy("shy").Serves("city").Partner("left", graph.Partner{Status: graph.Left}).Serves("city")
			w.asCustomer("city").sees(graph.KindCustomerPartner, "beta-city")
			w.same("of beta", w.asCustomer("city").relatedIDs(graph.PartnerCustomers, "beta"), []string{"beta-city"})
		}},
		{"A customer reads the referrals about it once it consented, between partners that it may read", func(w *World) {
			w.Partner("a").Partner("b").Shy("shy").Partner("left", graph.Partner{Status: graph.Left})
			for id, consent := range map[string]bool{"city": true, "town": false} {
				w.Buyer(id, graph.Customer{Consent: consent}).About("a").Sent(id, "b", graph.Referral{Customer: id, Value: &graph.Money{Amount: "1", Currency: "EUR"}}).Sent(id+"-to-shy", "shy", graph.Referral{Customer: id}).About("left").Sent(id+"-from-left", "a", graph.Referral{Customer: id})
				w.About("b").Sent(id+"-passed-on", "a", graph.Referral{Customer: id, Parent: id + "-to-shy"}).Sent(id+"-without", "a", graph.Referral{Parent: id})
			}
			w.asCustomer("city").sees(graph.KindReferral, "city", "city-passed-on")
			w.asCustomer("town").sees(graph.KindReferral)
			w.same("about it", w.asCustomer("city").relatedIDs(graph.CustomerReferrals, "city"), []string{"city", "city-passed-on"})
		}},
		{"A customer reads the opportunities of which it is the customer, or else the customer of the site", func(w *World) {
			w.Customer("city", Here).Customer("town", Here).Partner("beta")
			w.Opportunity("named", graph.Opportunity{Customer: "city", Owner: "beta"}).Opportunity("at-site", graph.Opportunity{Site: "city-1", Owner: "beta"}).Opportunity("named-elsewhere", graph.Opportunity{Customer: "city", Site: "town-1"}).Opportunity("town-at-site", graph.Opportunity{Customer: "town", Site: "city-1"}).Opportunity("none", graph.Opportunity{Point: &Here})
			w.asCustomer("city").sees(graph.KindOpportunity, "at-site", "named", "named-elsewhere")
			w.asCustomer("town").sees(graph.KindOpportunity, "town-at-site")
		}},
		{"A customer reads the invitations to its opportunities, of partners that it may read", func(w *World) {
			w.Customer("city").Partner("beta").Opportunity("own", graph.Opportunity{Customer: "city"}).Opportunity("else", graph.Opportunity{Owner: "beta"}).Opportunity("draft", graph.Opportunity{Customer: "city", Owner: "beta", Stage: graph.Draft})
			w.Invited("own", "own", graph.InvitationDeclined).Invited("else", "else", graph.InvitationPending).Invited("draft", "draft", graph.InvitationPending).Shy("shy").Invited("shy", "own", graph.InvitationPending)
			w.asCustomer("city").sees(graph.KindInvitation, "own")
		}},
		{"A customer reads no partnerships, and the solutions of partners that it may read", func(w *World) {
			w.Customer("city").Partner("beta").Serves("city").Shy("shy").With("beta")
			for id, partners := range map[string][]string{"free": nil, "open": {"beta"}, "some": {"shy", "beta"}, "hidden": {"shy"}} {
				w.Add(&graph.Solution{Meta: graph.Meta{ID: id}, Name: id, Partners: partners})
			}
			w.asCustomer("city").sees(graph.KindPartnership)
			w.asCustomer("city").sees(graph.KindSolution, "free", "open", "some")
		}},
		{"A partner that shares all with another one does not open that one's customers to each other", func(w *World) {
			w.Customer("city", Here).Customer("town", Here).Partner("beta").Owns("city").Owns("town")
			w.asCustomer("city").sees(graph.KindCustomer, "city")
			w.asCustomer("town").sees(graph.KindCustomer, "town")
			w.same("of beta", w.asCustomer("city").relatedIDs(graph.PartnerCustomers, "beta"), []string{"beta-city"})
		}},
	}
}

func analystAccessCases() []testCase {
	return []testCase{
		{"An analyst reads the partners that are active, also those that are not discoverable, and what they have", func(w *World) {
			w.Competency("erp")
			for _, status := range graph.PartnerStatuses {
				for _, shy := range []bool{false, true} {
					id := string(status) + map[bool]string{true: "-shy"}[shy]
					w.Partner(id, graph.Partner{Status: status, Undisclosed: shy}).Office(id, Here).Holds("erp", graph.Holding{Meta: graph.Meta{ID: id}}).Certified("erp", graph.Certification{Meta: graph.Meta{ID: id}})
					w.Add(&graph.Solution{Meta: graph.Meta{ID: id}, Name: id, Partners: []string{id}})
				}
			}
			for _, kind := range []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindHolding, graph.KindCertification, graph.KindSolution} {
				w.asAnalyst().sees(kind, "ACTIVE", "ACTIVE-shy")
			}
		}},
		{"An analyst reads no contact, no customer, no opportunity, no invitation and no referral", func(w *World) {
			w.Buyer("city", graph.Customer{Consent: true}, Here).Person("ada", "city").Add(&graph.Site{Meta: graph.Meta{ID: "free"}}).Partner("beta").Contact("grace", graph.SalesContact).Serves("city").Partner("gamma").Sent("r", "beta", graph.Referral{Customer: "city"})
			w.Opportunity("all", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceAll}}).Invited("i", "all", graph.InvitationAccepted)
			for _, kind := range []graph.Kind{graph.KindContact, graph.KindCustomer, graph.KindCustomerPartner, graph.KindOpportunity, graph.KindInvitation, graph.KindReferral} {
				w.asAnalyst().sees(kind)
			}
			w.asAnalyst().sees(graph.KindSite, "free")
		}},
		{"An analyst reads the partnerships that have two parties left which are not hidden, with nothing but parties and collaboration", func(w *World) {
			w.Customer("city", Here).Partner("a").Shy("b").Partner("pending", graph.Partner{Status: graph.Pending}).Partner("left", graph.Partner{Status: graph.Left}).Partner("suspended", graph.Partner{Status: graph.Suspended})
			for id, parties := range map[string][]string{"open": {"a", "b"}, "lonely": {"a", "pending"}, "two-left": {"pending", "b", "a"}, "gone": {"a", "left"}, "both-gone": {"suspended", "left"}} {
				w.With("", graph.Partnership{
					Meta: graph.Meta{ID: id}, Parties: parties, Collaboration: graph.MediumCollaboration, DataSharing: graph.IndividualSharing, Form: "joint venture", StartsOn: Today, EndsOn: Today + 9, Sponsor: "Ada", Manager: "Grace", Sites: []string{"city-1"},
				})
			}
			w.asAnalyst().sees(graph.KindPartnership, "both-gone", "gone", "open", "two-left")
			p := told[*graph.Partnership](w.asAnalyst(), "open")
			w.same("told", []any{p.Parties, p.Collaboration}, []any{[]string{"a", "b"}, graph.MediumCollaboration})
			w.same("not told", []any{p.Form, p.DataSharing, p.StartsOn, p.EndsOn, p.Sponsor, p.Manager, len(p.Sites)}, []any{"", graph.DataSharing(""), graph.Date(0), graph.Date(0), "", "", 0})
			w.same("told to a party", told[*graph.Partnership](w.asPartner("a"), "open").Sponsor, "Ada")
		}},
		{"Walls keep no analyst out", func(w *World) {
			w.Customer("city").Partner("beta").Wall(graph.Wall{Customer: "city"}).Partner("gamma").With("beta")
			w.asAnalyst().sees(graph.KindPartner, "beta", "gamma")
			w.asAnalyst().sees(graph.KindPartnership, "gamma+beta")
			w.same("concealed", len(w.asAnalyst().access().Concealed), 0)
		}},
	}
}
