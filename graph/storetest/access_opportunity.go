package storetest

import (
	"fmt"

	"valueweb/graph"
)

// audiences are audiences by name, and whether they are "me" in the world of addressee.
var audiences = map[string]struct {
	audience graph.Audience
	is       bool
}{
	"all":                      {graph.Audience{Kind: graph.AudienceAll}, true},
	"nobody":                   {graph.Audience{}, false},
	"named":                    {graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"beta", "me"}}, true},
	"others-named":             {graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"beta"}}, false},
	"nobody-named":             {graph.Audience{Kind: graph.AudienceNamed}, false},
	"filter-of-nothing":        {filtered(func(*graph.Audience) {}), true},
	"held":                     {filtered(func(a *graph.Audience) { a.Competencies = []string{"gl"} }), true},
	"held-narrower":            {filtered(func(a *graph.Audience) { a.Competencies = []string{"it"} }), true},
	"held-broader":             {filtered(func(a *graph.Audience) { a.Competencies = []string{"ap"} }), false},
	"held-without-office":      {filtered(func(a *graph.Audience) { a.Competencies = []string{"law"} }), true},
	"held-at-a-retired-office": {filtered(func(a *graph.Audience) { a.Competencies = []string{"hr"} }), true},
	"held-one-of-two":          {filtered(func(a *graph.Audience) { a.Competencies = []string{"iot", "erp"} }), true},
	"held-until-yesterday":     {filtered(func(a *graph.Audience) { a.Competencies = []string{"iot"} }), false},
	"held-from-tomorrow":       {filtered(func(a *graph.Audience) { a.Competencies = []string{"crm"} }), false},
	"held-and-retired":         {filtered(func(a *graph.Audience) { a.Competencies = []string{"web"} }), false},
	"certified-alone":          {filtered(func(a *graph.Audience) { a.Competencies = []string{"iso"} }), false},
	"region":                   {filtered(func(a *graph.Audience) { a.Region = "dach" }), true},
	"region-around":            {filtered(func(a *graph.Audience) { a.Region = "world" }), true},
	"region-within":            {filtered(func(a *graph.Audience) { a.Region = "alps" }), false},
	"region-of-retired-office": {filtered(func(a *graph.Audience) { a.Region = "west" }), false},
	"country":                  {filtered(func(a *graph.Audience) { a.Countries = []string{"US", "DE"} }), true},
	"other-country":            {filtered(func(a *graph.Audience) { a.Countries = []string{"US"} }), false},
	"country-of-retired":       {filtered(func(a *graph.Audience) { a.Countries = []string{"FR"} }), false},
	"tag":                      {filtered(func(a *graph.Audience) { a.Tags = []string{"x"} }), true},
	"all-tags":                 {filtered(func(a *graph.Audience) { a.Tags = []string{"y", "x"} }), true},
	"one-tag-of-two":           {filtered(func(a *graph.Audience) { a.Tags = []string{"x", "z"} }), false},
	"kind":                     {filtered(func(a *graph.Audience) { a.Kinds = []graph.PartnerKind{graph.Vendor, graph.ISV} }), true},
	"other-kind":               {filtered(func(a *graph.Audience) { a.Kinds = []graph.PartnerKind{graph.Vendor} }), false},
	"tier-any":                 {filtered(func(a *graph.Audience) { a.MinTier = "REGISTERED" }), true},
	"tier-lower":               {filtered(func(a *graph.Audience) { a.MinTier = "SILVER" }), true},
	"tier":                     {filtered(func(a *graph.Audience) { a.MinTier = "GOLD" }), true},
	"tier-higher":              {filtered(func(a *graph.Audience) { a.MinTier = "PLATINUM" }), false},
	"near":                     {filtered(func(a *graph.Audience) { a.Near, a.RadiusKm = new(North(30)), 31 }), true},
	"exactly-as-near":          {filtered(func(a *graph.Audience) { a.Near, a.RadiusKm = new(North(30)), graph.Kilometres(Here, North(30)) }), true},
	"not-near":                 {filtered(func(a *graph.Audience) { a.Near, a.RadiusKm = new(North(30)), below(graph.Kilometres(Here, North(30))) }), false},
	"near-retired-office":      {filtered(func(a *graph.Audience) { a.Near, a.RadiusKm = new(Far), 10 }), false},
	"point-without-distance":   {filtered(func(a *graph.Audience) { a.Near = new(Far) }), true},
	"all-that-is-stated": {filtered(func(a *graph.Audience) {
		a.Competencies, a.Region, a.Countries, a.Tags = []string{"erp"}, "dach", []string{"DE"}, []string{"x"}
		a.Kinds, a.MinTier, a.Near, a.RadiusKm = []graph.PartnerKind{graph.ISV}, "GOLD", new(Here), 1
	}), true},
	"one-thing-not": {filtered(func(a *graph.Audience) {
		a.Competencies, a.Region, a.Countries, a.Tags = []string{"erp"}, "dach", []string{"DE"}, []string{"z"}
	}), false},
	"region-and-country-apart": {filtered(func(a *graph.Audience) { a.Region, a.Countries = "dach", []string{"IT"} }), true}, // by two offices
}

