package resolvers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
)

func init() {
	for name, does := range map[string]func(*testing.T, *fixture){
		"postOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, `title: "Wanted"`)
			f.tells(t, graph.EventOpportunityPosted, "Opportunity:"+id)
		},
		"publishOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, `draft: true`)
			f.tells(t, graph.EventOpportunityDrafted, "Opportunity:"+id)
			if o := f.step(t, "publishOpportunity", id, ""); o["stage"] != "PROSPECT" || o["postedOn"] != "2026-11-22" {
				t.Errorf("the published draft is %v", o)
			}
			f.tells(t, graph.EventOpportunityPosted, "Opportunity:"+id)
		},
		"editOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, "")
			if o := f.step(t, "editOpportunity", id, `title: " Other ", expectedVersion: 1`); o["title"] != "Other" || o["version"] != 2.0 {
				t.Errorf("the edited one is %v", o)
			}
			if event := f.tells(t, graph.EventOpportunityUpdated, "Opportunity:"+id); !slices.Equal(event.Fields, []string{"title"}) {
				t.Errorf("the event is %+v", event)
			}
		},
	} {
		mutationCases[name] = does
	}
}

// as lets a partner ask from now on.
func (f *fixture) as(partner string) { f.viewer = asPartner(partner) }

// asked is what is selected of an opportunity.
const asked = `opportunity { id version title stage review postedOn closedOn lostReason protectedUntil reviewFields reviewNote
	customer { id } site { id } point { lat lng } value { amount currency } needs { competency { id } minLevel }
	owner { id } lead { id } members { id } declined { id } transferTo { id } sharedIn { id }
	audience { kind partners { id } competencies { id } region { id } countries tags kinds minTier near { lat lng } radiusKm } }`

// posted posts an opportunity of acme, to all, for the cloud, as far as the input says nothing else, and returns its id.
func (f *fixture) posted(t *testing.T, input string) string {
	t.Helper()
	for field, otherwise := range map[string]string{"title:": `title: "A gap"`, "customer:": `customer: "acme"`, "needs:": `needs: [{competency: "cloud"}]`, "audience:": `audience: {all: true}`} {
		if !strings.Contains(input, field) {
			input += " " + otherwise
		}
	}
	return f.change(t, "postOpportunity", "{"+input+"}", asked)["opportunity"].(map[string]any)["id"].(string)
}

// step makes a change of an opportunity that must be made, and returns it as it is told.
func (f *fixture) step(t *testing.T, mutation, id, input string) map[string]any {
	t.Helper()
	return f.change(t, mutation, fmt.Sprintf("{opportunity: %q %s}", id, input), asked)["opportunity"].(map[string]any)
}

// refuseStep makes a change of an opportunity that must be refused.
func (f *fixture) refuseStep(t *testing.T, code graph.Code, field, mutation, id, input string) map[string]any {
	t.Helper()
	return f.refuse(t, code, field, mutation, fmt.Sprintf("{opportunity: %q %s}", id, input))
}

// tells checks the newest event.
func (f *fixture) tells(t *testing.T, event, subject string) graph.Event {
	t.Helper()
	last := f.last(t)
	if last.Type != event || last.Subject != subject || !slices.Contains(last.Changes, subject) || last.Actor != f.viewer.String() {
		t.Errorf("the newest event is %+v, not %s of %s", last, event, subject)
	}
	return last
}

// ids are those of a list of nodes of an answer.
func ids(list any) []string {
	all := []string{}
	for _, one := range list.([]any) {
		all = append(all, one.(map[string]any)["id"].(string))
	}
	return all
}

func idOf(one any) string {
	if one == nil {
		return ""
	}
	return one.(map[string]any)["id"].(string)
}

