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
		"claimOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, "")
			f.as("p000")
			if o := f.step(t, "claimOpportunity", id, "expectedVersion: 1"); idOf(o["lead"]) != "p000" {
				t.Errorf("the claimed one is %v", o)
			}
			f.tells(t, graph.EventOpportunityClaimed, "Opportunity:"+id)
		},
		"advanceOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, "")
			if o := f.step(t, "advanceOpportunity", id, "to: QUALIFIED"); o["stage"] != "QUALIFIED" {
				t.Errorf("the advanced one is %v", o)
			}
			f.tells(t, graph.EventOpportunityStageChanged, "Opportunity:"+id)
		},
		"loseOpportunity": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, "")
			if o := f.step(t, "loseOpportunity", id, `reason: "NO_BUDGET"`); o["stage"] != "LOST" || o["lostReason"] != "NO_BUDGET" || o["closedOn"] != "2026-11-22" {
				t.Errorf("the lost one is %v", o)
			}
			f.tells(t, graph.EventOpportunityLost, "Opportunity:"+id)
		},
		"leaveOpportunity": func(t *testing.T, f *fixture) {
			id := f.led(t)
			f.as("p000")
			if o := f.step(t, "leaveOpportunity", id, ""); o["lead"] != nil {
				t.Errorf("the left one is %v", o)
			}
			f.tells(t, graph.EventMemberLeft, "Opportunity:"+id)
		},
		"removeMember": func(t *testing.T, f *fixture) {
			id := f.led(t)
			if o := f.step(t, "removeMember", id, `partner: "p000"`); o["lead"] != nil {
				t.Errorf("without its lead it is %v", o)
			}
			f.tells(t, graph.EventMemberLeft, "Opportunity:"+id)
		},
		"offerTransfer": func(t *testing.T, f *fixture) {
			id := f.led(t)
			if o := f.step(t, "offerTransfer", id, `to: "p000"`); idOf(o["transferTo"]) != "p000" || idOf(o["owner"]) != "p001" {
				t.Errorf("the offered one is %v", o)
			}
			f.tells(t, graph.EventOpportunityTransferOffered, "Opportunity:"+id)
		},
		"answerTransfer": func(t *testing.T, f *fixture) {
			id := f.led(t)
			f.step(t, "offerTransfer", id, `to: "p000"`)
			f.as("p000")
			if o := f.step(t, "answerTransfer", id, "accept: true"); idOf(o["owner"]) != "p000" || o["transferTo"] != nil {
				t.Errorf("the transferred one is %v", o)
			}
			f.tells(t, graph.EventOpportunityOwnerChanged, "Opportunity:"+id)
		},
	} {
		mutationCases[name] = does
	}
}

// led is an opportunity of p001 that p000 leads, though it is addressed to nobody else; p001 asks on.
func (f *fixture) led(t *testing.T) string {
	t.Helper()
	f.as("p001")
	id := f.posted(t, `audience: {partners: ["p001"]}`)
	f.join(t, id, "p000")
	f.as("p000")
	f.step(t, "claimOpportunity", id, "")
	f.as("p001")
	return id
}

// join makes a partner a member, by an invitation of who asks.
func (f *fixture) join(t *testing.T, id, partner string) {
	t.Helper()
	asks := f.viewer
	i := f.invited(t, id, partner)
	f.as(partner)
	f.change(t, "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true}", i), "")
	f.viewer = asks
}

func TestOneClaimsAndTheOthersAreTold(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.as("p000")
		id := f.posted(t, `audience: {partners: ["p001", "p002"]}`)
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "claimOpportunity", id, "") // its owner
		f.as("p001")
		f.refuseStep(t, graph.CodeConflict, "input.expectedVersion", "claimOpportunity", id, "expectedVersion: 7")
		f.refuseStep(t, graph.CodeForbidden, "input.partner", "claimOpportunity", id, `partner: "p002"`)
		f.as("p000-unit")
		f.refuseStep(t, graph.CodeNotFound, "input.opportunity", "claimOpportunity", id, "")
		f.viewer = graph.Viewer{Role: graph.RoleCustomer, Organisation: "acme"}
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "claimOpportunity", id, "")
		f.viewer = graph.Operator
		f.refuseStep(t, graph.CodeValidation, "input.partner", "claimOpportunity", id, "")
		f.refuseStep(t, graph.CodeNotFound, "input.partner", "claimOpportunity", id, `partner: "nobody"`)
		f.refuseStep(t, graph.CodeValidation, "input.partner", "claimOpportunity", id, `partner: "p000"`)
		f.refuseStep(t, graph.CodeValidation, "input.partner", "claimOpportunity", id, `partner: "p001-unit"`) // which may not read it
		f.step(t, "claimOpportunity", id, `partner: "p002"`)
		if event := f.last(t); !slices.Equal(event.Fields, []string{"lead"}) {
			t.Errorf("the event is %+v", event)
		}
		for _, partner := range []string{"p001", "p002"} { // the lead itself is told, too
			f.as(partner)
			f.refuseStep(t, graph.CodeAlreadyClaimed, "input.opportunity", "claimOpportunity", id, "expectedVersion: 1")
		}
	})
}

