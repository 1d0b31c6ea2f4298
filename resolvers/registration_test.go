package resolvers

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"valueweb/graph"
)

func init() {
	for name, does := range map[string]func(*testing.T, *fixture){
		"submitOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, `needs: [{competency: "edge"}]`)
			if o := f.step(t, "submitOpportunity", id, ""); o["review"] != "SUBMITTED" || o["stage"] != "PROSPECT" {
				t.Errorf("the submitted one is %v", o)
			}
			f.tells(t, graph.EventOpportunitySubmitted, "Opportunity:"+id)
		},
		"reviewOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, `needs: [{competency: "edge"}]`)
			f.step(t, "submitOpportunity", id, "")
			f.viewer = graph.Operator
			f.step(t, "reviewOpportunity", id, "decision: IN_REVIEW")
			f.tells(t, graph.EventOpportunityInReview, "Opportunity:"+id)
			if o := f.step(t, "reviewOpportunity", id, `decision: REJECTED, note: " No "`); o["review"] != "REJECTED" || o["reviewNote"] != "No" {
				t.Errorf("the rejected one is %v", o)
			}
			f.tells(t, graph.EventOpportunityRejected, "Opportunity:"+id)
		},
		"withdrawOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, "")
			if o := f.step(t, "withdrawOpportunity", id, ""); o["review"] != "WITHDRAWN" || o["stage"] != "PROSPECT" {
				t.Errorf("the withdrawn one is %v", o)
			}
			f.tells(t, graph.EventOpportunityWithdrawn, "Opportunity:"+id)
		},
	} {
		mutationCases[name] = does
	}
}

// reviewer is an operator who neither posts nor submits.
var reviewer = graph.Viewer{Role: graph.RoleOperator, Subject: "rita"}

// registered posts an opportunity as a partner, submits it and takes it up as the reviewer.
func (f *fixture) registered(t *testing.T, partner, input string) string {
	t.Helper()
	f.as(partner)
	id := f.posted(t, input)
	f.step(t, "submitOpportunity", id, "")
	f.viewer = reviewer
	f.step(t, "reviewOpportunity", id, "decision: IN_REVIEW")
	return id
}

func TestARegistrationIsReviewedByFourEyes(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		olga := graph.Viewer{Role: graph.RoleOperator, Subject: "olga"}
		f.viewer = olga
		id := f.posted(t, `owner: "p000" title: "Posted by Olga"`)
		f.viewer = graph.Viewer{Role: graph.RoleOperator, Subject: "sam"}
		f.step(t, "submitOpportunity", id, "")
		for _, v := range []graph.Viewer{olga, f.viewer} {
			f.viewer = v
			f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "reviewOpportunity", id, "decision: IN_REVIEW")
		}
		f.as("p000")
		f.refuseStep(t, graph.CodeForbidden, "", "reviewOpportunity", id, "decision: IN_REVIEW")
		f.viewer = reviewer
		f.step(t, "reviewOpportunity", id, "decision: IN_REVIEW")
		// Whoever posted for a partner is the same person as an operator.
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "p000", Subject: "rita"}
		own := f.posted(t, "")
		f.as("p000")
		f.step(t, "submitOpportunity", own, "")
		f.viewer = reviewer
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "reviewOpportunity", own, "decision: IN_REVIEW")
	})
}

// TestWhoPostedOrSubmittedIsNotForgotten lets two post and submit an opportunity by turns.
func TestWhoPostedOrSubmittedIsNotForgotten(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		olga := graph.Viewer{Role: graph.RoleOperator, Subject: "olga"}
		f.viewer = olga
		again := f.posted(t, `owner: "p000" draft: true needs: [{competency: "cloud"}]`)
		late := f.posted(t, `owner: "p000" draft: true needs: [{competency: "edge"}]`)
		f.as("p000")
		f.step(t, "publishOpportunity", again, "")
		f.step(t, "submitOpportunity", late, "")
		f.step(t, "publishOpportunity", late, "") // which Olga posted as a draft
		f.viewer = olga
		f.step(t, "submitOpportunity", again, "")
		f.viewer = reviewer
		f.step(t, "reviewOpportunity", again, "decision: IN_REVIEW")
		f.step(t, "reviewOpportunity", again, `decision: ACTION_REQUIRED, fields: ["title"]`)
		f.as("p000")
		f.step(t, "submitOpportunity", again, "") // which Olga submitted before
		for _, id := range []string{again, late} {
			f.viewer = olga
			f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "reviewOpportunity", id, "decision: IN_REVIEW")
			f.viewer = reviewer
			f.step(t, "reviewOpportunity", id, "decision: IN_REVIEW")
		}
	})
}