func TestAPostingIsWhatItSaysAndBelongsToWhoPostsIt(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.as("p000")
		full := f.change(t, "postOpportunity", `{title: " Streams ", site: "acme-bern", needs: [{competency: "cloud", minLevel: 2}, {competency: "edge"}], value: {amount: "12.50", currency: "CHF"},
			audience: {filter: {holds: [{competency: "cloud"}, {competency: "edge"}], region: "dach", countries: ["CH", "CH"], near: {site: "square"}, radiusKm: 50, kinds: [INTEGRATOR], minTier: "SILVER", tags: [" swiss "]}}}`, asked)["opportunity"].(map[string]any)
		id := full["id"]
		want := map[string]any{
			"id": id, "version": 1.0, "title": "Streams", "stage": "PROSPECT", "review": nil, "postedOn": "2026-11-22", "closedOn": nil, "lostReason": nil, "protectedUntil": nil, "reviewFields": []any{}, "reviewNote": nil,
			"customer": map[string]any{"id": "acme"}, "site": map[string]any{"id": "acme-bern"}, "point": nil, "value": map[string]any{"amount": "12.50", "currency": "CHF"},
			"needs": []any{map[string]any{"competency": map[string]any{"id": "cloud"}, "minLevel": 2.0}, map[string]any{"competency": map[string]any{"id": "edge"}, "minLevel": 1.0}},
			"owner": map[string]any{"id": "p000"}, "lead": nil, "members": []any{}, "declined": []any{}, "transferTo": nil, "sharedIn": []any{},
			"audience": map[string]any{
				"kind": "FILTER", "partners": []any{}, "competencies": []any{map[string]any{"id": "cloud"}, map[string]any{"id": "edge"}}, "region": map[string]any{"id": "dach"}, "countries": []any{"CH"}, "tags": []any{"swiss"},
				"kinds": []any{"INTEGRATOR"}, "minTier": "SILVER", "near": map[string]any{"lat": bern.Lat, "lng": bern.Lng}, "radiusKm": 50.0,
			},
		}
		if !reflect.DeepEqual(full, want) {
			t.Errorf("the posting is %v,\nnot %v", full, want)
		}
		if event := f.last(t); event.Type != "opportunity.posted" || event.Version != 1 || !slices.Equal(event.Fields, []string{"title", "customer", "site", "needs", "value", "stage", "audience", "owner", "postedOn"}) {
			t.Errorf("the event is %+v", event)
		}
		if o := node[*graph.Opportunity](t, f, id.(string)); o.PostedBy != "PARTNER:p000" || o.Synthetic || len(o.ID) != 12 {
			t.Errorf("it is kept as %+v", o)
		}
		// A customer posts for itself, and an operator for a partner or for nobody.
		f.viewer = graph.Viewer{Role: graph.RoleCustomer, Organisation: "acme"}
		own := f.posted(t, `point: {lat: 1, lng: 2} customer: null`)
		if o := node[*graph.Opportunity](t, f, own); o.Customer != "acme" || o.Owner != "" || *o.Point != (graph.Point{Lat: 1, Lng: 2}) {
			t.Errorf("a customer's is %+v", o)
		}
		if o := f.step(t, "editOpportunity", own, `audience: {partners: ["p001"]}`); o["audience"].(map[string]any)["kind"] != "NAMED" {
			t.Errorf("its edited one is %v", o)
		}
		f.viewer = graph.Operator
		if o := node[*graph.Opportunity](t, f, f.posted(t, `owner: "p001" customer: null site: "square"`)); o.Owner != "p001" || o.Customer != "" || o.Site != "square" {
			t.Errorf("an operator's is %+v", o)
		}
	})
}

func TestAPostingIsToldToWhomItIsAddressed(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.as("p000")
		reads := func(id string, partners ...string) {
			t.Helper()
			for _, partner := range []string{"p000", "p001", "p002"} {
				f.as(partner)
				told := f.ask(t, fmt.Sprintf("{ opportunity(id: %q) { id } }", id))["opportunity"] != nil
				if told != slices.Contains(partners, partner) {
					t.Errorf("%s is told of %s: %v", partner, id, told)
				}
			}
			f.as("p000")
		}
		reads(f.posted(t, ""), "p000", "p001", "p002")
		reads(f.posted(t, "draft: true"), "p000")
		reads(f.posted(t, `audience: {partners: ["p001", "p001"]}`), "p000", "p001")
		reads(f.posted(t, `audience: {filter: {region: "dach"}}`), "p000", "p002")  // where p002 has its office
		reads(f.posted(t, `audience: {filter: {minTier: "PLATINUM"}}`), "p000")     // which nobody is
		reads(f.posted(t, `audience: {filter: {tags: ["swiss"]}}`), "p000", "p002") // as p002 is tagged
	})
}