func TestAMemberThatClaimsLeadsAndIsNoMemberAnyMore(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		o := node[*graph.Opportunity](t, f, f.led(t))
		if o.Lead != "p000" || len(o.Members) != 0 {
			t.Errorf("it is %+v", o)
		}
		if event := f.last(t); !slices.Equal(event.Fields, []string{"lead", "members"}) {
			t.Errorf("the event is %+v", event)
		}
	})
}

func TestAnOpportunityGoesForwardOneStageAtATime(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.as("p001")
		id := f.posted(t, "")
		f.as("p000")
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "advanceOpportunity", id, "to: QUALIFIED")
		f.step(t, "claimOpportunity", id, "")
		allowed := func(to string, want ...any) {
			t.Helper()
			if got := f.refuseStep(t, graph.CodeInvalidTransition, "input.to", "advanceOpportunity", id, "to: "+to)["allowed"]; !reflect.DeepEqual(got, want) {
				t.Errorf("to %s it can become %v, not %v", to, got, want)
			}
		}
		allowed("COMMITTED", "QUALIFIED")
		allowed("PROSPECT", "QUALIFIED")
		allowed("LOST", "QUALIFIED")
		f.step(t, "advanceOpportunity", id, "to: QUALIFIED, expectedVersion: 2")
		f.refuseStep(t, graph.CodeConflict, "input.expectedVersion", "advanceOpportunity", id, "to: TECHNICAL_VALIDATION, expectedVersion: 2")
		allowed("QUALIFIED", "TECHNICAL_VALIDATION")
		f.refuseStep(t, graph.CodeValidation, "input.value", "advanceOpportunity", id, `to: TECHNICAL_VALIDATION, value: {amount: "1", currency: "EUR"}`)
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "advanceOpportunity", id, `to: TECHNICAL_VALIDATION, closedOn: "2026-12-01"`)
		f.step(t, "advanceOpportunity", id, "to: TECHNICAL_VALIDATION")
		f.step(t, "advanceOpportunity", id, "to: BUSINESS_VALIDATION")
		f.refuseStep(t, graph.CodeValidation, "input.value", "advanceOpportunity", id, "to: COMMITTED")
		f.refuseStep(t, graph.CodeValidation, "input.value.amount", "advanceOpportunity", id, `to: COMMITTED, value: {amount: "1.234", currency: "EUR"}`)
		if o := f.step(t, "advanceOpportunity", id, `to: COMMITTED, value: {amount: "1.23", currency: "EUR"}`); o["value"].(map[string]any)["amount"] != "1.23" {
			t.Errorf("the committed one is %v", o)
		}
		f.as("p001") // which owns it, and edits its value, but does not take it out
		f.refuseStep(t, graph.CodeValidation, "input.value", "editOpportunity", id, "value: null")
		f.step(t, "editOpportunity", id, `value: {amount: "1.24", currency: "EUR"}`)
		f.as("p000")
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "advanceOpportunity", id, "to: LAUNCHED")
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "advanceOpportunity", id, `to: LAUNCHED, closedOn: "2026-11-21"`)
		f.as("p001") // which expects it the day after tomorrow: that is no day on which it was launched
		f.step(t, "editOpportunity", id, `closedOn: "2026-11-24"`)
		for _, day := range []string{"", `closedOn: "2026-11-24"`} {
			f.refuseStep(t, graph.CodeValidation, "input.closedOn", "advanceOpportunity", id, "to: LAUNCHED "+day)
		}
		f.as("p000")
		f.step(t, "advanceOpportunity", id, `to: LAUNCHED, closedOn: "2026-11-22"`)
		f.as("p001")
		if extensions := f.refuseStep(t, graph.CodeInvalidTransition, "input.opportunity", "loseOpportunity", id, `reason: "PRICE"`); extensions["allowed"] != nil {
			t.Errorf("what is launched can become %v", extensions["allowed"])
		}
	})
}

