package resolvers

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"valueweb/graph"
)

// A dependent needs a node: while it does, the node is not retired.
type dependent struct {
	mutation, id string // what is to be retired
	node         graph.Node
	ended        graph.Node // as it is when it needs nothing any more
}

func dependents() []dependent {
	past, m := graph.NewDate(2026, 1, 1), func(id string) graph.Meta { return graph.Meta{ID: id} }
	over := func(id string) graph.Meta { return graph.Meta{ID: id, RetiredOn: past} }
	open := func(change func(*graph.Opportunity)) *graph.Opportunity {
		o := &graph.Opportunity{Meta: m("needs"), Title: "Open", Stage: graph.Qualified, Audience: graph.Audience{Kind: graph.AudienceAll}}
		change(o)
		return o
	}
	lost := func(change func(*graph.Opportunity)) *graph.Opportunity {
		o := open(change)
		o.Stage, o.ClosedOn = graph.Lost, past
		return o
	}
	var all []dependent
	both := func(mutation, id string, node, ended graph.Node) {
		all = append(all, dependent{mutation, id, node, ended})
	}
	opportunity := func(mutation, id string, change func(*graph.Opportunity)) {
		both(mutation, id, open(change), lost(change))
	}
	both("retireCompetency", "spare", &graph.Holding{Meta: m("needs"), Partner: "p000", Competency: "spare"}, &graph.Holding{Meta: m("needs"), Partner: "p000", Competency: "spare", Until: past})
	both("retireCompetency", "spare", &graph.Certification{Meta: m("needs"), Partner: "p000", Competency: "spare"}, &graph.Certification{Meta: over("needs"), Partner: "p000", Competency: "spare"})
	both("retireCompetency", "spare", &graph.Competency{Meta: m("needs"), Name: "Narrower", Broader: []string{"spare"}}, &graph.Competency{Meta: over("needs"), Name: "Narrower", Broader: []string{"spare"}})
	both("retireCompetency", "spare", &graph.Solution{Meta: m("needs"), Name: "Kit", Competencies: []string{"spare"}}, &graph.Solution{Meta: over("needs"), Name: "Kit", Competencies: []string{"spare"}})
	opportunity("retireCompetency", "spare", func(o *graph.Opportunity) { o.Needs = []graph.Need{{Competency: "spare", MinLevel: 1}} })
	both("retireRegion", "spare", &graph.Region{Meta: m("needs"), Name: "Part", Parent: "spare"}, &graph.Region{Meta: over("needs"), Name: "Part", Parent: "spare"})
	both("retireRegion", "spare", &graph.Contact{Meta: m("needs"), Name: "C", Partner: "p000", Territories: []string{"spare"}}, &graph.Contact{Meta: over("needs"), Name: "C", Partner: "p000", Territories: []string{"spare"}})
	opportunity("retireRegion", "spare", func(o *graph.Opportunity) {
		o.Audience = graph.Audience{Kind: graph.AudienceFilter, Region: "spare"}
	})
	both("retireOffice", "spare", &graph.Holding{Meta: m("needs"), Partner: "p000", Competency: "it", Office: "spare"}, &graph.Holding{Meta: m("needs"), Partner: "p000", Competency: "it", Office: "spare", Until: past})
	both("retireOffice", "spare", &graph.Certification{Meta: m("needs"), Partner: "p000", Competency: "it", Office: "spare"}, &graph.Certification{Meta: m("needs"), Partner: "p000", Competency: "it", Office: "spare", ExpiresOn: past})
	both("retireOffice", "spare", &graph.Contact{Meta: m("needs"), Name: "C", Partner: "p000", Office: "spare"}, &graph.Contact{Meta: over("needs"), Name: "C", Partner: "p000", Office: "spare"})
	opportunity("retireCustomer", "spare", func(o *graph.Opportunity) { o.Customer = "spare" })
	opportunity("retireCustomer", "spare", func(o *graph.Opportunity) { o.Site = "spare-site" })
	referral := graph.Referral{Meta: m("needs"), From: "p000", To: "p000-unit", Customer: "spare", State: graph.ReferralActive, SentOn: past}
	closed := referral
	closed.State, closed.ClosedOn = graph.ReferralWon, past
	both("retireCustomer", "spare", &referral, &closed)
	opportunity("retireSite", "spare-site", func(o *graph.Opportunity) { o.Site = "spare-site" })
	alliance := graph.Partnership{Meta: m("needs"), Parties: []string{"p000", "p000-unit"}, Collaboration: graph.LowCollaboration, Sites: []string{"spare-site"}}
	ended := alliance
	ended.EndsOn = past
	both("retireSite", "spare-site", &alliance, &ended)
	both("retireSolution", "spare", &graph.Solution{Meta: m("needs"), Name: "Kit", BuildsOn: []string{"spare"}}, &graph.Solution{Meta: over("needs"), Name: "Kit", BuildsOn: []string{"spare"}})
	opportunity("retirePartner", "spare", func(o *graph.Opportunity) { o.Owner = "spare" })
	opportunity("retirePartner", "spare", func(o *graph.Opportunity) { o.Lead = "spare" })
	both("retirePartner", "spare", &graph.Partner{Meta: m("needs"), Name: "Unit", Status: graph.Active, PartOf: "spare"}, &graph.Partner{Meta: m("needs"), Name: "Unit", Status: graph.Left, PartOf: "spare"})
	both("retireContact", "spare", &graph.Partner{Meta: m("needs"), Name: "Unit", Status: graph.Active, ChannelManager: "spare"}, &graph.Partner{Meta: m("needs"), Name: "Unit", Status: graph.Left, ChannelManager: "spare"})
	return all
}