func TestAPostingThatIsWrongIsRefusedWithItsField(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.put(t, &graph.Customer{Meta: meta("rival"), Name: "Rival"}, &graph.Site{Meta: meta("rival-1"), Customer: "rival", Location: bern}, &graph.Site{Meta: meta("rival-2"), Customer: "rival", Location: bern},
			&graph.Competency{Meta: graph.Meta{ID: "old", RetiredOn: graph.NewDate(2026, 1, 1)}, Name: "Old"}, &graph.Partner{Meta: meta("pending"), Name: "Pending", Status: graph.Pending})
		refuse := func(code graph.Code, field, input string) {
			t.Helper()
			for name, otherwise := range map[string]string{"title:": `title: "A gap"`, "customer:": `customer: "acme"`, "needs:": `needs: [{competency: "cloud"}]`, "audience:": `audience: {all: true}`} {
				if !strings.Contains(input, name) {
					input += " " + otherwise
				}
			}
			f.refuse(t, code, field, "postOpportunity", "{"+input+"}")
		}
		f.as("p000")
		refuse(graph.CodeValidation, "input.title", `title: " "`)
		refuse(graph.CodeValidation, "input.title", `title: "`+strings.Repeat("x", graph.MaxName+1)+`"`)
		refuse(graph.CodeValidation, "input.customer", `customer: null`)
		refuse(graph.CodeNotFound, "input.customer", `customer: "rival"`)
		refuse(graph.CodeNotFound, "input.customer", `customer: "nobody"`)
		refuse(graph.CodeNotFound, "input.site", `site: "rival-1"`)
		refuse(graph.CodeNotFound, "input.site", `customer: null site: "nowhere"`)
		refuse(graph.CodeValidation, "input.point", `site: "square" point: {lat: 1, lng: 2}`)
		refuse(graph.CodeValidation, "input.point.lat", `point: {lat: 91, lng: 2}`)
		refuse(graph.CodeValidation, "input.needs", `needs: []`)
		refuse(graph.CodeValidation, "input.needs", `needs: [`+strings.Repeat(`{competency: "cloud"}`, graph.MaxNeeds+1)+`]`)
		refuse(graph.CodeValidation, "input.needs.1.competency", `needs: [{competency: "cloud"}, {competency: "cloud"}]`)
		refuse(graph.CodeValidation, "input.needs.0.minLevel", `needs: [{competency: "cloud", minLevel: 6}]`)
		refuse(graph.CodeNotFound, "input.needs.1.competency", `needs: [{competency: "cloud"}, {competency: "none"}]`)
		refuse(graph.CodeValidation, "input.needs.0.competency", `needs: [{competency: "old"}]`)
		refuse(graph.CodeValidation, "input.value.amount", `value: {amount: "-1", currency: "EUR"}`)
		refuse(graph.CodeValidation, "input.value.amount", `value: {amount: "1.234", currency: "EUR"}`)
		refuse(graph.CodeValidation, "input.value.amount", `value: {amount: "much", currency: "EUR"}`)
		refuse(graph.CodeValidation, "input.value.currency", `value: {amount: "1", currency: "ABC"}`)
		refuse(graph.CodeForbidden, "input.owner", `owner: "p001"`)
		for _, audience := range []struct {
			code  graph.Code
			field string
			is    string
		}{
			{graph.CodeValidation, "", `{}`}, {graph.CodeValidation, "", `{all: false}`}, {graph.CodeValidation, "", `{all: true, partners: ["p001"]}`}, {graph.CodeValidation, "", `{partners: ["p001"], filter: {region: "dach"}}`},
			{graph.CodeValidation, ".partners", `{partners: []}`}, {graph.CodeNotFound, ".partners.1", `{partners: ["p001", "nobody"]}`}, {graph.CodeNotFound, ".partners.0", `{partners: ["pending"]}`},
			{graph.CodeValidation, ".filter", `{filter: {}}`}, {graph.CodeValidation, ".filter.text", `{filter: {text: "p", region: "dach"}}`}, {graph.CodeValidation, ".filter.statuses", `{filter: {statuses: [ACTIVE]}}`},
			{graph.CodeValidation, ".filter.certifiedIn", `{filter: {certifiedIn: "cloud"}}`}, {graph.CodeValidation, ".filter.scheme", `{filter: {scheme: "CKA"}}`}, {graph.CodeValidation, ".filter.hasOffice", `{filter: {hasOffice: false}}`},
			{graph.CodeValidation, ".filter.holds.0.minLevel", `{filter: {holds: [{competency: "cloud", minLevel: 2}]}}`}, {graph.CodeNotFound, ".filter.holds.0.competency", `{filter: {holds: [{competency: "none"}]}}`},
			{graph.CodeNotFound, ".filter.region", `{filter: {region: "none"}}`}, {graph.CodeValidation, ".filter.minTier", `{filter: {minTier: "BEST"}}`}, {graph.CodeValidation, ".filter.tags.0", `{filter: {tags: [" "]}}`},
			{graph.CodeValidation, ".filter.near", `{filter: {radiusKm: 5}}`}, {graph.CodeValidation, ".filter.radiusKm", `{filter: {near: {site: "square"}}}`}, {graph.CodeValidation, ".filter.radiusKm", `{filter: {near: {site: "square"}, radiusKm: 0}}`},
			{graph.CodeNotFound, ".filter.near.site", `{filter: {near: {site: "rival-1"}, radiusKm: 5}}`}, {graph.CodeNotFound, ".filter.near.customer", `{filter: {near: {customer: "rival"}, radiusKm: 5}}`},
			{graph.CodeValidation, ".filter.near.opportunity", `{filter: {near: {opportunity: "p000-gap"}, radiusKm: 5}}`}, {graph.CodeValidation, ".filter.near.point.lng", `{filter: {near: {point: {lat: 1, lng: 200}}, radiusKm: 5}}`},
		} {
			refuse(audience.code, "input.audience"+audience.field, "audience: "+audience.is)
		}
		f.viewer = graph.Operator
		refuse(graph.CodeValidation, "input.audience.filter.near.customer", `audience: {filter: {near: {customer: "rival"}, radiusKm: 5}}`)
		refuse(graph.CodeValidation, "input.site", `site: "rival-1"`)
		refuse(graph.CodeNotFound, "input.owner", `owner: "nobody"`)
		refuse(graph.CodeValidation, "input.owner", `owner: "pending"`)
		f.viewer = graph.Viewer{Role: graph.RoleCustomer, Organisation: "acme"}
		refuse(graph.CodeNotFound, "input.customer", `customer: "rival"`)
		refuse(graph.CodeForbidden, "input.owner", `owner: "p001"`)
		f.viewer = graph.Viewer{Role: graph.RoleAnalyst}
		refuse(graph.CodeForbidden, "", "")
		f.as("pending")
		refuse(graph.CodeForbidden, "", `customer: null, point: {lat: 1, lng: 2}`)
	})
}

