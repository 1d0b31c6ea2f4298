package storetest

import (
	"fmt"
	"slices"

	"valueweb/graph"
)

// asked is a question by a partner for itself.
func asked(by string, competencies ...string) graph.GapQuery {
	q := Ask(competencies...)
	q.Asker = by
	return q
}

// unasked is a question by nobody.
func unasked(competencies ...string) graph.GapQuery {
	q := Ask(competencies...)
	q.Nobody = true
	return q
}

// candidates adds partners Here that hold erp: "open", which is public, "shy" and "pending", and "left".
func candidates(w *World) *World {
	w.Competency("erp").Candidate("open", Here, "erp").Shy("shy").Office("shy-office", Here).Holds("erp")
	w.Partner("pending", graph.Partner{Status: graph.Pending}).Office("pending-office", Here).Holds("erp")
	return w.Partner("left", graph.Partner{Status: graph.Left}).Office("left-office", Here).Holds("erp").Partner("me").Customer("city", Here)
}

// closing is a referral that was won on a day, or one that is open.
func closing(r graph.Referral, won graph.Date) graph.Referral {
	r.Competency = "erp"
	if won != 0 {
		r.State, r.ClosedOn = graph.ReferralWon, won
	}
	return r
}

// track is the track of a candidate for erp, without the day of the last win where the viewer is not told it.
func (w *World) track(partner string) graph.TrackFacts {
	w.Helper()
	track := w.candidate(unasked("erp"), partner).Track
	if w.viewer.Confined() {
		track.LastWon = 0
	}
	return track
}

// untold is a track without the day of the last win.
func untold(track graph.TrackFacts) graph.TrackFacts {
	track.LastWon = 0
	return track
}