// filtered is an audience by a filter.
func filtered(state func(*graph.Audience)) graph.Audience {
	a := graph.Audience{Kind: graph.AudienceFilter}
	state(&a)
	return a
}

// addressee is a world with "me", a golden ISV with two offices, of whom audiences ask.
func addressee(w *World) {
	day := today()
	w.Competency("it").Competency("erp", "it").Competency("gl", "erp").Competency("ap", "gl")
	for _, id := range []string{"iot", "crm", "web", "law", "hr", "iso"} {
		w.Competency(id)
	}
	w.Region("world").Region("west", "FR").Add(&graph.Region{Meta: graph.Meta{ID: "dach"}, Name: "DACH", Countries: []string{"DE"}, Parent: "world"}, &graph.Region{Meta: graph.Meta{ID: "alps"}, Name: "Alps", Countries: []string{"CH"}, Parent: "dach"})
	w.Partner("beta").Office("beta", Far, graph.Office{Country: "US"}).Partner("me", graph.Partner{PartnerKind: graph.ISV, Tier: "GOLD", Tags: []string{"x", "y"}})
	w.Office("berlin", Here, graph.Office{Country: "DE"}).Office("rome", North(-1000), graph.Office{Country: "IT"}).Office("closed", Far, graph.Office{Meta: graph.Meta{RetiredOn: day}, Country: "FR"})
	w.Holds("gl", graph.Holding{Office: "berlin", Until: day}).Holds("law").Holds("hr", graph.Holding{Office: "closed"}).Holds("iot", graph.Holding{Until: day - 1}).Holds("crm", graph.Holding{Since: day + 1}).Holds("web", graph.Holding{Meta: graph.Meta{RetiredOn: day}}).Certified("iso")
}

// sharing is a world in which beta shares opportunities with "me" in a partnership, one for each need.
func sharing(w *World, as graph.Partnership) {
	w.Competency("it").Competency("erp", "it").Competency("gl", "erp").Competency("iot").Partner("me").Partner("beta")
	as.ID = "pact"
	w.With("me", as)
	for id, segment := range map[string]string{"city": "PUBLIC", "shop": ""} {
		w.Buyer(id, graph.Customer{Segment: segment}, Here)
		for _, need := range []string{"erp", "gl", "iot"} {
			w.Opportunity(id+"/"+need, graph.Opportunity{Owner: "beta", Customer: id, Needs: needs(need, 1), SharedIn: []string{"pact"}})
		}
		w.Opportunity(id+"/none", graph.Opportunity{Owner: "beta", Site: id + "-1", SharedIn: []string{"pact"}})
	}
	w.Opportunity("free", graph.Opportunity{Owner: "beta", Needs: needs("erp", 1), SharedIn: []string{"pact"}}).Opportunity("unshared", graph.Opportunity{Owner: "beta", Customer: "shop"})
	w.About("me")
}