func TestAPostingThatIsSentAgainIsAnsweredAsTheFirstTime(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.as("p000")
		input := `{clientToken: "t-1", title: "Once", customer: "acme", needs: [{competency: "cloud"}], audience: {all: true}}`
		first := f.change(t, "postOpportunity", input, asked)
		id := first["opportunity"].(map[string]any)["id"].(string)
		if again := f.change(t, "postOpportunity", input, asked); !reflect.DeepEqual(again, first) {
			t.Errorf("again it is %v, not %v", again, first)
		}
		f.step(t, "editOpportunity", id, `title: "Once more"`)
		again := f.change(t, "postOpportunity", input, asked)
		if o := again["opportunity"].(map[string]any); o["id"] != id || o["title"] != "Once more" || again["seq"] != first["seq"] {
			t.Errorf("after an edit it is %v", again)
		}
		f.refuse(t, graph.CodeTokenReused, "input.clientToken", "postOpportunity", strings.Replace(input, "Once", "Twice", 1))
		f.as("p001") // whose tokens are its own
		if other := f.change(t, "postOpportunity", input, asked); idOf(other["opportunity"]) == id {
			t.Error("another partner was answered with the first one's")
		}
	})
}

func TestAnEditChangesWhatItSaysAndTellsOfIt(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.put(t, &graph.Customer{Meta: meta("rival"), Name: "Rival"}, &graph.Site{Meta: meta("rival-1"), Customer: "rival", Location: bern}, &graph.CustomerPartner{Meta: meta("rival-p000"), Customer: "rival", Partner: "p000", Role: "OWNER"})
		f.as("p000")
		id := f.posted(t, `site: "acme-bern" value: {amount: "5", currency: "EUR"}`)
		first := f.ask(t, fmt.Sprintf("{ %s }", strings.Replace(asked, "opportunity {", fmt.Sprintf("opportunity(id: %q) {", id), 1)))["opportunity"]
		seq := f.last(t).Seq
		for _, same := range []string{"", `title: "A gap"`, `sharedIn: [], needs: [{competency: "cloud"}], audience: {all: true}, value: {amount: "5", currency: "EUR"}, point: null, closedOn: null`} {
			if got := f.step(t, "editOpportunity", id, same); !reflect.DeepEqual(any(got), first) || f.last(t).Seq != seq {
				t.Errorf("%q changes %v to %v", same, first, got)
			}
		}
		f.step(t, "editOpportunity", id, `value: null, sharedIn: ["p000-alliance"], closedOn: "2026-12-24", needs: [{competency: "edge"}], audience: {partners: ["p001"]}`)
		if event := f.last(t); !slices.Equal(event.Fields, []string{"needs", "value", "audience", "closedOn", "sharedIn"}) {
			t.Errorf("the event is %+v", event)
		}
		if o := f.step(t, "editOpportunity", id, `customer: null, site: "rival-1"`); idOf(o["customer"]) != "rival" {
			t.Errorf("a site brings its customer along: %v", o)
		}
		if o := f.step(t, "editOpportunity", id, `site: null, customer: null, point: {lat: 1, lng: 1}`); o["customer"] != nil || o["site"] != nil || o["point"] == nil {
			t.Errorf("moved to a point it is %v", o)
		}
		for _, wrong := range []struct {
			code         graph.Code
			field, input string
		}{
			{graph.CodeValidation, "title", "title: null"}, {graph.CodeValidation, "needs", "needs: null"}, {graph.CodeValidation, "audience", "audience: null"}, {graph.CodeValidation, "customer", "point: null"},
			{graph.CodeValidation, "closedOn", `closedOn: "2026-11-21"`}, {graph.CodeValidation, "value.amount", `value: {amount: "0.001", currency: "EUR"}`}, {graph.CodeNotFound, "sharedIn.0", `sharedIn: ["p001-alliance"]`},
			{graph.CodeNotFound, "needs.0.competency", `needs: [{competency: "none"}]`}, {graph.CodeValidation, "point", `site: "square"`}, {graph.CodeValidation, "site", `customer: "acme", point: null, site: "rival-1"`},
			{graph.CodeConflict, "expectedVersion", "expectedVersion: 1, title: null"},
		} {
			f.refuseStep(t, wrong.code, "input."+wrong.field, "editOpportunity", id, wrong.input)
		}
		conflict := f.refuseStep(t, graph.CodeConflict, "input.expectedVersion", "editOpportunity", id, `expectedVersion: 2, title: "Late"`)
		if conflict["currentVersion"] != 4.0 || !reflect.DeepEqual(conflict["changedFields"], []any{"customer", "site", "point"}) {
			t.Errorf("the conflict tells %v", conflict)
		}
		f.as("p001") // which is addressed, and no owner
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "editOpportunity", id, `title: "Mine"`)
		f.refuseStep(t, graph.CodeNotFound, "input.opportunity", "editOpportunity", "nothing", `title: "Mine"`)
		f.viewer = graph.Operator
		f.refuseStep(t, graph.CodeValidation, "input.sharedIn.1", "editOpportunity", id, `sharedIn: ["p000-alliance", "p001-alliance"]`)
		f.viewer = graph.Viewer{Role: graph.RoleCustomer, Organisation: "acme"}
		own := f.posted(t, "")
		f.refuseStep(t, graph.CodeValidation, "input.customer", "editOpportunity", own, `customer: null, point: {lat: 1, lng: 1}`)
		f.refuseStep(t, graph.CodeNotFound, "input.customer", "editOpportunity", own, `customer: "rival"`)
	})
}