// spares are what is retired, each under the id spare.
func spares() []graph.Node {
	m := graph.Meta{ID: "spare"}
	return []graph.Node{
		&graph.Competency{Meta: m, Name: "Spare"}, &graph.Region{Meta: m, Name: "Spare"}, &graph.Office{Meta: m, Partner: "p000"}, &graph.Customer{Meta: m, Name: "Spare"},
		&graph.Site{Meta: graph.Meta{ID: "spare-site"}, Customer: "spare"}, &graph.Solution{Meta: m, Name: "Spare"}, &graph.Partner{Meta: m, Name: "Spare", Status: graph.Active},
		&graph.Contact{Meta: m, Partner: "p000", Name: "Spare"},
	}
}

func TestWhatOthersStillNeedIsNotRetired(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.bring(t, spares()...)
		f.store.undo = true
		for _, d := range dependents() {
			name := fmt.Sprintf("%s for %s", d.mutation, d.node.GID())
			seq := f.last(t).Seq
			f.store.around = func(ctx context.Context, tx graph.Tx) error {
				_, err := tx.Put(ctx, []graph.Node{d.node})
				return err
			}
			refused := f.refuse(t, graph.CodeInUse, "input.id", d.mutation, fmt.Sprintf("{id: %q}", d.id))
			if !reflect.DeepEqual(refused["referrers"], []any{d.node.GID()}) {
				t.Errorf("%s: the referrers are %v", name, refused["referrers"])
			}
			f.store.around = func(ctx context.Context, tx graph.Tx) error {
				_, err := tx.Put(ctx, []graph.Node{d.ended})
				return err
			}
			f.change(t, d.mutation, fmt.Sprintf("{id: %q}", d.id), "")
			if f.last(t).Seq != seq {
				t.Fatal("something was kept")
			}
		}
	})
}

func TestOfWhatNeedsANodeTwentyAreNamedAndAllAreCounted(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.bring(t, spares()...)
		var many []graph.Node
		var want []any
		for i := range 25 {
			c := &graph.Contact{Meta: graph.Meta{ID: fmt.Sprintf("at-%02d", i)}, Partner: "p000", Name: "C", Office: "spare"}
			many = append(many, c)
			if want = append(want, c.GID()); len(want) > 20 {
				want = want[:20]
			}
		}
		f.bring(t, many...)
		a := f.post(t, `mutation { retireOffice(input: {id: "spare"}) { seq } }`, nil)
		if len(a.Errors) != 1 || !reflect.DeepEqual(a.Errors[0].Extensions["referrers"], want) || !strings.Contains(a.Errors[0].Message, "25") {
			t.Errorf("the refusal is %+v", a)
		}
	})
}