var sharedAtShop = []string{"free", "shop/erp", "shop/gl", "shop/iot", "shop/none"}

func opportunityAccessCases() []testCase {
	return []testCase{
		{"An opportunity is read by its owner, its lead and its members", func(w *World) {
			w.Partner("me").Partner("beta").Opportunity("own", graph.Opportunity{Owner: "me"}).Opportunity("lead", graph.Opportunity{Owner: "beta", Lead: "me"}).Opportunity("join", graph.Opportunity{Owner: "beta", Members: []string{"beta", "me"}})
			w.Opportunity("declined", graph.Opportunity{Owner: "beta", Declined: []string{"me"}}).Opportunity("else", graph.Opportunity{Owner: "beta"}).Opportunity("nobody's", graph.Opportunity{})
			w.asPartner("me").sees(graph.KindOpportunity, "join", "lead", "own")
			w.same("of beta", w.asPartner("me").relatedIDs(graph.PartnerOpportunities, "beta"), []string{"join", "lead"})
		}},
		{"An opportunity is read by whose audience it is", func(w *World) {
			addressee(w)
			var want []string
			for name, a := range audiences {
				w.Opportunity(name, graph.Opportunity{Owner: "beta", Audience: a.audience})
				if a.is {
					want = append(want, name)
				}
			}
			w.asPartner("me").sees(graph.KindOpportunity, want...)
		}},
		{"An audience at least of a tier is no partner that states none, but where it is the lowest", func(w *World) {
			w.Partner("me")
			for _, tier := range graph.Tiers {
				w.Opportunity(tier, graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceFilter, MinTier: tier}})
			}
			w.asPartner("me").sees(graph.KindOpportunity, "REGISTERED")
		}},
		{"An audience asks for nothing that a partner without an office has", func(w *World) {
			w.Region("world").Region("west", "FR").Partner("me").Partner("beta").Office("o", Here)
			for name, a := range map[string]graph.Audience{
				"region": {Region: "west"}, "empty-region": {Region: "world"}, "country": {Countries: []string{"FR"}}, "near": {Near: &Here, RadiusKm: graph.MaxRadiusKm}, "kind": {Kinds: []graph.PartnerKind{graph.OtherKind}}, "point": {Near: &Here},
			} {
				a.Kind = graph.AudienceFilter
				w.Opportunity(name, graph.Opportunity{Audience: a})
			}
			w.asPartner("me").sees(graph.KindOpportunity, "point")
			w.asPartner("beta").sees(graph.KindOpportunity, "near", "point") // whose office states no country
		}},
		{"No audience is a partner that is not active", func(w *World) {
			w.Partner("me", graph.Partner{Status: graph.Pending}).Opportunity("all", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceAll}}).Opportunity("named", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"me"}}}).Opportunity("filter", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceFilter}})
			w.Opportunity("own", graph.Opportunity{Owner: "me"}).Opportunity("invited", graph.Opportunity{}).Invited("i", "invited", graph.InvitationPending)
			w.asPartner("me").sees(graph.KindOpportunity, "invited", "own")
		}},
		{"An audience is a partner that is not discoverable, too", func(w *World) {
			w.Shy("me").Opportunity("all", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceAll}})
			w.asPartner("me").sees(graph.KindOpportunity, "all")
		}},
		{"An audience is no customer and no analyst", func(w *World) {
			w.Customer("city").Opportunity("all", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceAll}}).Opportunity("filter", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceFilter}})
			w.asCustomer("city").sees(graph.KindOpportunity)
			w.asAnalyst().sees(graph.KindOpportunity)
		}},
		{"An invitation opens an opportunity while it is pending or accepted", func(w *World) {
			w.Partner("me").Partner("beta")
			for _, state := range graph.InvitationStates {
				w.Opportunity(string(state), graph.Opportunity{Owner: "beta"}).About("me").Invited(string(state), string(state), state)
			}
			w.Opportunity("again", graph.Opportunity{Owner: "beta"}).Invited("again-1", "again", graph.InvitationDeclined).Invited("again-2", "again", graph.InvitationPending).Opportunity("other", graph.Opportunity{}).About("beta").Invited("other", "other", graph.InvitationPending)
			w.asPartner("me").sees(graph.KindOpportunity, "ACCEPTED", "PENDING", "again")
			w.asPartner("me").sees(graph.KindInvitation, "ACCEPTED", "PENDING", "again-1", "again-2")
		}},
		{"Invitations are read by whom they invite, and of an opportunity by its owner, lead and members", func(w *World) {
			w.Partner("beta").Partner("gamma").Shy("shy").Partner("me")
			for id, o := range map[string]graph.Opportunity{"own": {Owner: "me"}, "lead": {Owner: "beta", Lead: "me"}, "join": {Owner: "beta", Members: []string{"me"}}, "all": {Owner: "beta", Audience: graph.Audience{Kind: graph.AudienceAll}}, "else": {Owner: "beta"}} {
				w.Opportunity(id, o)
				for _, p := range []string{"gamma", "shy", "me"} {
					w.About(p).Invited(id+"-"+p, id, "EXPIRED")
				}
			}
			w.asPartner("me").sees(graph.KindInvitation, "all-me", "join-gamma", "join-me", "lead-gamma", "lead-me", "own-gamma", "own-me")
			w.same("of one", w.asPartner("me").relatedIDs(graph.OpportunityInvitations, "all"), []string{"all-me"})
			w.asPartner("gamma").sees(graph.KindInvitation, "all-gamma")
		}},
		{"A draft is read by its owner alone", func(w *World) {
			w.Customer("city", Here).Partner("beta").Partner("me").With("beta", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Collaboration: graph.HighCollaboration})
			w.Opportunity("beta's", graph.Opportunity{Stage: graph.Draft, Owner: "beta", Customer: "city", Lead: "me", Members: []string{"me"}, SharedIn: []string{"pact"}, Audience: graph.Audience{Kind: graph.AudienceAll}}).Invited("mine", "beta's", graph.InvitationPending)
			w.Opportunity("own", graph.Opportunity{Stage: graph.Draft, Owner: "me"}).Opportunity("customer's", graph.Opportunity{Stage: graph.Draft, Customer: "city", Lead: "me", Audience: graph.Audience{Kind: graph.AudienceAll}}).Opportunity("at-site", graph.Opportunity{Stage: graph.Draft, Site: "city-1"})
			w.asPartner("me").sees(graph.KindOpportunity, "own")
			w.asPartner("me").sees(graph.KindInvitation)
			w.asPartner("beta").sees(graph.KindOpportunity, "beta's")
			w.asCustomer("city").sees(graph.KindOpportunity, "at-site", "customer's")
			w.asAnalyst().sees(graph.KindOpportunity)
			w.Opportunity("beta's", graph.Opportunity{Owner: "beta", Customer: "city", Lead: "me"}).Save() // no draft any more
			w.asPartner("me").sees(graph.KindOpportunity, "beta's", "own")
			w.asCustomer("city").sees(graph.KindOpportunity, "at-site", "beta's", "customer's")
		}},
		{"An opportunity is read at any other stage, under any review", func(w *World) {
			var want []string
			w.Partner("me")
			for _, stage := range graph.Stages[1:] {
				want = append(want, string(stage))
				w.Opportunity(string(stage), graph.Opportunity{Stage: stage, Audience: graph.Audience{Kind: graph.AudienceAll}})
			}
			for _, review := range graph.Reviews {
				want = append(want, string(review))
				w.Opportunity(string(review), graph.Opportunity{Review: review, Audience: graph.Audience{Kind: graph.AudienceAll}})
			}
			w.asPartner("me").sees(graph.KindOpportunity, want...)
		}},
		{"What is shared in a partnership is read by its parties where it shares individual data and is in force", func(w *World) {
			w.Partner("me").Partner("beta").Partner("gamma")
			var want []string
			add := func(id string, as graph.Partnership, holds bool) {
				as.ID = id
				w.About("beta").With("me", as).Opportunity(id, graph.Opportunity{Owner: "beta", SharedIn: []string{id}})
				if holds {
					want = append(want, id)
				}
			}
			for _, level := range graph.Collaborations {
				add(string(level), graph.Partnership{Collaboration: level}, level == graph.HighCollaboration)
				for _, sharing := range graph.DataSharings {
					add(fmt.Sprint(level, "-", sharing), graph.Partnership{Collaboration: level, DataSharing: sharing}, sharing == graph.IndividualSharing)
				}
			}
			for _, p := range periods {
				from, to := p.days()
				add(joined(p.name), graph.Partnership{Collaboration: graph.HighCollaboration, StartsOn: from, EndsOn: to}, p.holds)
			}
			add("proposed", graph.Partnership{Collaboration: graph.HighCollaboration, Pending: []string{"beta"}}, false)
			add("retired", graph.Partnership{Meta: graph.Meta{RetiredOn: today()}, Collaboration: graph.HighCollaboration}, false)
			add("others", graph.Partnership{Parties: []string{"beta", "gamma"}, Collaboration: graph.HighCollaboration}, false)
			w.Opportunity("both", graph.Opportunity{Owner: "gamma", SharedIn: []string{"others", "HIGH"}}) // whoever shares it
			w.asPartner("me").sees(graph.KindOpportunity, append(want, "both")...)
			w.asPartner("gamma").sees(graph.KindOpportunity, "both", "others")
		}},
		{"What is shared is read without its customer, if need be", func(w *World) {
			sharing(w, graph.Partnership{Collaboration: graph.HighCollaboration})
			w.asPartner("me").sees(graph.KindOpportunity, append([]string{"city/erp", "city/gl", "city/iot", "city/none"}, sharedAtShop...)...)
			w.asPartner("me").sees(graph.KindCustomer)
		}},
		{"A wall within the partnership keeps out what is shared about a customer", func(w *World) {
			sharing(w, graph.Partnership{Collaboration: graph.HighCollaboration})
			w.Wall(graph.Wall{Customer: "city", Partnership: "pact"})
			w.asPartner("me").sees(graph.KindOpportunity, sharedAtShop...)
		}},
		{"A wall within the partnership with a competency keeps out what needs it or something narrower", func(w *World) {
			sharing(w, graph.Partnership{Collaboration: graph.HighCollaboration})
			w.Wall(graph.Wall{Segment: "PUBLIC", Competency: "erp", Partnership: "pact"})
			w.asPartner("me").sees(graph.KindOpportunity, append([]string{"city/iot", "city/none"}, sharedAtShop...)...)
		}},
		{"A wall within another partnership, of another party or that is retired keeps nothing out", func(w *World) {
			sharing(w, graph.Partnership{Collaboration: graph.HighCollaboration})
			w.With("beta", graph.Partnership{Meta: graph.Meta{ID: "other"}, Collaboration: graph.HighCollaboration}).Wall(graph.Wall{Customer: "city", Partnership: "other"}).Wall(graph.Wall{Meta: graph.Meta{ID: "old", RetiredOn: today()}, Customer: "city", Partnership: "pact"}).About("beta").Wall(graph.Wall{Customer: "city", Partnership: "pact"})
			w.asPartner("me").sees(graph.KindOpportunity, append([]string{"city/erp", "city/gl", "city/iot", "city/none"}, sharedAtShop...)...)
		}},
		{"What is shared in two partnerships is read through the one that no wall is in", func(w *World) {
			sharing(w, graph.Partnership{Collaboration: graph.HighCollaboration})
			w.With("beta", graph.Partnership{Meta: graph.Meta{ID: "other"}, Collaboration: graph.HighCollaboration}).Wall(graph.Wall{Customer: "city", Partnership: "pact"}).Opportunity("two", graph.Opportunity{Owner: "beta", Customer: "city", SharedIn: []string{"pact", "other"}})
			w.asPartner("me").sees(graph.KindOpportunity, append([]string{"two"}, sharedAtShop...)...)
		}},
		{"A wall outside of any partnership keeps out what is shared, too", func(w *World) {
			sharing(w, graph.Partnership{Collaboration: graph.HighCollaboration})
			w.Wall(graph.Wall{Customer: "city"})
			w.asPartner("me").sees(graph.KindOpportunity, sharedAtShop...)
		}},
		{"Who declined and whom an opportunity is addressed to is told to its owner alone", func(w *World) {
			audience := graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"lead", "member", "invited"}, Competencies: []string{"erp"}, Region: "west", Countries: []string{"FR"}, Tags: []string{"x"}, Kinds: []graph.PartnerKind{graph.ISV}, MinTier: "GOLD", Near: &Here, RadiusKm: 5}
			o := graph.Opportunity{Owner: "owner", Customer: "city", Lead: "lead", Members: []string{"member"}, Declined: []string{"refused"}, Audience: audience, Value: &graph.Money{Amount: "1", Currency: "EUR"}, Needs: needs("erp", 2), PostedOn: Today}
			w.Competency("erp").Region("west", "FR").Customer("city")
			for _, id := range []string{"owner", "lead", "member", "invited", "refused"} {
				w.Partner(id)
			}
			w.Opportunity("o", o).Save()
			for _, all := range []*World{w, w.asPartner("owner")} {
				got := told[*graph.Opportunity](all, "o")
				w.same(all.viewer.String(), []any{got.Declined, got.Audience}, []any{o.Declined, audience})
			}
			for _, some := range []*World{w.asPartner("lead"), w.asPartner("member"), w.asPartner("invited"), w.asCustomer("city")} {
				got := told[*graph.Opportunity](some, "o")
				w.same(some.viewer.String(), []any{len(got.Declined), got.Audience}, []any{0, graph.Audience{Kind: graph.AudienceNamed}})
				w.same(some.viewer.String()+": the rest", []any{got.Title, got.Owner, got.Customer, got.Lead, got.Members, got.Value, got.Needs, got.PostedOn}, []any{"The o", "owner", "city", "lead", []string{"member"}, o.Value, o.Needs, Today})
			}
			w.asPartner("refused").sees(graph.KindOpportunity)
			w.same("in the store it still stands", told[*graph.Opportunity](w, "o").Audience, audience)
		}},
		{"The customer of an opportunity that no partner owns is told whom it is addressed to and who declined", func(w *World) {
			w.Customer("city", Here).Customer("town").Partner("beta")
			audience := graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"beta"}}
			for id, o := range map[string]graph.Opportunity{"own": {Customer: "city"}, "at-site": {Site: "city-1"}, "beta's": {Customer: "city", Owner: "beta"}} {
				o.Audience, o.Declined = audience, []string{"beta"}
				got := told[*graph.Opportunity](w.Opportunity(id, o).asCustomer("city"), id)
				if id == "beta's" {
					w.same(id, []any{len(got.Declined), got.Audience}, []any{0, graph.Audience{Kind: graph.AudienceNamed}})
				} else {
					w.same(id, []any{got.Declined, got.Audience}, []any{[]string{"beta"}, audience})
				}
			}
			got := told[*graph.Opportunity](w.asPartner("beta"), "own")
			w.same("to whom it is addressed", []any{len(got.Declined), got.Audience}, []any{0, graph.Audience{Kind: graph.AudienceNamed}})
		}},
		{"Opportunities come page by page by the day of posting, those alone that are addressed", func(w *World) {
			w.Partner("me")
			var want []string
			for i := range 9 {
				id := fmt.Sprint("o", i)
				a := graph.Audience{Kind: []graph.AudienceKind{graph.AudienceAll, "", graph.AudienceNamed}[i%3]}
				if i%3 == 0 {
					want = append(want, id)
				}
				w.Opportunity(id, graph.Opportunity{Audience: a, PostedOn: Today.AddDays(i / 2)})
			}
			w.same("opportunities", w.asPartner("me").all(graph.KindOpportunity, graph.Filter{}, graph.Order{Field: graph.OrderByPosted}), want)
		}},
	}
}