// TestWhatIsWrongAlreadyHidesNothingThatAnEditMakesWrong edits what an import left with several faults, and a draft
// whose closing date has passed.
func TestWhatIsWrongAlreadyHidesNothingThatAnEditMakesWrong(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.put(t, &graph.Opportunity{Meta: meta("imported"), Title: "Imported", Owner: "p000", Stage: graph.Committed, PostedOn: graph.NewDate(2026, 11, 10), Value: &graph.Money{Amount: "-5", Currency: "EUR"},
			Audience: graph.Audience{Kind: graph.AudienceAll}})
		f.as("p000")
		f.step(t, "editOpportunity", "imported", `title: "Without a place, needs or a fair value"`)
		f.refuseStep(t, graph.CodeValidation, "input.value.amount", "editOpportunity", "imported", `value: {amount: "-10", currency: "EUR"}`)
		f.refuseStep(t, graph.CodeValidation, "input.value.currency", "editOpportunity", "imported", `value: {amount: "10", currency: "XYZ"}`)
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "editOpportunity", "imported", `closedOn: "2026-11-09"`)
		f.refuseStep(t, graph.CodeValidation, "input.needs", "editOpportunity", f.posted(t, ""), `needs: []`)
		f.step(t, "editOpportunity", "imported", `needs: [{competency: "cloud"}], value: {amount: "10", currency: "EUR"}`)
		f.refuseStep(t, graph.CodeValidation, "input.needs", "editOpportunity", "imported", `needs: []`) // which it has by now
		draft := f.posted(t, `draft: true`)
		f.step(t, "editOpportunity", draft, `closedOn: "2026-11-22"`)
		day := f.graph.Clock()
		f.setClock(func() time.Time { return day.AddDate(0, 0, 1) })
		f.refuseStep(t, graph.CodeValidation, "input.value.amount", "editOpportunity", draft, `value: {amount: "-5.123", currency: "EUR"}`)
		f.step(t, "editOpportunity", draft, `value: {amount: "5", currency: "EUR"}`)
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "publishOpportunity", draft, "")
	})
}