// What is hidden from whoever retires keeps nothing in use: it could otherwise be told from what does not exist.
func TestWhatIsHiddenKeepsNothingInUse(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.bring(t, spares()...)
		f.bring(t,
			&graph.CustomerPartner{Meta: graph.Meta{ID: "spare-p000"}, Customer: "spare", Partner: "p000", Role: graph.CustomerOwner},
			&graph.Opportunity{Meta: graph.Meta{ID: "elsewhere"}, Title: "Hidden", Customer: "spare", Owner: "p001", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"p001"}}},
			&graph.Opportunity{Meta: graph.Meta{ID: "here"}, Title: "Known", Customer: "spare", Owner: "p000", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"p001"}}},
		)
		all := f.refuse(t, graph.CodeInUse, "input.id", "retireCustomer", `{id: "spare"}`)
		if !reflect.DeepEqual(all["referrers"], []any{"Opportunity:elsewhere", "Opportunity:here"}) {
			t.Errorf("an operator is told of %v", all["referrers"])
		}
		f.viewer = asPartner("p000")
		if own := f.refuse(t, graph.CodeInUse, "input.id", "retireCustomer", `{id: "spare"}`); !reflect.DeepEqual(own["referrers"], []any{"Opportunity:here"}) {
			t.Errorf("the owner is told of %v", own["referrers"])
		}
		f.bring(t, &graph.Opportunity{Meta: graph.Meta{ID: "here"}, Title: "Known", Customer: "spare", Owner: "p000", Stage: graph.Lost, Audience: graph.Audience{Kind: graph.AudienceNamed}})
		f.change(t, "retireCustomer", `{id: "spare"}`, "")
	})
}

func TestWhoMakesACustomerOwnsIt(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.viewer = asPartner("p001")
		made := f.change(t, "createCustomer", `{name: "Bakery", clientToken: "1"}`, "customer { id partners { nodes { partner { id } role since } } }")
		customer := made["customer"].(map[string]any)
		id := customer["id"].(string)
		if want := map[string]any{"nodes": []any{map[string]any{"partner": named("p001"), "role": "OWNER", "since": "2026-11-22"}}}; !reflect.DeepEqual(customer["partners"], want) {
			t.Errorf("it is owned by %v", customer["partners"])
		}
		row := graph.NaturalID([]string{id, "p001", "OWNER", "2026-11-22"})
		f.told(t, "customerPartner.created", "CustomerPartner:"+row, 1, "customer", "partner", "role", "since")
		events, err := f.store.Events(t.Context(), graph.Operator, f.last(t).Seq-2, 1)
		if err != nil || len(events) != 1 || events[0].Type != "customer.created" || !slices.Equal(events[0].Changes, []string{"Customer:" + id}) || events[0].Actor != "PARTNER:p001" {
			t.Errorf("the event before is %+v, %v", events, err)
		}
		if again := f.change(t, "createCustomer", `{name: "Bakery", clientToken: "1"}`, "customer { id }"); again["seq"] != made["seq"] || !reflect.DeepEqual(again["customer"], named(id)) {
			t.Errorf("by the same token once more it is %v", again)
		}
		site := f.change(t, "createSite", fmt.Sprintf(`{customer: %q, location: {lat: 1, lng: 2}}`, id), "site { id customer { id } }")["site"].(map[string]any)
		f.change(t, "createContact", fmt.Sprintf(`{customer: %q, name: "Bo"}`, id), "contact { id }")
		f.viewer = asPartner("p000")
		f.refuse(t, graph.CodeNotFound, "input.id", "updateCustomer", fmt.Sprintf(`{id: %q, name: "Mine"}`, id))
		f.refuse(t, graph.CodeNotFound, "input.id", "retireSite", fmt.Sprintf(`{id: %q}`, site["id"]))
		// The token of another organisation is another one.
		if other := f.change(t, "createCustomer", `{name: "Bakery", clientToken: "1"}`, "customer { id }"); reflect.DeepEqual(other["customer"], named(id)) {
			t.Error("the token of another organisation answers what it has made")
		}
	})
}