func gapAccessCases() []testCase {
	return []testCase{
		{"A hidden partner is no candidate, until it is kin", func(w *World) {
			candidates(w).asPartner("me").qualify(asked("me", "erp"), "open")
			w.asCustomer("city").qualify(unasked("erp"), "open")
			w.asAnalyst().qualify(unasked("erp"), "open", "shy")
			w.About("me").With("shy").asPartner("me").qualify(asked("me", "erp"), "open", "shy")
			w.asCustomer("city").qualify(unasked("erp"), "open")
		}},
		{"A hidden partner is no candidate remotely or anywhere, either", func(w *World) {
			w.Competency("erp").Partner("me").Shy("shy").Office("o", Far).Holds("erp", graph.Holding{Remote: true}).Candidate("open", Far, "erp", graph.Holding{Remote: true})
			q := asked("me", "erp")
			q.Remote = true
			w.asPartner("me").qualify(q, "open")
			q.Remote, q.Radii = false, []float64{anywhere}
			w.asPartner("me").qualify(q, "open")
		}},
		{"A hidden partner is not enough for a ring", func(w *World) {
			w.Competency("erp").Partner("me").Shy("a").Office("a", Here).Holds("erp").Shy("b").Office("b", Here).Holds("erp").Candidate("open", North(80), "erp")
			q := asked("me", "erp")
			q.Radii, q.Enough = rings, 1
			w.asPartner("me").qualify(q, "open")
			w.same("radius", w.asPartner("me").gap(q).RadiusKm, 100.0)
			w.same("radius of an operator", w.gap(q).RadiusKm, 50.0)
		}},
		{"A hidden partner is not left out, whichever test it fails", func(w *World) {
			none := 0
			w.Competency("erp").Partner("me").Customer("city", Here)
			good := graph.Partner{Undisclosed: true, PartnerKind: graph.ISV, Tier: "GOLD"}
			add := func(id string, at *graph.Point, level int, certified bool, change func(p *graph.Partner)) {
				p := good
				if change != nil {
					change(&p)
				}
				w.Partner(id, p).Holds("erp", graph.Holding{Level: level})
				if certified {
					w.Certified("erp")
				}
				if at != nil {
					w.Office(id, *at)
				}
			}
			add("kind", &Here, 3, true, func(p *graph.Partner) { p.PartnerKind = graph.Vendor })
			add("tier", &Here, 3, true, func(p *graph.Partner) { p.Tier = "" })
			add("status", &Here, 3, true, func(p *graph.Partner) { p.Status = graph.Pending })
			add("level", &Here, 1, true, nil)
			add("certificate", &Here, 3, false, nil)
			add("capacity", &Here, 3, true, func(p *graph.Partner) { p.Capacity = &none })
			add("office", nil, 3, true, nil)
			add("radius", &Far, 3, true, nil)
			add("declined", &Here, 3, true, nil)
			w.Opportunity("gap", graph.Opportunity{Customer: "city", Owner: "me", Needs: needs("erp", 3), Declined: []string{"declined"}})
			q := posted("gap")
			q.Asker, q.Kinds, q.MinTier, q.CertifiedOnly = "me", []graph.PartnerKind{graph.ISV}, "GOLD", true
			w.same("an operator's", w.shortfall(q).LeftOut, graph.LeftOut{Kind: 1, Tier: 1, Status: 1, Level: 1, Certification: 1, Capacity: 1, NoOffice: 1, Radius: 1, Declined: 1})
			w.same("left out", w.asPartner("me").shortfall(q).LeftOut, graph.LeftOut{})
			q = unasked("erp")
			q.Needs[0].MinLevel, q.Kinds, q.MinTier, q.CertifiedOnly = 3, []graph.PartnerKind{graph.ISV}, "GOLD", true
			w.same("of a customer's question", w.asCustomer("city").shortfall(q).LeftOut, graph.LeftOut{})
			w.same("of an analyst's", w.asAnalyst().shortfall(q).LeftOut, graph.LeftOut{Kind: 1, Tier: 1, Level: 1, Certification: 1, Capacity: 1, NoOffice: 1, Radius: 1})
		}},
		{"A partner that is not hidden is left out as an operator is told", func(w *World) {
			w.Competency("erp").Partner("me").Candidate("far", Far, "erp").Partner("nowhere").Holds("erp")
			w.same("left out", w.asPartner("me").shortfall(asked("me", "erp")).LeftOut, graph.LeftOut{Radius: 1, NoOffice: 1})
		}},
		{"A hidden partner is found by no variant of the question", func(w *World) {
			w.Competency("erp").Partner("me").Customer("city").Shy("shy").Office("shy", North(80)).Holds("erp", graph.Holding{Level: 1, Remote: true}).Candidate("open", North(90), "erp", graph.Holding{Level: 1, Remote: true})
			q := asked("me", "erp")
			q.Needs[0].MinLevel = 3
			wider, remote, all := asked("me", "erp"), asked("me", "erp"), asked("me", "erp")
			wider.Radii, wider.Enough, remote.Remote, all.Radii = rings[1:], 1, true, []float64{anywhere}
			want := func(n int) []graph.VariantFound {
				return []graph.VariantFound{{Count: n, RadiusKm: 100}, {Count: n, RadiusKm: 50}, {Count: n, RadiusKm: anywhere}}
			}
			w.same("an operator's", w.shortfall(q, wider, remote, all).Found, want(2))
			w.same("found", w.asPartner("me").shortfall(q, wider, remote, all).Found, want(1))
		}},
		{"Referrals of hidden partners count in no track; those of others that are not disclosed do", func(w *World) {
			candidates(w).About("shy").Sent("1", "open", closing(graph.Referral{}, Today-1)).Sent("2", "open", closing(graph.Referral{}, 0))
			w.About("left").Sent("3", "open", closing(graph.Referral{}, Today-5)).Sent("4", "open", closing(graph.Referral{}, 0)).About("left").Sent("5", "open", closing(graph.Referral{SentOn: Today - 500, State: graph.ReferralLost, ClosedOn: Today - 400}, 0))
			all := graph.TrackFacts{Won: 2, Closed: 3, LastWon: Today - 1, OpenReferrals: 2, Received: 4}
			some := graph.TrackFacts{Won: 1, Closed: 2, OpenReferrals: 1, Received: 2}
			w.same("to an operator", w.track("open"), all)
			w.same("to an analyst", w.asAnalyst().track("open"), untold(all))
			w.same("to a partner", w.asPartner("me").track("open"), some)
			w.same("to a customer", w.asCustomer("city").track("open"), some)
			w.asPartner("me").sees(graph.KindReferral)
			w.About("me").With("shy").Save()
			w.same("to kin", w.asPartner("me").track("open"), untold(all))
		}},
		{"Referrals behind a wall count in no track, for whom the wall keeps out alone", func(w *World) {
			candidates(w).Competency("gl", "erp").Customer("town").Partner("from").About("me").Wall(graph.Wall{Customer: "city"}).Wall(graph.Wall{Customer: "town", Competency: "gl"})
			w.About("from").Sent("1", "open", closing(graph.Referral{Customer: "city"}, Today-1)).Sent("2", "open", closing(graph.Referral{Customer: "city"}, 0)).Sent("3", "open", closing(graph.Referral{Customer: "town"}, Today-2)).Sent("4", "open", closing(graph.Referral{Customer: "town"}, 0))
			walled := closing(graph.Referral{Customer: "town"}, Today)
			walled.Competency = "gl"
			w.Sent("5", "open", walled)
			all := graph.TrackFacts{Won: 3, Closed: 3, LastWon: Today, OpenReferrals: 2, Received: 5}
			w.same("to an operator", w.track("open"), all)
			w.same("to whom it keeps out", w.asPartner("me").track("open"), graph.TrackFacts{Won: 1, Closed: 1, OpenReferrals: 1, Received: 2})
			w.same("to another partner", w.asPartner("from").track("open"), untold(all))
			w.same("to a customer", w.asCustomer("city").track("open"), untold(all))
			w.same("concealed", referralIDs(w.asPartner("me").access().Concealed), []string{"1", "2", "5"})
		}},
		{"Referrals behind a wall around a segment count in no track", func(w *World) {
			candidates(w).Buyer("school", graph.Customer{Segment: "PUBLIC"}).About("me").Wall(graph.Wall{Segment: "PUBLIC"}).Partner("from").Sent("1", "open", closing(graph.Referral{Customer: "school"}, Today-1)).Sent("2", "open", closing(graph.Referral{}, 0))
			w.same("track", w.asPartner("me").track("open"), graph.TrackFacts{OpenReferrals: 1, Received: 1})
		}},
		{"The last win of a track is not one that is hidden: it is that of what is left, or not told", func(w *World) {
			candidates(w).About("shy").Sent("1", "open", closing(graph.Referral{}, Today-1)).Partner("from").Sent("2", "open", closing(graph.Referral{Customer: "city"}, Today)).Sent("3", "open", closing(graph.Referral{}, Today-5)).About("me").Wall(graph.Wall{Customer: "city"})
			w.Opportunity("hidden", graph.Opportunity{Lead: "open", Needs: needs("erp", 1), Stage: graph.Launched, ClosedOn: Today - 2})
			w.same("to an operator", w.candidate(unasked("erp"), "open").Track.LastWon, Today)
			if last := w.asPartner("me").candidate(unasked("erp"), "open").Track.LastWon; last != 0 && last != Today-5 {
				w.Errorf("the last win is that of a hidden engagement, %s", last)
			}
		}},
		{"Of many referrals those that are hidden count in no track, once each, whatever day is asked about", func(w *World) {
			candidates(w).About("me").Wall(graph.Wall{Customer: "city"}).Partner("from")
			for i := range 120 {
				r := graph.Referral{SentOn: Today.AddDays(-i)}
				won := graph.Date(0)
				if i%2 == 0 {
					won = r.SentOn
				}
				if i%3 == 0 {
					r.Customer = "city" // behind the wall
				}
				w.About([]string{"from", "shy"}[i/2%2]).Sent(fmt.Sprint("r", i), "open", closing(r, won))
			}
			for _, asOf := range []graph.Date{Today, Today - 30, Today - 100, Today + 40} {
				var all, some, city graph.TrackFacts
				for i := range 120 {
					sent := Today.AddDays(-i)
					add := func(t *graph.TrackFacts) {
						from, to := graph.FairPeriod(asOf)
						switch {
						case sent > asOf:
							return
						case i%2 == 0:
							t.Won, t.Closed = t.Won+1, t.Closed+1
						default:
							t.OpenReferrals++
						}
						if from < sent && sent <= to {
							t.Received++
						}
					}
					add(&all)
					if i/2%2 == 0 {
						add(&city)
						if i%3 != 0 {
							add(&some)
						}
					}
				}
				q := unasked("erp")
				q.AsOf = asOf
				for viewer, want := range map[*World]graph.TrackFacts{w: all, w.asAnalyst(): all, w.asCustomer("city"): city, w.asPartner("me"): some} {
					w.same(fmt.Sprint(asOf, " ", viewer.viewer), untold(viewer.candidate(q, "open").Track), want)
				}
			}
		}},
		{"Opportunities that are not addressed to a partner or a customer count in no track, to an analyst they do", func(w *World) {
			candidates(w)
			lost := graph.Opportunity{Lead: "open", Needs: needs("erp", 1), Stage: graph.Lost, ClosedOn: Today - 3}
			won := graph.Opportunity{Lead: "open", Needs: needs("erp", 1), Stage: graph.Launched, ClosedOn: Today - 2}
			w.Opportunity("h1", lost).Opportunity("h2", won).Opportunity("h3", graph.Opportunity{Lead: "open"}).Opportunity("h4", graph.Opportunity{Members: []string{"open"}})
			won.ClosedOn = Today - 9
			for id, o := range map[string]graph.Opportunity{"1": won, "2": {Lead: "open"}} {
				o.Audience.Kind = graph.AudienceAll
				w.Opportunity("all"+id, o)
				o.Audience.Kind, o.Customer = "", "city"
				w.Opportunity("city"+id, o)
			}
			all := graph.TrackFacts{Won: 3, Closed: 4, LastWon: Today - 2, OpenOpportunities: 4}
			w.same("to an operator", w.track("open"), all)
			w.same("to an analyst", w.asAnalyst().track("open"), untold(all))
			some := graph.TrackFacts{Won: 1, Closed: 1, OpenOpportunities: 1}
			w.same("to a partner", w.asPartner("me").track("open"), some)
			w.same("to a customer", w.asCustomer("city").track("open"), some)
		}},
		{"A hidden engagement takes no capacity: who is full with it is told as ready", func(w *World) {
			one := 1
			w.Competency("erp").Partner("me").Partner("busy", graph.Partner{Capacity: &one}).Office("o", Here).Holds("erp").Opportunity("hidden", graph.Opportunity{Lead: "busy"})
			w.same("to an operator", w.track("busy").Open(), 1)
			w.same("to a partner", w.asPartner("me").track("busy").Open(), 0)
			w.asPartner("me").qualify(asked("me", "erp"), "busy")
		}},
		{"An opportunity supplies no asker where there is to be nobody", func(w *World) {
			candidates(w).Candidate("owner", Here, "erp").Opportunity("gap", graph.Opportunity{Customer: "city", Owner: "owner", Needs: needs("erp", 1)})
			q := posted("gap")
			w.same("asker", w.gap(q).Asker, "owner")
			q.Nobody = true
			for _, viewer := range []*World{w, w.asCustomer("city")} {
				facts := viewer.gap(q)
				w.same("asker", facts.Asker, "")
				w.same("its state", facts.AskerState, graph.PartnerStatus(""))
			}
			w.asCustomer("city").qualify(q, "open", "owner")
		}},
		{"A partner asks for itself, where an opportunity would supply another asker, too", func(w *World) {
			candidates(w).Candidate("owner", Here, "erp").Opportunity("gap", graph.Opportunity{Owner: "owner", Point: &Here, Needs: needs("erp", 1), Audience: graph.Audience{Kind: graph.AudienceAll}})
			q := posted("gap")
			q.Asker = "me"
			w.same("asker", w.asPartner("me").gap(q).Asker, "me")
			w.asPartner("me").qualify(q, "open", "owner")
		}},
		{"An asker that may not be read is not found; one that may be is", func(w *World) {
			candidates(w)
			for _, id := range []string{"pending", "left", "none"} {
				w.asAnalyst().gapRefused(asked(id, "erp"), graph.CodeNotFound, "gap.asker")
			}
			for _, id := range []string{"open", "shy"} {
				w.same("asker", w.asAnalyst().gap(asked(id, "erp")).Asker, id)
			}
		}},
		{"All walls decide who is eligible, whoever asks", func(w *World) {
			candidates(w).Candidate("walled", Here, "erp").Wall(graph.Wall{Customer: "city"}).About("me").Serves("city")
			q := at(graph.Place{Customer: "city"})
			q.Nobody = true
			for _, viewer := range []*World{w.asPartner("me"), w.asCustomer("city")} {
				viewer.qualify(q, "open")
				w.same("blocked", viewer.gap(q).Blocked, []string{"walled"})
			}
		}},
		{"The walls of a customer that may not be read count for an opportunity of it that may be", func(w *World) {
			candidates(w).Candidate("walled", Here, "erp").Wall(graph.Wall{Customer: "city"}).Opportunity("gap", graph.Opportunity{Customer: "city", Needs: needs("erp", 1), Audience: graph.Audience{Kind: graph.AudienceAll}})
			q := posted("gap")
			q.Asker = "me"
			w.asPartner("me").sees(graph.KindCustomer)
			w.asPartner("me").qualify(q, "open")
		}},
		{"A place that is hidden is not found, by whatever name", func(w *World) {
			candidates(w).Opportunity("gap", graph.Opportunity{Customer: "city", Owner: "me", Needs: needs("erp", 1)}).About("me").Serves("city").Wall(graph.Wall{Customer: "city"})
			for field, place := range map[string]graph.Place{"customer": {Customer: "city"}, "site": {Site: "city-1"}, "opportunity": {Opportunity: "gap"}} {
				q := asked("me", "erp")
				q.Place = place
				w.asPartner("me").gapRefused(q, graph.CodeNotFound, "gap.place."+field)
				_, err := w.GapShortfall(w.Context(), w.asPartner("me").viewer, q, nil)
				w.refused(err, graph.CodeNotFound, "gap.place."+field)
				_, err = w.List(w.Context(), w.asPartner("me").viewer, graph.ListQuery{Kind: graph.KindPartner, Filter: graph.Filter{Near: &place, AsOf: Today}, Order: byID, Page: graph.PageQuery{First: 1}})
				w.refused(err, graph.CodeNotFound, "filter.near."+field)
			}
			q := asked("me", "erp")
			q.Place = graph.Place{Customer: "city", Site: "city-1"}
			w.asPartner("me").gapRefused(q, graph.CodeNotFound, "gap.place.customer")
		}},
		{"A site of a customer that may not be read is as one that never was, beside a customer that may be", func(w *World) {
			candidates(w).Customer("town", Here).About("me").Serves("city")
			for _, site := range []string{"town-1", "none"} {
				q := asked("me", "erp")
				q.Place = graph.Place{Customer: "city", Site: site}
				w.asPartner("me").gapRefused(q, graph.CodeNotFound, "gap.place.site")
			}
		}},
		{"An answer says what its viewer may see, at its moment", func(w *World) {
			candidates(w).Partner("from").Sent("r", "open", graph.Referral{Customer: "city"}).About("me").Wall(graph.Wall{Customer: "city"}).With("pending")
			for _, viewer := range []*World{w.asPartner("me"), w.asCustomer("city"), w.asAnalyst()} {
				said, access := viewer.gap(unasked("erp")).Access, viewer.access()
				w.same("viewer", said.Viewer, viewer.viewer)
				w.same("hidden", keys(said.Hidden), keys(access.Hidden))
				w.same("kin", keys(said.Kin), keys(access.Kin))
				w.same("concealed", referralIDs(said.Concealed), referralIDs(access.Concealed))
			}
			access := w.asPartner("me").access()
			w.same("hidden", keys(access.Hidden), []string{"shy"})
			w.same("kin", keys(access.Kin), []string{"pending"})
			w.same("concealed", referralIDs(access.Concealed), []string{"r"})
			r := access.Concealed[slices.IndexFunc(access.Concealed, func(r *graph.Referral) bool { return r.ID == "r" })]
			w.same("its ends and days", []any{r.From, r.To, r.Timeline()}, []any{"from", "open", graph.ReferralTimeline{State: graph.ReferralActive, SentOn: Today}})
		}},
		{"The facts of a candidate are the same to whoever may read it", func(w *World) {
			candidates(w).About("open").Certified("erp", graph.Certification{Scheme: "ISO"})
			want := w.candidate(unasked("erp"), "open")
			for _, viewer := range []*World{w.asPartner("me"), w.asCustomer("city"), w.asAnalyst()} {
				w.same(viewer.viewer.String(), viewer.candidate(unasked("erp"), "open"), want)
			}
		}},
	}
}
