package resolvers

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"valueweb/graph"
)

// What is hidden from whoever changes a record neither shows in the change nor is changed by it.

// A key that may not read is told nothing by way of an opportunity that it has changed: neither what that names, nor
// that it names nobody.
func TestAKeyReadsNothingByWayOfAnOpportunity(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.viewer = (&graph.APIKey{Meta: meta("writer"), Partner: "p000", Scopes: []graph.Scope{graph.ScopePost}}).Viewer()
		input := `{title: "A gap", customer: "acme", needs: [{competency: "cloud"}], audience: {all: true}}`
		f.change(t, "postOpportunity", input, "opportunity { id title stage }")
		for _, nested := range []string{"customer { name }", "owner { id }", "site { id }", "members { id }", "needs { competency { name } }", "invitations { totalCount }"} {
			a := f.post(t, "mutation { postOpportunity(input: "+input+") { seq opportunity { "+nested+" } } }", nil)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeForbidden) {
				t.Errorf("%s is answered with %+v", nested, a)
			}
		}
	})
}

// withShy brings a partner that p000 does not know of, and what it has to do with p000's own.
func (f *fixture) withShy(t *testing.T) {
	f.bring(t,
		&graph.Partner{Meta: meta("shy"), Name: "Shy", Status: graph.Active, Undisclosed: true},
		&graph.Solution{Meta: meta("theirs"), Name: "Theirs", Partners: []string{"shy"}},
		&graph.Solution{Meta: meta("joint"), Name: "Joint", Partners: []string{"p000", "shy"}, BuildsOn: []string{"p001-solution", "theirs"}},
		&graph.Customer{Meta: meta("secret"), Name: "Secret"},
		&graph.Site{Meta: meta("vault"), Customer: "secret", Name: "Vault", Location: bern},
		&graph.Opportunity{
			Meta: meta("inherited"), Title: "Inherited", Customer: "secret", Site: "vault", Needs: []graph.Need{{Competency: "cloud", MinLevel: 1}}, Owner: "p000",
			Stage: graph.Prospect, PostedOn: graph.NewDate(2026, 1, 2), Audience: graph.Audience{Kind: graph.AudienceAll},
		},
	)
}

func TestWhoChangesASolutionLeavesWhatIsHiddenFromIt(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.withShy(t)
		f.as("p000")
		before := f.seq(t)
		told := f.change(t, "updateSolution", `{id: "joint", partners: ["p000"], buildsOn: ["p001-solution"]}`, "solution { version partners { id } buildsOn { id } }")["solution"].(map[string]any)
		if told["version"] != 1.0 || f.seq(t) != before || !slices.Equal(ids(told["partners"]), []string{"p000"}) || !slices.Equal(ids(told["buildsOn"]), []string{"p001-solution"}) {
			t.Errorf("what was sent back as it was read is %v, after %d events", told, f.seq(t)-before)
		}
		for _, other := range []string{"shy", "nobody"} { // whether there is such a one or not, and whether it delivers it or not
			f.refuse(t, graph.CodeForbidden, "input.partners", "updateSolution", fmt.Sprintf(`{id: "joint", partners: ["p000", %q]}`, other))
		}
		f.refuse(t, graph.CodeNotFound, "input.buildsOn", "updateSolution", `{id: "joint", buildsOn: ["theirs"]}`)
		f.change(t, "updateSolution", `{id: "joint", buildsOn: ["p000-suite"]}`, "")
		f.viewer = graph.Operator
		whole := f.ask(t, `{ solution(id: "joint") { partners { id } buildsOn { id } } }`)["solution"].(map[string]any)
		if !slices.Equal(ids(whole["partners"]), []string{"p000", "shy"}) || !slices.Equal(ids(whole["buildsOn"]), []string{"p000-suite", "theirs"}) {
			t.Errorf("what is hidden was changed: %v", whole)
		}
	})
}

func TestAnOwnerIsNotToldTheCustomerThatItMayNotRead(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.withShy(t)
		f.as("p000")
		f.refuseStep(t, graph.CodeNotFound, "input.customer", "editOpportunity", "inherited", `customer: "secret"`)
		f.refuseStep(t, graph.CodeNotFound, "input.site", "editOpportunity", "inherited", `site: "vault"`)
		before := f.seq(t)
		if o := f.step(t, "editOpportunity", "inherited", "customer: null, site: null"); o["version"] != 1.0 || f.seq(t) != before {
			t.Errorf("nothing that it is told of was changed: %v", o)
		}
		f.step(t, "editOpportunity", "inherited", `title: "Mine"`)
		f.viewer = graph.Operator
		if o := f.ask(t, `{ opportunity(id: "inherited") { customer { id } site { id } } }`)["opportunity"].(map[string]any); idOf(o["customer"]) != "secret" || idOf(o["site"]) != "vault" {
			t.Errorf("what is hidden was changed: %v", o)
		}
		// A site brings its customer along, in the place of the one that the owner does not know of.
		f.as("p000")
		if o := f.step(t, "editOpportunity", "inherited", `site: "acme-bern"`); idOf(o["customer"]) != "acme" || idOf(o["site"]) != "acme-bern" {
			t.Errorf("at another site it is %v", o)
		}
		f.refuseStep(t, graph.CodeNotFound, "input.customer", "editOpportunity", "inherited", `customer: "secret"`)
	})
}

// A customer that is named takes the place of one that is hidden, with its site: no posting is at the site of another.
func TestACustomerThatIsNamedTakesTheSiteOfAHiddenOneAway(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.withShy(t)
		f.as("p000")
		f.step(t, "editOpportunity", "inherited", `customer: "acme"`)
		f.viewer = graph.Operator
		if o := f.ask(t, `{ opportunity(id: "inherited") { customer { id } site { id } } }`)["opportunity"].(map[string]any); idOf(o["customer"]) != "acme" || o["site"] != nil {
			t.Errorf("it is %v", o)
		}
	})
}

// That a posting is offered is between who offers it and who it is offered to: the name of an event tells nobody else.
func TestAnOfferIsToldToThoseWhoAreToldOfIt(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.as("p000")
		id := f.posted(t, "")
		f.step(t, "offerTransfer", id, `to: "p001"`)
		f.as("p001")
		f.step(t, "answerTransfer", id, "accept: false")
		f.as("p000")
		f.step(t, "offerTransfer", id, `to: "p001"`)
		offered, declined, posted := graph.EventOpportunityTransferOffered, graph.EventOpportunityTransferDeclined, graph.EventOpportunityPosted
		for who, want := range map[graph.Viewer][]string{
			graph.Operator: {posted, offered, declined, offered}, asPartner("p000"): {posted, offered, declined, offered}, asPartner("p001"): {posted, offered, declined, offered},
			asPartner("p002"): {posted}, {Role: graph.RoleCustomer, Organisation: "acme"}: {posted},
		} {
			f.viewer = who
			for field, subject := range map[string]string{"opportunityEvents": "opportunity { id }", "events": "subject { id }"} {
				var heard []string
				for _, event := range f.ask(t, fmt.Sprintf("{ %s(after: \"0\", first: 1000) { nodes { type %s } } }", field, subject))[field].(map[string]any)["nodes"].([]any) {
					event := event.(map[string]any)
					if idOf(event["opportunity"]) == id || idOf(event["subject"]) == id {
						heard = append(heard, event["type"].(string))
					}
				}
				if !reflect.DeepEqual(heard, want) {
					t.Errorf("%s is told %v by %s, not %v", who, heard, field, want)
				}
			}
		}
	})
}