func TestAReviewGoesItsWay(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		id := f.registered(t, "p000", `value: {amount: "5", currency: "EUR"}`)
		allowed := func(decision string, want ...any) {
			t.Helper()
			if got := f.refuseStep(t, graph.CodeInvalidTransition, "input.decision", "reviewOpportunity", id, "decision: "+decision)["allowed"]; !reflect.DeepEqual(got, want) {
				t.Errorf("of %s it can become %v, not %v", decision, got, want)
			}
		}
		allowed("IN_REVIEW", "APPROVED", "ACTION_REQUIRED", "REJECTED")
		allowed("WITHDRAWN", "APPROVED", "ACTION_REQUIRED", "REJECTED")
		f.refuseStep(t, graph.CodeValidation, "input.fields", "reviewOpportunity", id, "decision: ACTION_REQUIRED")
		f.refuseStep(t, graph.CodeValidation, "input.fields.1", "reviewOpportunity", id, `decision: ACTION_REQUIRED, fields: ["title", "owner"]`)
		f.refuseStep(t, graph.CodeValidation, "input.fields", "reviewOpportunity", id, `decision: APPROVED, fields: ["title"]`)
		f.as("p000")
		f.refuseStep(t, graph.CodeInvalidTransition, "input.opportunity", "editOpportunity", id, `title: "Too late"`)
		f.viewer = reviewer
		f.step(t, "reviewOpportunity", id, `decision: ACTION_REQUIRED, fields: ["value", "title"], note: "How much?"`)
		f.tells(t, graph.EventOpportunityActionRequired, "Opportunity:"+id)
		allowed("APPROVED", "SUBMITTED", "WITHDRAWN")
		f.as("p000")
		told := f.ask(t, fmt.Sprintf("{ opportunity(id: %q) { reviewFields reviewNote } }", id))["opportunity"]
		if want := (map[string]any{"reviewFields": []any{"value", "title"}, "reviewNote": "How much?"}); !reflect.DeepEqual(told, want) {
			t.Errorf("the owner is told %v", told)
		}
		if fields := f.refuseStep(t, graph.CodeInvalidTransition, "input.closedOn", "editOpportunity", id, `title: "More", closedOn: "2026-12-01"`)["allowed"]; !reflect.DeepEqual(fields, []any{"value", "title"}) {
			t.Errorf("to be edited are %v", fields)
		}
		f.step(t, "editOpportunity", id, `value: {amount: "6", currency: "EUR"}`)
		if o := f.step(t, "submitOpportunity", id, ""); o["review"] != "SUBMITTED" || o["reviewNote"] != nil || len(o["reviewFields"].([]any)) != 0 {
			t.Errorf("submitted again it is %v", o)
		}
		f.viewer = reviewer
		f.step(t, "reviewOpportunity", id, "decision: IN_REVIEW")
		if o := f.step(t, "reviewOpportunity", id, "decision: APPROVED"); o["protectedUntil"] != "2027-02-20" {
			t.Errorf("it is protected until %v", o["protectedUntil"])
		}
		if event := f.tells(t, graph.EventOpportunityApproved, "Opportunity:"+id); !slices.Equal(event.Fields, []string{"review", "protectedUntil"}) {
			t.Errorf("the event is %+v", event)
		}
		f.as("p000")
		if fields := f.refuseStep(t, graph.CodeInvalidTransition, "input.needs", "editOpportunity", id, `needs: [{competency: "it"}]`)["allowed"]; slices.Contains(fields.([]any), any("needs")) {
			t.Errorf("what was approved can be edited: %v", fields)
		}
		f.step(t, "editOpportunity", id, `title: "Approved"`)
		f.as("p001") // which is addressed: nothing of the registration but its review is told
		told = f.ask(t, fmt.Sprintf("{ opportunity(id: %q) { review reviewFields reviewNote protectedUntil transferTo { id } } }", id))["opportunity"]
		if want := (map[string]any{"review": "APPROVED", "reviewFields": []any{}, "reviewNote": nil, "protectedUntil": nil, "transferTo": nil}); !reflect.DeepEqual(told, want) {
			t.Errorf("others are told %v", told)
		}
		f.as("p001")
		if o := f.step(t, "claimOpportunity", id, ""); o["protectedUntil"] != "2027-02-20" {
			t.Errorf("its lead is told %v", o)
		}
	})
}

func TestARegistrationNeedsWhatItIsToProtect(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.as("p000")
		id := f.posted(t, "customer: null, point: {lat: 1, lng: 2}")
		f.refuseStep(t, graph.CodeValidation, "input.opportunity", "submitOpportunity", id, "")
		f.step(t, "editOpportunity", id, `customer: "acme"`)
		f.step(t, "submitOpportunity", id, "")
	})
}