func TestWhatAnImportLeftCommittedWithoutAValueIsEditedAndLaunched(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.put(t, &graph.Opportunity{Meta: meta("imported"), Title: "Imported", Customer: "acme", Needs: []graph.Need{{Competency: "cloud", MinLevel: 1}}, Owner: "p000", Stage: graph.Committed,
			PostedOn: graph.NewDate(2026, 11, 10), Audience: graph.Audience{Kind: graph.AudienceAll}})
		f.as("p000")
		f.step(t, "editOpportunity", "imported", `title: "Edited", value: null`)
		f.step(t, "advanceOpportunity", "imported", `to: LAUNCHED, closedOn: "2026-11-22"`)
	})
}

func TestALossHasAReasonAndADay(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.as("p000")
		id := f.posted(t, "")
		for _, wrong := range []string{`reason: ""`, `reason: "price"`, `reason: "BORED"`} {
			if refused := f.refuseStep(t, graph.CodeValidation, "input.reason", "loseOpportunity", id, wrong); refused != nil && len(refused["allowed"].([]any)) != len(graph.LossReasons) {
				t.Errorf("the reasons are %v", refused)
			}
		}
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "loseOpportunity", id, `reason: "PRICE", closedOn: "2026-11-21"`)
		f.refuseStep(t, graph.CodeValidation, "input.closedOn", "loseOpportunity", id, `reason: "PRICE", closedOn: "2026-11-24"`) // it would count as open until then
		day := f.graph.Clock()
		f.setClock(func() time.Time { return day.AddDate(0, 0, 2) })
		if o := f.step(t, "loseOpportunity", id, `reason: "PRICE", closedOn: "2026-11-24"`); o["closedOn"] != "2026-11-24" {
			t.Errorf("the lost one is %v", o)
		}
	})
}

func TestWhoLeavesOrIsRemovedReadsNoMore(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		id := f.led(t)
		f.join(t, id, "p002")
		f.as("p000")
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "removeMember", id, `partner: "p002"`)
		f.refuseStep(t, graph.CodeForbidden, "input.partner", "leaveOpportunity", id, `partner: "p002"`)
		f.as("p002")
		before := f.last(t).Seq
		if o := f.step(t, "leaveOpportunity", id, ""); len(o["members"].([]any)) != 0 || o["audience"].(map[string]any)["partners"] == nil || len(o["audience"].(map[string]any)["partners"].([]any)) != 0 {
			t.Errorf("who leaves is told %v", o)
		}
		events := f.since(t, before)
		if len(events) != 1 || events[0].Type != graph.EventMemberLeft || len(events[0].Changes) != 2 || !slices.Equal(events[0].Fields, []string{"members"}) {
			t.Errorf("the events are %+v", events) // the opportunity, and the invitation that is over
		}
		if f.reading(t, "p002", id) {
			t.Error("who left reads on")
		}
		f.refuseStep(t, graph.CodeNotFound, "input.opportunity", "leaveOpportunity", id, "")
		f.as("p001")
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "leaveOpportunity", id, "") // its owner
		f.refuseStep(t, graph.CodeValidation, "input.partner", "removeMember", id, `partner: "p002"`)
		f.refuseStep(t, graph.CodeNotFound, "input.partner", "removeMember", id, `partner: "nobody"`)
		f.step(t, "removeMember", id, `partner: "p000"`)
		if f.reading(t, "p000", id) {
			t.Error("who was removed reads on")
		}
		f.join(t, id, "p002") // which may come back
		f.viewer = graph.Operator
		f.refuseStep(t, graph.CodeValidation, "input.partner", "leaveOpportunity", id, "")
		f.step(t, "leaveOpportunity", id, `partner: "p002"`)
	})
}