func TestWhatIsRetiredIsNotNamedAnew(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.bring(t, spares()...)
		for _, mutation := range []string{"retireCompetency", "retireRegion", "retireOffice", "retireSolution", "retireContact", "retirePartner", "retireCustomer"} {
			f.change(t, mutation, `{id: "spare"}`, "")
		}
		f.refuse(t, graph.CodeValidation, "input.competency", "createHolding", `{partner: "p000", competency: "spare"}`)
		f.refuse(t, graph.CodeValidation, "input.office", "createCertification", `{partner: "p000", competency: "it", office: "spare"}`)
		f.refuse(t, graph.CodeValidation, "input.parent", "updateRegion", `{id: "dach", parent: "spare"}`)
		f.refuse(t, graph.CodeValidation, "input.buildsOn", "updateSolution", `{id: "p000-suite", buildsOn: ["p000-solution", "spare"]}`)
		f.refuse(t, graph.CodeValidation, "input.channelManager", "updatePartner", `{id: "p000", channelManager: "spare"}`)
		f.refuse(t, graph.CodeValidation, "input.partner", "createOffice", `{partner: "spare", location: {lat: 1, lng: 1}}`)
		f.refuse(t, graph.CodeValidation, "input.customer", "createSite", `{customer: "spare", location: {lat: 1, lng: 1}}`)
		f.refuse(t, graph.CodeValidation, "input.customer", "createWall", `{partner: "p000", customer: "spare"}`)
	})
}