// TestAnApprovalProtectsACompetencyOfACustomer goes through who is in the way of whom: cloud is narrower than it and
// broader than edge.
func TestAnApprovalProtectsACompetencyOfACustomer(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.put(t, &graph.Competency{Meta: meta("print"), Name: "Print"}, &graph.Competency{Meta: meta("private"), Name: "Private cloud", Broader: []string{"cloud"}},
			&graph.Customer{Meta: meta("rival"), Name: "Rival"}, &graph.Site{Meta: meta("rival-1"), Customer: "rival", Location: bern})
		first := f.registered(t, "p000", `needs: [{competency: "edge"}]`)
		second := f.registered(t, "p001", `needs: [{competency: "print"}, {competency: "it"}]`) // before the first is approved
		f.step(t, "reviewOpportunity", first, "decision: APPROVED")
		refused := f.refuseStep(t, graph.CodeAlreadyProtected, "input.opportunity", "reviewOpportunity", second, "decision: APPROVED")
		if len(refused) != 2 { // the code and the field
			t.Errorf("of a protection is told %v", refused)
		}
		submits := func(partner, input string) (id string, refused bool) {
			t.Helper()
			f.as(partner)
			id = f.posted(t, input)
			a := f.post(t, fmt.Sprintf("mutation { submitOpportunity(input: {opportunity: %q}) { seq } }", id), nil)
			if len(a.Errors) > 0 && a.Errors[0].Extensions["code"] != string(graph.CodeAlreadyProtected) {
				t.Errorf("%+v", a)
			}
			return id, len(a.Errors) > 0
		}
		for needs, taken := range map[string]bool{"edge": true, "cloud": true, "it": true, "print": false, "private": false} {
			for _, partner := range []string{"p000", "p001"} { // its own owner is in its way as well
				if _, refused := submits(partner, fmt.Sprintf("needs: [{competency: %q}]", needs)); refused != taken {
					t.Errorf("%s of %s is refused: %v", needs, partner, refused)
				}
			}
		}
		f.viewer = graph.Operator
		other := f.posted(t, `customer: "rival" needs: [{competency: "edge"}]`)
		f.step(t, "submitOpportunity", other, "") // of another customer
		// A protection ends when it is lost, or withdrawn, or after 90 days; not when it is launched.
		f.as("p000")
		f.step(t, "loseOpportunity", first, `reason: "PRICE"`)
		if o := node[*graph.Opportunity](t, f, first); !o.ProtectedUntil.IsZero() {
			t.Errorf("lost it protects until %s", o.ProtectedUntil)
		}
		third, refused2 := submits("p001", `needs: [{competency: "cloud"}]`)
		if refused2 {
			t.Fatal("what is lost protects")
		}
		f.viewer = reviewer
		f.step(t, "reviewOpportunity", third, "decision: IN_REVIEW")
		f.step(t, "reviewOpportunity", third, "decision: APPROVED")
		if _, refused := submits("p000", `needs: [{competency: "edge"}]`); !refused {
			t.Error("what is approved does not protect")
		}
		f.as("p001")
		if o := f.step(t, "withdrawOpportunity", third, ""); o["protectedUntil"] != nil {
			t.Errorf("withdrawn it is %v", o)
		}
		fourth := f.registered(t, "p000", `needs: [{competency: "edge"}]`)
		f.step(t, "reviewOpportunity", fourth, "decision: APPROVED")
		day := f.graph.Clock()
		for days, protects := range map[int]bool{89: true, 90: false} {
			f.setClock(func() time.Time { return day.AddDate(0, 0, days) })
			if _, refused := submits("p001", `needs: [{competency: "edge"}]`); refused != protects {
				t.Errorf("after %d days it protects: %v", days, refused)
			}
		}
	})
}

func TestWhatIsRetiredProtectsNothing(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		today := graph.DateOf(f.graph.Clock())
		approved := &graph.Opportunity{Meta: meta("imported"), Title: "Imported", Customer: "acme", Needs: []graph.Need{{Competency: "cloud", MinLevel: 1}}, Stage: graph.Qualified, Review: graph.ReviewApproved,
			ProtectedUntil: today.AddDays(30), Audience: graph.Audience{Kind: graph.AudienceAll}}
		approved.RetiredOn = today.AddDays(1)
		f.put(t, approved)
		f.as("p000")
		id := f.posted(t, "")
		f.refuseStep(t, graph.CodeAlreadyProtected, "input.opportunity", "submitOpportunity", id, "")
		over := *approved
		over.RetiredOn = today
		f.put(t, &over)
		f.step(t, "submitOpportunity", id, "")
	})
}

func TestWhatNamesOnlyASiteProtectsItsCustomer(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.put(t, &graph.Opportunity{Meta: meta("imported"), Title: "Imported", Site: "acme-bern", Needs: []graph.Need{{Competency: "cloud", MinLevel: 1}}, Stage: graph.Qualified, Review: graph.ReviewApproved,
			ProtectedUntil: graph.NewDate(2027, 1, 1), Audience: graph.Audience{Kind: graph.AudienceAll}})
		f.as("p000")
		f.refuseStep(t, graph.CodeAlreadyProtected, "input.opportunity", "submitOpportunity", f.posted(t, `needs: [{competency: "edge"}]`), "")
	})
}
