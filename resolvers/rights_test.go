package resolvers

import (
	"fmt"
	"reflect"
	"testing"

	"valueweb/graph"
)

// What each role may do is written down here once more, by hand: the product has a table of its own.

// verdict of a viewer's attempt; empty: it is done.
const (
	done      = graph.Code("")
	forbidden = graph.CodeForbidden
	unseen    = graph.CodeNotFound
)

// A trial is something that is done to a node, and what comes of it for each viewer of trialists.
type trial struct {
	mutation, input string
	verdicts        [7]graph.Code
}

// trialists are who tries. PARTNER:p000 owns acme, which PARTNER:p001 serves; PARTNER:waiting is PENDING.
var trialists = [7]graph.Viewer{
	graph.Operator, asPartner("p000"), asPartner("p001"), asPartner("waiting"), {Role: graph.RoleCustomer, Organisation: "acme"}, {Role: graph.RoleCustomer, Organisation: "bank"}, {Role: graph.RoleAnalyst},
}

var trials = []trial{
	{"createPartner", `{name: "New"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "p000", website: "https://p.example"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "waiting", website: "https://p.example"}`, [7]graph.Code{done, unseen, unseen, done, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "p000", tier: "PLATINUM"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "p000", status: SUSPENDED}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "waiting", status: ACTIVE}`, [7]graph.Code{done, unseen, unseen, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "p000", partOf: "p001"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "p000", channelManager: "p000-sales-1"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartner", `{id: "p000", joinedOn: "2021-01-01"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retirePartner", `{id: "waiting"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},

	{"createOffice", `{partner: "p000", location: {lat: 1, lng: 2}}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createOffice", `{partner: "waiting", location: {lat: 1, lng: 2}}`, [7]graph.Code{done, unseen, unseen, done, forbidden, forbidden, forbidden}},
	{"createOffice", `{id: "chosen", partner: "p000", location: {lat: 1, lng: 2}}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateOffice", `{id: "p000-office", city: "Thun"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireOffice", `{id: "p000-empty"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},

	{"createContact", `{partner: "p000", name: "New"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createContact", `{customer: "acme", name: "New"}`, [7]graph.Code{done, done, forbidden, unseen, done, unseen, forbidden}},
	{"updateContact", `{id: "p000-sales-1", phone: "1"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, unseen, forbidden}},
	{"updateContact", `{id: "buyer", phone: "1"}`, [7]graph.Code{done, done, forbidden, unseen, done, unseen, forbidden}},
	{"retireContact", `{id: "p000-sales-2"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, unseen, forbidden}},
	{"retireContact", `{id: "buyer"}`, [7]graph.Code{done, done, forbidden, unseen, done, unseen, forbidden}},

	{"createRegion", `{name: "New"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateRegion", `{id: "dach", name: "New"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireRegion", `{id: "empty"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createCompetency", `{name: "New"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateCompetency", `{id: "edge", name: "New"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireCompetency", `{id: "unused"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},

	{"createHolding", `{partner: "p000", competency: "it"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateHolding", `{id: "p000-cloud", level: 1}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireHolding", `{id: "p000-cloud"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createCertification", `{partner: "p000", competency: "it"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createCertification", `{partner: "p000", competency: "it", verified: true}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateCertification", `{id: "p000-cert", level: "1"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireCertification", `{id: "p000-cert"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"verifyCertification", `{certification: "p000-bare"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},

	{"createCustomer", `{name: "New"}`, [7]graph.Code{done, done, done, forbidden, forbidden, forbidden, forbidden}},
	{"updateCustomer", `{id: "acme", segment: "ENTERPRISE"}`, [7]graph.Code{done, done, forbidden, unseen, done, unseen, forbidden}},
	{"retireCustomer", `{id: "kept"}`, [7]graph.Code{done, done, unseen, unseen, forbidden, forbidden, forbidden}},
	{"createSite", `{customer: "acme", location: {lat: 1, lng: 2}}`, [7]graph.Code{done, done, forbidden, forbidden, done, unseen, forbidden}},
	{"createSite", `{location: {lat: 1, lng: 2}}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateSite", `{id: "acme-bern", city: "Thun"}`, [7]graph.Code{done, done, forbidden, unseen, done, unseen, forbidden}},
	{"updateSite", `{id: "square", city: "Thun"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireSite", `{id: "acme-old"}`, [7]graph.Code{done, done, forbidden, unseen, done, unseen, forbidden}},

	{"createSolution", `{name: "New", partners: ["p000"]}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createSolution", `{name: "New", partners: ["p000", "p001"]}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createSolution", `{name: "New"}`, [7]graph.Code{done, done, done, done, forbidden, forbidden, forbidden}},
	{"updateSolution", `{id: "p000-solution", name: "New"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateSolution", `{id: "p000-solution", partners: ["p000", "p001"]}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireSolution", `{id: "p000-suite"}`, [7]graph.Code{done, done, forbidden, forbidden, forbidden, forbidden, forbidden}},

	{"createPartnership", `{parties: ["p000", "p001"]}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"proposePartnership", `{parties: ["p000", "p001"]}`, [7]graph.Code{done, done, done, forbidden, forbidden, forbidden, forbidden}},
	{"updatePartnership", `{id: "p000-alliance", sponsor: "Ada"}`, [7]graph.Code{done, done, unseen, unseen, forbidden, forbidden, forbidden}},
	{"updatePartnership", `{id: "p000-alliance", collaboration: LOW}`, [7]graph.Code{done, forbidden, unseen, unseen, forbidden, forbidden, forbidden}},
	{"updatePartnership", `{id: "p000-alliance", dataSharing: NONE}`, [7]graph.Code{done, forbidden, unseen, unseen, forbidden, forbidden, forbidden}},
	{"retirePartnership", `{id: "p000-alliance"}`, [7]graph.Code{done, done, unseen, unseen, forbidden, forbidden, forbidden}},
	{"createWall", `{partner: "p001", customer: "bank"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateWall", `{id: "p000-wall", competency: "edge"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireWall", `{id: "p000-wall"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"createCustomerPartner", `{customer: "bank", partner: "p000", role: OWNER}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"updateCustomerPartner", `{id: "p000-serves", until: "2030-01-01"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
	{"retireCustomerPartner", `{id: "p000-serves"}`, [7]graph.Code{done, forbidden, forbidden, forbidden, forbidden, forbidden, forbidden}},
}

func TestEveryKindIsTriedInEveryWay(t *testing.T) {
	tried := map[string]bool{}
	for _, trial := range trials {
		tried[trial.mutation] = true
	}
	for _, l := range lives {
		for _, act := range []string{"create", "update", "retire"} {
			if mutation := act + string(l.kind); !tried[mutation] {
				t.Errorf("nobody tries %s", mutation)
			}
		}
	}
}

// stage adds to the world of the fixture what the trials need: what may be retired, and whom not everybody sees.
func stage(t *testing.T, f *fixture) {
	t.Helper()
	f.bring(t,
		&graph.Partner{Meta: meta("waiting"), Name: "Waiting", Status: graph.Pending},
		&graph.Customer{Meta: meta("bank"), Name: "Bank"}, &graph.Customer{Meta: meta("kept"), Name: "Kept"},
		&graph.CustomerPartner{Meta: meta("kept-p000"), Customer: "kept", Partner: "p000", Role: graph.CustomerCoOwner},
		&graph.CustomerPartner{Meta: meta("p001-serves"), Customer: "acme", Partner: "p001", Role: "SUPPORTS"},
		&graph.Office{Meta: meta("p000-empty"), Partner: "p000"}, &graph.Site{Meta: meta("acme-old"), Customer: "acme"},
		&graph.Region{Meta: meta("empty"), Name: "Empty"}, &graph.Competency{Meta: meta("unused"), Name: "Unused"},
	)
}

// TestWhoMayWriteIsAsTheTableSays tries every trial as every viewer, of which nothing is kept.
func TestWhoMayWriteIsAsTheTableSays(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		stage(t, f)
		for _, trial := range trials {
			for i, viewer := range trialists {
				f.viewer = viewer
				f.attempt(t, trial, trial.verdicts[i])
			}
		}
	})
}

// attempt tries a trial in a transaction of which nothing is kept.
func (f *fixture) attempt(t *testing.T, trial trial, want graph.Code) {
	t.Helper()
	before := f.last(t).Seq
	f.store.undo = true
	defer func() { f.store.undo = false }()
	a := f.post(t, fmt.Sprintf("mutation { %s(input: %s) { seq } }", trial.mutation, trial.input), nil)
	got := done
	if len(a.Errors) > 0 {
		got = graph.Code(fmt.Sprint(a.Errors[0].Extensions["code"]))
	}
	if got != want {
		t.Errorf("%s as %s: %s %q, not %q %v", trial.mutation, f.viewer, trial.input, got, want, a.Errors)
	}
	if after := f.last(t).Seq; after != before {
		t.Errorf("%s as %s: the log went on", trial.mutation, f.viewer)
	}
}

// TestAProgramChangesWhatItsPartnerMayWithinItsScopes lets a key do what its partner does, once it may post.
func TestAProgramChangesWhatItsPartnerMayWithinItsScopes(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		stage(t, f)
		for _, trial := range trials {
			writer := &graph.APIKey{Meta: meta("writer"), Partner: "p000", Scopes: []graph.Scope{graph.ScopeRead, graph.ScopePost}}
			f.viewer = writer.Viewer()
			f.attempt(t, trial, trial.verdicts[1])
			writer.Scopes = []graph.Scope{graph.ScopeRead, graph.ScopeClaim, graph.ScopeRefer, graph.ScopeSubscribe}
			f.viewer = writer.Viewer()
			f.attempt(t, trial, forbidden)
		}
	})
}

func TestWhoTakesNoPartChangesNothing(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		stage(t, f)
		f.bring(t, &graph.Partner{Meta: meta("p000"), Name: "P", Status: graph.Suspended})
		for _, viewer := range []graph.Viewer{asPartner("p000"), asPartner("nobody"), {Role: graph.RoleCustomer, Organisation: "nobody"}} {
			for _, trial := range trials {
				f.viewer = viewer
				f.attempt(t, trial, forbidden)
			}
		}
	})
}

// A key that may post and not read is told what it has made, and nothing else by way of it.
func TestAMutationLetsAKeyReadNoMoreThanItsScopes(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		key := &graph.APIKey{Meta: meta("writer"), Partner: "p000", Scopes: []graph.Scope{graph.ScopePost}}
		f.viewer = key.Viewer()
		f.change(t, "updateOffice", `{id: "p000-office", city: "Thun"}`, "office { id city country }")
		for _, selection := range []string{"office { partner { name } }", "office { holdings { totalCount } }"} {
			a := f.post(t, `mutation { updateOffice(input: {id: "p000-office"}) { seq `+selection+` } }`, nil)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeForbidden) || a.Data["updateOffice"] != nil {
				t.Errorf("%s is answered with %+v", selection, a)
			}
		}
	})
}

// A conflict tells whoever may change a record what of it has changed, as far as it is told of the record.
func TestAConflictTellsAPartnerWhatHasChanged(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.change(t, "updatePartner", `{id: "p000", expectedVersion: 1, website: "https://one.example", tier: "SILVER"}`, "")
		f.change(t, "updateCustomer", `{id: "acme", expectedVersion: 1, segment: null, name: "Acme 2"}`, "")
		f.viewer = asPartner("p000")
		for mutation, input := range map[string]string{
			"updatePartner": `{id: "p000", expectedVersion: 1, name: "Mine"}`, "updateCustomer": `{id: "acme", expectedVersion: 1, name: "Mine"}`,
		} {
			want := map[string][]any{"updatePartner": {"tier", "website"}, "updateCustomer": {"name", "segment"}}[mutation]
			if conflict := f.refuse(t, graph.CodeConflict, "input.expectedVersion", mutation, input); !reflect.DeepEqual(conflict["changedFields"], want) || conflict["currentVersion"] != 2.0 {
				t.Errorf("%s: the conflict tells %v", mutation, conflict)
			}
		}
		// Whoever may not change it is told nothing of it.
		f.viewer = asPartner("p001")
		f.refuse(t, graph.CodeForbidden, "input.id", "updatePartner", `{id: "p000", expectedVersion: 1, name: "Mine"}`)
	})
}