func TestATransferIsOfferedAndAnswered(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.put(t, &graph.Partnership{Meta: meta("both"), Parties: []string{"p000", "p001"}})
		id := f.led(t)
		f.step(t, "editOpportunity", id, `sharedIn: ["p001-alliance", "both"]`)
		f.refuseStep(t, graph.CodeValidation, "input.to", "offerTransfer", id, `to: "p001"`)
		f.refuseStep(t, graph.CodeValidation, "input.to", "offerTransfer", id, `to: "p002"`) // which may not read it
		f.refuseStep(t, graph.CodeNotFound, "input.to", "offerTransfer", id, `to: "nobody"`)
		f.as("p000")
		f.refuseStep(t, graph.CodeForbidden, "input.opportunity", "answerTransfer", id, "accept: true") // nothing is offered
		f.viewer = graph.Operator
		f.refuseStep(t, graph.CodeInvalidTransition, "input.opportunity", "answerTransfer", id, "accept: true")
		f.as("p001")
		f.step(t, "offerTransfer", id, `to: "p000"`)
		f.as("p000")
		if o := f.step(t, "answerTransfer", id, "accept: false"); o["transferTo"] != nil || idOf(o["owner"]) != "p001" {
			t.Errorf("turned down it is %v", o)
		}
		f.tells(t, graph.EventOpportunityTransferDeclined, "Opportunity:"+id)
		f.as("p001")
		f.step(t, "offerTransfer", id, `to: "p000"`)
		f.as("p000")
		o := f.step(t, "answerTransfer", id, "accept: true, expectedVersion: 7")
		if idOf(o["owner"]) != "p000" || !slices.Equal(ids(o["sharedIn"]), []string{"both"}) || idOf(o["lead"]) != "p000" {
			t.Errorf("taken over it is %v", o)
		}
		// Its audience is the former owner, who reads it for that alone.
		f.step(t, "editOpportunity", id, `audience: {partners: ["p002"]}`)
		if f.reading(t, "p001", id) {
			t.Error("the former owner reads on")
		}
		f.as("p001")
		f.refuseStep(t, graph.CodeNotFound, "input.opportunity", "editOpportunity", id, `title: "Mine"`)
	})
}

// TestNobodyComesToAnOpportunityWhoCouldNotAnswerAnyMore lets an operator accept for a partner that has left, and for
// one that a wall has come to keep out: a partner is asked, and things change before it answers.
func TestNobodyComesToAnOpportunityWhoCouldNotAnswerAnyMore(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.as("p001")
		id := f.posted(t, "")
		invitation := f.invited(t, id, "p002")
		f.step(t, "offerTransfer", id, `to: "p000"`)
		f.viewer = graph.Operator
		f.change(t, "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true}", invitation), "") // while nothing has changed
		f.step(t, "answerTransfer", id, "accept: true")
		f.as("p001")
		asked := map[string]string{}
		for _, partner := range []string{"p000", "p002"} {
			id := f.posted(t, "")
			asked[id] = f.invited(t, id, partner)
			f.step(t, "offerTransfer", id, fmt.Sprintf("to: %q", partner))
		}
		f.put(t, &graph.Wall{Meta: meta("new"), Partner: "p000", Customer: "acme"})
		f.viewer = graph.Operator
		left := *node[*graph.Partner](t, f, "p002")
		left.Status = graph.Left
		f.put(t, &left)
		for id, invitation := range asked {
			f.refuseStep(t, graph.CodeValidation, "input.opportunity", "answerTransfer", id, "accept: true")
			f.refuse(t, graph.CodeValidation, "input.invitation", "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true}", invitation))
			f.step(t, "answerTransfer", id, "accept: false") // which the operator may say for them
			f.change(t, "answerInvitation", fmt.Sprintf(`{invitation: %q, accept: false, reason: "OTHER"}`, invitation), "")
		}
	})
}

func TestAKeyChangesOpportunitiesWithinItsScopes(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		as := func(partner string, scopes ...graph.Scope) {
			f.viewer = (&graph.APIKey{Meta: graph.Meta{ID: "key"}, Partner: partner, Scopes: scopes}).Viewer()
		}
		as("p000", graph.ScopePost, graph.ScopeRead)
		id := f.posted(t, "")
		if event := f.last(t); event.Actor != "SERVICE:p000 key" {
			t.Errorf("the event is %+v", event)
		}
		as("p001", graph.ScopePost, graph.ScopeRead)
		f.refuseStep(t, graph.CodeForbidden, "", "claimOpportunity", id, "")
		f.refuseStep(t, graph.CodeForbidden, "", "claimOpportunity", "nothing", "")
		as("p001", graph.ScopeClaim)
		f.change(t, "claimOpportunity", fmt.Sprintf("{opportunity: %q}", id), "opportunity { id title }")
		f.refuse(t, graph.CodeForbidden, "", "postOpportunity", `{title: "T", customer: "acme", needs: [{competency: "cloud"}], audience: {all: true}}`)
	})
}