func TestADraftIsItsOwnersUntilItIsPublished(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.as("p000")
		id := f.posted(t, "draft: true")
		f.step(t, "editOpportunity", id, `closedOn: "2026-12-01"`)
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "editOpportunity", id, `closedOn: "2026-11-01"`)
		f.as("p001")
		for _, mutation := range []string{"publishOpportunity", "claimOpportunity", "submitOpportunity"} {
			f.refuseStep(t, graph.CodeNotFound, "input.opportunity", mutation, id, "")
		}
		f.as("p000")
		if allowed := f.refuseStep(t, graph.CodeInvalidTransition, "input.to", "advanceOpportunity", id, "to: QUALIFIED")["allowed"]; !reflect.DeepEqual(allowed, []any{"PROSPECT"}) {
			t.Errorf("a draft can become %v", allowed)
		}
		f.step(t, "publishOpportunity", id, "expectedVersion: 2")
		if allowed := f.refuseStep(t, graph.CodeInvalidTransition, "input.opportunity", "publishOpportunity", id, "")["allowed"]; !reflect.DeepEqual(allowed, []any{"QUALIFIED", "LOST"}) {
			t.Errorf("a posting can become %v", allowed)
		}
		f.as("p001")
		f.step(t, "claimOpportunity", id, "")
	})
}