func TestWhatIsWrongWithAnInputIsSaidOfItsField(t *testing.T) {
	long := fmt.Sprintf("%q", strings.Repeat("x", graph.MaxName+1))
	longer := fmt.Sprintf("%q", strings.Repeat("x", graph.MaxDescription+1))
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		for _, wrong := range []struct {
			mutation, input string
			code            graph.Code
			field           string
		}{
			{"createPartner", `{name: ` + long + `}`, graph.CodeValidation, "input.name"},
			{"createPartner", `{name: " "}`, graph.CodeValidation, "input.name"},
			{"createPartner", `{id: "a b", name: "X"}`, graph.CodeValidation, "input.id"},
			{"createPartner", `{id: "a;b", name: "X"}`, graph.CodeValidation, "input.id"},
			{"createPartner", `{id: ` + long + `, name: "X"}`, graph.CodeValidation, "input.id"},
			{"createPartner", `{id: "p000", name: "X"}`, graph.CodeValidation, "input.id"},
			{"createPartner", `{name: "X", tier: "BRONZE"}`, graph.CodeValidation, "input.tier"},
			{"createPartner", `{name: "X", website: "example"}`, graph.CodeValidation, "input.website"},
			{"createPartner", `{name: "X", employees: -1}`, graph.CodeValidation, "input.employees"},
			{"createPartner", `{name: "X", status: LEFT}`, graph.CodeValidation, "input.status"},
			{"createPartner", `{name: "X", kind: ROBOT}`, graph.CodeBadRequest, ""},
			{"createPartner", `{name: "X", partOf: "none"}`, graph.CodeNotFound, "input.partOf"},
			{"updatePartner", `{id: "p000", name: null}`, graph.CodeValidation, "input.name"},
			{"updatePartner", `{id: "p000", status: null}`, graph.CodeValidation, "input.status"},
			{"updatePartner", `{id: "p000", status: PENDING}`, graph.CodeInvalidTransition, "input.status"},
			{"updatePartner", `{id: "p000", status: LEFT}`, graph.CodeInvalidTransition, "input.status"},
			{"updatePartner", `{id: "p000", partOf: "p000-unit"}`, graph.CodeValidation, "input.partOf"},
			{"updatePartner", `{id: "p000", aliases: [` + long + `]}`, graph.CodeValidation, "input.aliases"},
			{"createOffice", `{partner: "p000", location: {lat: 91, lng: 0}}`, graph.CodeValidation, "input.location"},
			{"createOffice", `{partner: "p000", location: {lat: 1, lng: 0}, country: "XX"}`, graph.CodeValidation, "input.country"},
			{"createOffice", `{partner: "none", location: {lat: 1, lng: 0}}`, graph.CodeNotFound, "input.partner"},
			{"updateOffice", `{id: "p000-office", location: null}`, graph.CodeValidation, "input.location"},
			{"updateOffice", `{id: "p000-office", tags: [` + long + `]}`, graph.CodeValidation, "input.tags"},
			{"createContact", `{name: "X"}`, graph.CodeValidation, "input.partner"},
			{"createContact", `{name: "X", partner: "p000", customer: "acme"}`, graph.CodeValidation, "input.customer"},
			{"createContact", `{name: "X", partner: "p000", office: "p001-office"}`, graph.CodeValidation, "input.office"},
			{"createContact", `{name: "X", customer: "acme", office: "p001-office"}`, graph.CodeValidation, "input.office"},
			{"createContact", `{name: "X", partner: "p000", email: "nobody"}`, graph.CodeValidation, "input.email"},
			{"updateRegion", `{id: "europe", parent: "dach"}`, graph.CodeValidation, "input.parent"},
			{"updateRegion", `{id: "europe", countries: ["XX"]}`, graph.CodeValidation, "input.countries.0"},
			{"updateCompetency", `{id: "it", broader: ["edge"]}`, graph.CodeValidation, "input.broader"},
			{"updateCompetency", `{id: "it", broader: ["it"]}`, graph.CodeValidation, "input.broader"},
			{"updateCompetency", `{id: "it", description: ` + longer + `}`, graph.CodeValidation, "input.description"},
			{"createHolding", `{partner: "p000", competency: "it", level: 6}`, graph.CodeValidation, "input.level"},
			{"createHolding", `{partner: "p000", competency: "it", level: 0}`, graph.CodeValidation, "input.level"},
			{"createHolding", `{partner: "p000", competency: "it", since: "2026-02-01", until: "2026-01-31"}`, graph.CodeValidation, "input.until"},
			{"createHolding", `{partner: "p000", competency: "it", office: "p001-office"}`, graph.CodeValidation, "input.office"},
			{"createHolding", `{partner: "p000", competency: "edge"}`, graph.CodeValidation, "input.competency"},
			{"createCertification", `{partner: "p000", competency: "it", issuedOn: "2026-02-01", expiresOn: "2026-01-01"}`, graph.CodeValidation, "input.expiresOn"},
			{"createCertification", `{partner: "p000", competency: "it", holders: -1}`, graph.CodeValidation, "input.holders"},
			{"createCertification", `{partner: "p000", competency: "it", issuedOn: "2026-02-30"}`, graph.CodeValidation, "input.issuedOn"},
			{"updateCertification", `{id: "p000-cert", verified: null}`, graph.CodeValidation, "input.verified"},
			{"updateCustomer", `{id: "acme", name: null}`, graph.CodeValidation, "input.name"},
			{"createSolution", `{name: "X", competencies: ["it", "none"]}`, graph.CodeNotFound, "input.competencies"},
			{"updateSolution", `{id: "p000-solution", buildsOn: ["p000-suite"]}`, graph.CodeValidation, "input.buildsOn"},
			{"createCustomer", `{name: "X", clientToken: ` + long + `}`, graph.CodeValidation, "input.clientToken"},
			{"retireOffice", `{id: "none"}`, graph.CodeNotFound, "input.id"},
		} {
			f.refuse(t, wrong.code, wrong.field, wrong.mutation, wrong.input)
		}
	})
}
