package storetest

import (
	"fmt"
	"slices"

	"valueweb/graph"
)

func partnerAccessCases() []testCase {
	return []testCase{
		{"A partner reads those that are active and discoverable, and itself", func(w *World) {
			for _, status := range graph.PartnerStatuses {
				w.Partner("open-"+string(status), graph.Partner{Status: status}).Partner("shy-"+string(status), graph.Partner{Status: status, Undisclosed: true})
			}
			w.asPartner("open-ACTIVE").sees(graph.KindPartner, "open-ACTIVE")
			w.asPartner("shy-ACTIVE").sees(graph.KindPartner, "open-ACTIVE", "shy-ACTIVE")
			w.asPartner("open-PENDING").sees(graph.KindPartner, "open-ACTIVE", "open-PENDING")
			w.asPartner("shy-PENDING").sees(graph.KindPartner, "open-ACTIVE", "shy-PENDING")
		}},
		{"The parties of a partnership are kin, whatever its dates, level and their status", func(w *World) {
			w.Partner("me").Partner("shy", graph.Partner{Undisclosed: true}).Partner("pending", graph.Partner{Status: graph.Pending}).Partner("left", graph.Partner{Status: graph.Left, Undisclosed: true}).Partner("suspended", graph.Partner{Status: graph.Suspended}).Shy("stranger").About("me")
			w.With("shy", graph.Partnership{EndsOn: today() - 1}).With("pending", graph.Partnership{StartsOn: today() + 1}).With("left", graph.Partnership{Parties: []string{"suspended", "left", "me"}})
			w.asPartner("me").sees(graph.KindPartner, "left", "me", "pending", "shy", "suspended")
			w.same("kin", keys(w.asPartner("me").access().Kin), []string{"left", "pending", "shy", "suspended"})
			w.asPartner("shy").sees(graph.KindPartner, "me", "shy")
		}},
		{"Kin of kin is no kin", func(w *World) {
			w.Partner("me").Shy("shy").With("me").Shy("beyond").With("shy").Sent("r", "shy")
			w.asPartner("me").sees(graph.KindPartner, "me", "shy")
		}},
		{"Who passes a referral on is told no more of its customer than it was told", func(w *World) {
			w.Customer("quiet").Competency("erp").Partner("first").Partner("third").Partner("me").Save()
			w.About("first").Sent("one", "me", graph.Referral{Customer: "quiet", Competency: "erp"})
			w.About("me").Sent("two", "third", graph.Referral{Customer: "quiet", Parent: "one"}).Save()
			for partner, customers := range map[string][]string{"first": {"quiet"}, "me": nil, "third": nil} {
				w.asPartner(partner).sees(graph.KindCustomer, customers...)
			}
			w.About("third").Sent("elsewhere", "first").About("me").Sent("own", "third", graph.Referral{Customer: "quiet", Parent: "elsewhere"}).Save()
			w.asPartner("me").sees(graph.KindCustomer, "quiet")
		}},
		{"A referral that passes on one that a wall hides tells its sender of the customer as if it passed on none", func(w *World) {
			w.Customer("quiet").Competency("erp").Partner("first").Partner("third").Partner("me").Wall(graph.Wall{Customer: "quiet", Competency: "erp"}).Save()
			w.About("first").Sent("one", "me", graph.Referral{Customer: "quiet", Competency: "erp"})
			w.About("me").Sent("two", "third", graph.Referral{Customer: "quiet", Parent: "one"}).Save()
			w.asPartner("me").sees(graph.KindCustomer, "quiet")
		}},
		{"Sender and recipient of a referral are kin to each other", func(w *World) {
			w.Partner("me").Shy("from").Sent("in", "me").Partner("to", graph.Partner{Status: graph.Pending}).About("me").Sent("out", "to").Shy("stranger").Sent("else", "from")
			me := w.asPartner("me")
			me.sees(graph.KindPartner, "from", "me", "to")
			me.sees(graph.KindReferral, "in", "out")
		}},
		{"Those to whom a referral is passed on are kin of its first ends, and not the other way round", func(w *World) {
			w.Partner("me").Partner("two").Shy("three").Shy("four").Shy("stranger")
			w.About("me").Sent("1", "two").About("two").Sent("2", "three", graph.Referral{Parent: "1"}).About("three").Sent("3", "four", graph.Referral{Parent: "2"})
			me := w.asPartner("me")
			me.sees(graph.KindReferral, "1", "2", "3")
			me.sees(graph.KindPartner, "four", "me", "three", "two")
			w.asPartner("four").sees(graph.KindReferral, "3")
			w.asPartner("four").sees(graph.KindPartner, "four", "me", "three", "two") // of whom "me" and "two" are public
			w.asPartner("stranger").sees(graph.KindPartner, "me", "stranger", "two")
		}},
		{"A partner that reaches a hidden one is not told of what hangs on it", func(w *World) {
			w.Competency("erp").Customer("city", Here).Partner("me").Serves("city").Opportunity("own", graph.Opportunity{Owner: "me"})
			w.Shy("shy").Office("office", Here).Holds("erp").Certified("erp", graph.Certification{Meta: graph.Meta{ID: "shy-erp"}}).Contact("sales", graph.SalesContact).Serves("city").Invited("i", "own", graph.InvitationPending).Sent("r", "shy")
			w.Add(&graph.Solution{Meta: graph.Meta{ID: "s"}, Name: "S", Partners: []string{"shy"}})
			me := w.asPartner("me")
			me.sees(graph.KindCustomerPartner, "me-city")
			for _, kind := range []graph.Kind{graph.KindOffice, graph.KindHolding, graph.KindCertification, graph.KindContact, graph.KindInvitation, graph.KindReferral, graph.KindSolution} {
				me.sees(kind)
			}
			w.About("me").With("shy").Save()
			me.sees(graph.KindCustomerPartner, "me-city", "shy-city")
			me.sees(graph.KindPartnership, "me+shy")
			for kind, id := range map[graph.Kind]string{graph.KindOffice: "office", graph.KindHolding: "shy-erp", graph.KindCertification: "shy-erp", graph.KindContact: "sales", graph.KindInvitation: "i", graph.KindSolution: "s"} {
				me.sees(kind, id)
			}
		}},
		{"What belongs to a partner that is suspended or left is read by its kin alone", func(w *World) {
			w.Competency("erp").Partner("me").Partner("mate")
			for _, id := range []string{"left", "suspended"} {
				w.Partner(id, graph.Partner{Status: map[string]graph.PartnerStatus{"left": graph.Left, "suspended": graph.Suspended}[id]}).Office(id+"-office", Here).Holds("erp").Certified("erp", graph.Certification{Meta: graph.Meta{ID: id + "-erp"}}).With("mate")
			}
			w.asPartner("me").sees(graph.KindPartner, "mate", "me")
			w.asPartner("mate").sees(graph.KindPartner, "left", "mate", "me", "suspended")
			for kind, what := range map[graph.Kind]string{graph.KindOffice: "office", graph.KindHolding: "erp", graph.KindCertification: "erp"} {
				w.asPartner("me").sees(kind)
				w.asPartner("mate").sees(kind, "left-"+what, "suspended-"+what)
			}
		}},
		{"Of the contacts of others a partner reads those for sales, of active ones", func(w *World) {
			for _, id := range []string{"me", "beta"} {
				w.Partner(id).Contact(id+"-none", "")
				for _, role := range graph.ContactRoles {
					w.Contact(id+"-"+string(role), role)
				}
			}
			w.Shy("friend").Contact("friend", graph.SalesContact).With("me").Shy("shy").Contact("shy", graph.SalesContact).Partner("pending", graph.Partner{Status: graph.Pending}).Contact("pending", graph.SalesContact).With("me").Partner("left", graph.Partner{Status: graph.Left}).Contact("left", graph.SalesContact).With("me")
			w.asPartner("me").sees(graph.KindContact, "beta-SALES", "friend", "me-MANAGEMENT", "me-SALES", "me-SUPPORT", "me-TECHNICAL", "me-none")
			w.asPartner("pending").sees(graph.KindContact, "beta-SALES", "me-SALES", "pending")
		}},
		{"A partner reads the customers that it serves in any role, while it does", func(w *World) {
			w.Partner("beta").Partner("me")
			var want, contacts []string
			add := func(id string, row graph.CustomerPartner, holds bool) {
				w.Customer(id, Here).Person(id+"-person", id).Serves(id, row)
				if holds {
					want, contacts = append(want, id), append(contacts, id+"-person")
				}
			}
			for _, role := range graph.CustomerRoles {
				add(string(role), graph.CustomerPartner{Role: role}, true)
			}
			for _, p := range periods {
				since, until := p.days()
				add(graph.Normalise(joined(p.name)), graph.CustomerPartner{Since: since, Until: until}, p.holds)
			}
			add("retired", graph.CustomerPartner{Meta: graph.Meta{RetiredOn: today()}}, false)
			add("retires-tomorrow", graph.CustomerPartner{Meta: graph.Meta{RetiredOn: today() + 1}}, true)
			w.Customer("other").About("beta").Serves("other")
			me := w.asPartner("me")
			me.sees(graph.KindCustomer, want...)
			me.sees(graph.KindContact, contacts...)
			var sites []string
			for _, id := range want {
				sites = append(sites, id+"-1")
			}
			me.sees(graph.KindSite, sites...)
			w.same("counts", keys(me.access().Customers), sorted(want))
		}},
		{"A partner reads a retired customer that it serves", func(w *World) {
			w.Buyer("city", graph.Customer{Meta: graph.Meta{RetiredOn: Day("2020-01-01")}}, Here).Partner("me").Serves("city")
			w.asPartner("me").sees(graph.KindCustomer, "city")
		}},
		{"The rows of who serves a customer are read where both ends may be", func(w *World) {
			w.Customer("city").Customer("town").Partner("me").Serves("city", graph.CustomerPartner{Until: today() - 1}).Serves("town").Partner("beta").Serves("city").Serves("town").Shy("shy").Serves("town").Partner("left", graph.Partner{Status: graph.Left}).Serves("town")
			me := w.asPartner("me")
			me.sees(graph.KindCustomerPartner, "beta-town", "me-town")
			w.same("of the town", me.relatedIDs(graph.CustomerPartners, "town"), []string{"beta-town", "me-town"})
			w.same("of beta", me.relatedIDs(graph.PartnerCustomers, "beta"), []string{"beta-town"})
		}},
		{"Customers served by a partner are those of whom that may be told", func(w *World) {
			w.Customer("city").Customer("town").Customer("port").Partner("me").Serves("city").Serves("town").Partner("beta").Serves("city").Serves("port")
			w.asPartner("me").found(graph.KindCustomer, graph.Filter{Partner: "beta"}, "city")
			w.asPartner("me").found(graph.KindCustomer, graph.Filter{Partner: "me"}, "city", "town")
		}},
		{"Through a partnership a partner reads what the others own: all where it is HIGH, who consented where it is MEDIUM, none where it is LOW, unless it states otherwise", func(w *World) {
			w.Partner("me")
			for _, level := range graph.Collaborations {
				mate := string(level)
				w.Partner(mate).With("me", graph.Partnership{Collaboration: level})
				for _, consent := range []bool{true, false} {
					id := mate + map[bool]string{true: "-yes", false: "-no"}[consent]
					w.Buyer(id, graph.Customer{Consent: consent}, Here).Person(id+"-person", id).Owns(id)
					w.Buyer(id+"-served", graph.Customer{Consent: consent}).Serves(id + "-served")
				}
			}
			me := w.asPartner("me")
			me.sees(graph.KindCustomer, "HIGH-no", "HIGH-yes", "MEDIUM-yes")
			me.sees(graph.KindSite, "HIGH-no-1", "HIGH-yes-1", "MEDIUM-yes-1")
			me.sees(graph.KindContact, "HIGH-yes-person", "MEDIUM-yes-person")
			me.sees(graph.KindCustomerPartner, "HIGH-HIGH-no", "HIGH-HIGH-yes", "MEDIUM-MEDIUM-yes")
		}},
		{"What a partnership shares of customers is what it states, whatever its level", func(w *World) {
			w.Partner("me")
			var customers, people []string
			for _, level := range graph.Collaborations {
				for _, sharing := range graph.DataSharings {
					mate := fmt.Sprint(level, "-", sharing)
					w.Partner(mate).With("me", graph.Partnership{Collaboration: level, DataSharing: sharing})
					for _, consent := range []bool{true, false} {
						id := mate + map[bool]string{true: "-yes", false: "-no"}[consent]
						w.Buyer(id, graph.Customer{Consent: consent}).Person(id, id).Owns(id)
						if sharing == graph.IndividualSharing || sharing == graph.ConsentedSharing && consent {
							customers = append(customers, id)
							if consent {
								people = append(people, id)
							}
						}
					}
				}
			}
			w.asPartner("me").sees(graph.KindCustomer, customers...)
			w.asPartner("me").sees(graph.KindContact, people...)
		}},
		{"What a partnership states to share holds while it is in force", func(w *World) {
			w.Partner("me")
			var want []string
			for _, p := range periods {
				from, to := p.days()
				for id, as := range map[string]graph.Partnership{"widened": {DataSharing: graph.IndividualSharing}, "narrowed": {Collaboration: graph.HighCollaboration, DataSharing: graph.AggregateSharing}} {
					as.StartsOn, as.EndsOn = from, to
					id += joined(p.name)
					w.Customer(id).Partner(id).Owns(id).With("me", as)
					if p.holds && as.DataSharing == graph.IndividualSharing {
						want = append(want, id)
					}
				}
			}
			w.asPartner("me").sees(graph.KindCustomer, want...)
		}},
		{"Terms that change what a partnership shares show in the very next read", func(w *World) {
			me := w.Customer("city").Partner("beta").Owns("city").Partner("me").asPartner("me")
			for _, c := range []struct {
				level   graph.Collaboration
				sharing graph.DataSharing
				reads   []string
			}{{graph.LowCollaboration, "", nil}, {graph.LowCollaboration, graph.IndividualSharing, []string{"city"}}, {graph.HighCollaboration, graph.NoSharing, nil}, {graph.HighCollaboration, "", []string{"city"}}} {
				w.With("", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Parties: []string{"me", "beta"}, Collaboration: c.level, DataSharing: c.sharing}).Save()
				me.sees(graph.KindCustomer, c.reads...)
			}
		}},
		{"Who owns a customer is its owner or co-owner, today", func(w *World) {
			w.Partner("me").Partner("beta").With("me", graph.Partnership{Collaboration: graph.HighCollaboration})
			var want []string
			for _, role := range graph.CustomerRoles {
				w.Customer(string(role)).Serves(string(role), graph.CustomerPartner{Role: role})
				if role == graph.CustomerOwner || role == graph.CustomerCoOwner {
					want = append(want, string(role))
				}
			}
			for _, p := range periods {
				since, until := p.days()
				id := joined(p.name)
				w.Customer(id).Serves(id, graph.CustomerPartner{Role: graph.CustomerOwner, Since: since, Until: until})
				if p.holds {
					want = append(want, id)
				}
			}
			w.Customer("retired").Serves("retired", graph.CustomerPartner{Meta: graph.Meta{RetiredOn: today()}, Role: graph.CustomerOwner})
			w.asPartner("me").sees(graph.KindCustomer, want...)
		}},
		{"A partnership counts while it is in force", func(w *World) {
			w.Partner("me")
			var want []string
			for _, p := range periods {
				from, to := p.days()
				id := joined(p.name)
				w.Customer(id).Partner(id).Owns(id).With("me", graph.Partnership{Collaboration: graph.HighCollaboration, StartsOn: from, EndsOn: to})
				if p.holds {
					want = append(want, id)
				}
			}
			for id, day := range map[string]graph.Date{"retired": today(), "retires-tomorrow": today() + 1} {
				w.Customer(id).Partner(id).Owns(id).With("me", graph.Partnership{Meta: graph.Meta{ID: id, RetiredOn: day}, Collaboration: graph.HighCollaboration})
			}
			for id, pending := range map[string][]string{"i-am-asked": {"me"}, "it-is-asked": {"it-is-asked"}, "both-are-asked": {"both-are-asked", "me"}} {
				w.Customer(id).Partner(id).Owns(id).With("me", graph.Partnership{Collaboration: graph.HighCollaboration, Pending: pending})
			}
			w.asPartner("me").sees(graph.KindCustomer, append(want, "retires-tomorrow")...)
		}},
		{"A partnership is one way to a customer as much for each of several parties, and for nobody else", func(w *World) {
			w.Customer("city").Customer("town").Partner("me").Partner("two").Owns("town").Partner("three").Owns("city").With("", graph.Partnership{Parties: []string{"three", "me", "two"}, Collaboration: graph.HighCollaboration}).Partner("else")
			w.asPartner("me").sees(graph.KindCustomer, "city", "town")
			w.asPartner("two").sees(graph.KindCustomer, "city", "town")
			w.asPartner("else").sees(graph.KindCustomer)
		}},
		{"A partner reads the customer of a referral that it sent, and with consent of one that it received or that is passed on", func(w *World) {
			for _, way := range []string{"sent", "received", "passed", "strange"} {
				w.Buyer(way+"-yes", graph.Customer{Consent: true}, Here).Person(way+"-yes-person", way+"-yes").Buyer(way+"-no", graph.Customer{}, Here)
			}
			w.Partner("me").Partner("beta").Partner("gamma")
			for _, answer := range []string{"-yes", "-no"} {
				w.About("me").Sent("sent"+answer, "beta", graph.Referral{Customer: "sent" + answer}).About("beta").Sent("received"+answer, "me", graph.Referral{Customer: "received" + answer})
				w.Sent("passed"+answer, "gamma", graph.Referral{Parent: "sent" + answer, Customer: "passed" + answer}).Sent("strange"+answer, "gamma", graph.Referral{Customer: "strange" + answer})
			}
			me := w.asPartner("me")
			me.sees(graph.KindCustomer, "passed-yes", "received-yes", "sent-no", "sent-yes")
			me.sees(graph.KindSite, "passed-yes-1", "received-yes-1", "sent-no-1", "sent-yes-1")
			me.sees(graph.KindContact)
		}},
		{"A referral counts in any state, and however long ago", func(w *World) {
			var want []string
			w.Partner("beta").Partner("me")
			for _, state := range graph.ReferralStates {
				want = append(want, string(state))
				w.Customer(string(state)).Sent(string(state), "beta", graph.Referral{Customer: string(state), State: state, SentOn: Day("2001-01-01")})
			}
			w.asPartner("me").sees(graph.KindCustomer, want...)
			w.asPartner("me").sees(graph.KindReferral, want...)
		}},
		{"A partner reads the referrals from and to it, and those that pass them on over any number of steps", func(w *World) {
			w.Partner("me")
			for _, id := range []string{"a", "b", "c", "d", "e"} {
				w.Partner(id)
			}
			w.About("a").Sent("0", "b").About("b").Sent("1", "me", graph.Referral{Parent: "0"}).About("me").Sent("2", "c", graph.Referral{Parent: "1"}).About("c").Sent("3", "d", graph.Referral{Parent: "2"}).Sent("3b", "e", graph.Referral{Parent: "2"}).About("d").Sent("4", "e", graph.Referral{Parent: "3"}).Sent("else", "e")
			w.About("b").Sent("1b", "e", graph.Referral{Parent: "0"})
			w.asPartner("me").sees(graph.KindReferral, "1", "2", "3", "3b", "4")
			w.asPartner("c").sees(graph.KindReferral, "2", "3", "3b", "4")
			w.asPartner("d").sees(graph.KindReferral, "3", "4", "else")
			w.asPartner("a").sees(graph.KindReferral, "0", "1", "1b", "2", "3", "3b", "4")
			w.same("passed on", w.asPartner("me").relatedIDs(graph.ReferralChildren, "2"), []string{"3", "3b"})
			w.same("received by e", w.asPartner("d").relatedIDs(graph.PartnerReceived, "e"), []string{"4", "else"})
		}},
		{"The value of a referral is told to its two ends", func(w *World) {
			value := &graph.Money{Amount: "1250.00", Currency: "EUR"}
			w.Buyer("city", graph.Customer{Consent: true}).Partner("me").Partner("two").Partner("three").About("me").Sent("1", "two", graph.Referral{Value: value, Customer: "city"}).About("two").Sent("2", "three", graph.Referral{Value: value, Parent: "1", Competency: "", AnsweredOn: Today})
			w.same("to the sender", told[*graph.Referral](w.asPartner("me"), "1").Value, value)
			w.same("to the recipient", told[*graph.Referral](w.asPartner("two"), "1").Value, value)
			w.same("to the customer", told[*graph.Referral](w.asCustomer("city"), "1").Value, value)
			w.same("to an operator", told[*graph.Referral](w, "2").Value, value)
			two := told[*graph.Referral](w.asPartner("me"), "2")
			w.same("further up", two.Value, (*graph.Money)(nil))
			w.same("the rest further up", []any{two.From, two.To, two.Parent, two.State, two.SentOn, two.AnsweredOn}, []any{"two", "three", "1", graph.ReferralActive, Today, Today})
			w.same("value once it was asked by another", told[*graph.Referral](w.asPartner("two"), "2").Value, value)
		}},
		{"A partner reads its partnerships with all that they say, and no others", func(w *World) {
			pact := graph.Partnership{Collaboration: graph.HighCollaboration, DataSharing: graph.ConsentedSharing, Form: "joint venture", StartsOn: Today, EndsOn: Today, Sponsor: "Ada", Manager: "Grace"}
			w.Partner("me").Partner("beta").With("me", pact).Partner("gamma").With("beta", pact)
			me := w.asPartner("me")
			me.sees(graph.KindPartnership, "beta+me")
			p := told[*graph.Partnership](me, "beta+me")
			w.same("it says", []any{p.Parties, p.Form, p.Collaboration, p.DataSharing, p.StartsOn, p.EndsOn, p.Sponsor, p.Manager}, []any{[]string{"beta", "me"}, "joint venture", graph.HighCollaboration, graph.ConsentedSharing, Today, Today, "Ada", "Grace"})
			w.same("of beta", me.relatedIDs(graph.PartnerPartnerships, "beta"), []string{"beta+me"})
		}},
		{"A solution is read by who may read one of those that deliver it", func(w *World) {
			w.Partner("me").Partner("beta").Shy("shy").Partner("left", graph.Partner{Status: graph.Left}).Shy("mate").With("me")
			for id, partners := range map[string][]string{"free": nil, "open": {"beta"}, "some": {"shy", "beta"}, "own": {"me"}, "mate's": {"mate"}, "hidden": {"shy"}, "gone": {"left"}, "neither": {"shy", "left"}} {
				w.Add(&graph.Solution{Meta: graph.Meta{ID: id}, Name: id, Partners: partners})
			}
			w.asPartner("me").sees(graph.KindSolution, "free", "mate's", "open", "own", "some")
			w.asPartner("beta").sees(graph.KindSolution, "free", "open", "own", "some")
		}},
		{"Sites are read with their customers, free ones by everybody", func(w *World) {
			w.Customer("city", Here).Customer("town", Here).Add(&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Here}).Partner("me").Serves("city")
			me := w.asPartner("me")
			me.sees(graph.KindSite, "city-1", "free")
			yes, no := true, false
			me.found(graph.KindSite, graph.Filter{Free: &yes}, "free")
			me.found(graph.KindSite, graph.Filter{Free: &no}, "city-1")
			me.found(graph.KindSite, graph.Filter{Near: point(Here), RadiusKm: 1}, "city-1", "free")
			me.found(graph.KindSite, graph.Filter{Customer: "city"}, "city-1")
		}},
		{"Walls and events are an operator's, a partner's own walls, too", func(w *World) {
			w.Customer("city").Partner("me").Wall(graph.Wall{Customer: "city"})
			for _, viewer := range []*World{w.asPartner("me"), w.asCustomer("city"), w.asAnalyst()} {
				viewer.sees(graph.KindWall)
				_, err := w.Events(w.Context(), viewer.viewer, 0, 1)
				w.refused(err, graph.CodeForbidden, "")
			}
		}},
		{"The taxonomy and the regions are everybody's", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Region("west", "FR").Customer("city").Partner("me", graph.Partner{Status: graph.Pending})
			for _, viewer := range []*World{w.asPartner("me"), w.asCustomer("city"), w.asAnalyst()} {
				viewer.sees(graph.KindCompetency, "erp", "gl")
				viewer.sees(graph.KindRegion, "west")
				viewer.found(graph.KindCompetency, graph.Filter{Within: "erp"}, "gl")
			}
		}},
		{"A filter of partners counts among those that may be read", func(w *World) {
			w.Competency("erp").Region("west", "FR")
			for id, p := range map[string]graph.Partner{"me": {}, "beta": {}, "shy": {Undisclosed: true}, "pending": {Status: graph.Pending}, "left": {Status: graph.Left}} {
				p.Tags, p.Tier, p.PartnerKind = []string{"x"}, "GOLD", graph.ISV
				w.Partner(id, p).Office(id, Here, graph.Office{Country: "FR", Tags: []string{"x"}}).Holds("erp").Certified("erp", graph.Certification{Scheme: "ISO"})
			}
			yes := true
			me := w.asPartner("me")
			for _, filter := range []graph.Filter{
				{Kinds: []graph.PartnerKind{graph.ISV}}, {MinTier: "GOLD"}, {Holds: needs("erp", 1)}, {Certified: "erp"}, {Scheme: "ISO"}, {Near: point(Here), RadiusKm: 1}, {Region: "west"}, {Countries: []string{"FR"}}, {Tags: []string{"x"}}, {HasOffice: &yes}, {Text: "the"},
			} {
				me.found(graph.KindPartner, filter, "beta", "me")
			}
			me.found(graph.KindPartner, graph.Filter{Statuses: []graph.PartnerStatus{graph.Pending, graph.Left}})
			for _, filter := range []graph.Filter{{Near: point(Here), RadiusKm: 1}, {Region: "west"}, {Countries: []string{"FR"}}, {Tags: []string{"x"}}} {
				me.found(graph.KindOffice, filter, "beta", "me")
			}
		}},
	}
}

// joined makes an id of a name.
func joined(name string) string {
	return string(slices.DeleteFunc([]rune(name), func(r rune) bool { return r == ' ' }))
}
