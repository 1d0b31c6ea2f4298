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
		"invite": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, `audience: {partners: ["p001"]}`)
			i := f.invited(t, id, "p000")
			f.tells(t, graph.EventInvitationCreated, "Invitation:"+i)
		},
		"answerInvitation": func(t *testing.T, f *fixture) {
			f.as("p001")
			id := f.posted(t, `audience: {partners: ["p001"]}`)
			i := f.invited(t, id, "p000")
			f.as("p000")
			answer := f.change(t, "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true, expectedVersion: 1}", i), "invitation { state answeredOn version } "+asked)
			if want := (map[string]any{"state": "ACCEPTED", "answeredOn": "2026-11-22", "version": 2.0}); !reflect.DeepEqual(answer["invitation"], want) || !slices.Equal(ids(answer["opportunity"].(map[string]any)["members"]), []string{"p000"}) {
				t.Errorf("the answer is %v", answer)
			}
			f.tells(t, graph.EventMemberJoined, "Opportunity:"+id)
		},
	} {
		mutationCases[name] = does
	}
}

// invited invites a partner and returns the id of the invitation.
func (f *fixture) invited(t *testing.T, opportunity, partner string) string {
	t.Helper()
	answer := f.change(t, "invite", fmt.Sprintf("{opportunity: %q, partner: %q}", opportunity, partner), "invitation { id state sentOn answeredOn reason partner { id } opportunity { id } } opportunity { id }")
	i := answer["invitation"].(map[string]any)
	if i["state"] != "PENDING" || i["sentOn"] != graph.DateOf(f.graph.Clock()).String() || i["answeredOn"] != nil || i["reason"] != nil || idOf(i["partner"]) != partner || idOf(i["opportunity"]) != opportunity || idOf(answer["opportunity"]) != opportunity {
		t.Errorf("the invitation is %v", answer)
	}
	return i["id"].(string)
}

// reading reports whether a partner reads an opportunity.
func (f *fixture) reading(t *testing.T, partner, id string) bool {
	t.Helper()
	asks := f.viewer
	defer func() { f.viewer = asks }()
	f.as(partner)
	return f.ask(t, fmt.Sprintf("{ opportunity(id: %q) { id } }", id))["opportunity"] != nil
}

func TestWhoIsInvitedReadsAndJoins(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.as("p000")
		id := f.posted(t, `audience: {partners: ["p000"]}`)
		if f.reading(t, "p001", id) {
			t.Fatal("everybody reads what is addressed to one")
		}
		i := f.invited(t, id, "p001")
		if event := f.last(t); !slices.Equal(event.Fields, []string{"opportunity", "partner", "state", "sentOn"}) || event.Version != 1 {
			t.Errorf("the event is %+v", event)
		}
		if !f.reading(t, "p001", id) {
			t.Error("who is invited does not read")
		}
		f.refuseStep(t, graph.CodeValidation, "input.partner", "invite", id, `partner: "p001"`) // a second time
		f.refuse(t, graph.CodeForbidden, "", "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true}", i))
		before := f.last(t).Seq
		f.as("p001")
		f.refuse(t, graph.CodeConflict, "input.expectedVersion", "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true, expectedVersion: 7}", i))
		f.refuse(t, graph.CodeValidation, "input.reason", "answerInvitation", fmt.Sprintf(`{invitation: %q, accept: true, reason: "TERMS"}`, i))
		f.change(t, "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true}", i), "")
		events := f.since(t, before)
		if len(events) != 2 || events[0].Type != graph.EventInvitationAccepted || !slices.Equal(events[0].Changes, []string{"Invitation:" + i}) || !slices.Equal(events[0].Fields, []string{"state", "answeredOn"}) ||
			events[1].Type != graph.EventMemberJoined || events[1].Subject != "Opportunity:"+id || !slices.Equal(events[1].Changes, []string{"Opportunity:" + id}) || !slices.Equal(events[1].Fields, []string{"members"}) {
			t.Errorf("the events are %+v", events)
		}
		f.refuse(t, graph.CodeInvalidTransition, "input.invitation", "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true}", i))
		f.refuse(t, graph.CodeNotFound, "input.invitation", "answerInvitation", `{invitation: "none", accept: true}`)
		f.as("p002")
		f.refuse(t, graph.CodeNotFound, "input.invitation", "answerInvitation", fmt.Sprintf("{invitation: %q, accept: true}", i))
	})
}

func TestWhoDeclinesGivesAReasonAndIsNotAskedAgain(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.as("p000")
		id := f.posted(t, `audience: {partners: ["p002"]}`)
		i := f.invited(t, id, "p001")
		f.as("p001")
		for _, reason := range []string{"", `reason: null`, `reason: "BECAUSE"`} {
			refused := f.refuse(t, graph.CodeValidation, "input.reason", "answerInvitation", fmt.Sprintf("{invitation: %q, accept: false %s}", i, reason))
			if allowed, _ := refused["allowed"].([]any); !slices.Contains(allowed, any("CAPACITY")) {
				t.Errorf("of %q the reasons are %v", reason, refused)
			}
		}
		answer := f.change(t, "answerInvitation", fmt.Sprintf(`{invitation: %q, accept: false, reason: "CAPACITY"}`, i), "invitation { state reason } "+asked)
		if want := (map[string]any{"state": "DECLINED", "reason": "CAPACITY"}); !reflect.DeepEqual(answer["invitation"], want) || len(answer["opportunity"].(map[string]any)["declined"].([]any)) != 0 {
			t.Errorf("the answer is %v", answer)
		}
		if event := f.tells(t, graph.EventInvitationDeclined, "Invitation:"+i); !slices.Equal(event.Changes, []string{"Opportunity:" + id, "Invitation:" + i}) || !slices.Equal(event.Fields, []string{"state", "answeredOn", "reason"}) {
			t.Errorf("the event is %+v", event)
		}
		if f.reading(t, "p001", id) || !slices.Equal(node[*graph.Opportunity](t, f, id).Declined, []string{"p001"}) {
			t.Error("who declined reads on, or is not noted")
		}
		f.as("p000")
		f.refuseStep(t, graph.CodeValidation, "input.partner", "invite", id, `partner: "p001"`)
	})
}

func TestAnInvitationIsAnsweredWithinFourteenDays(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		day := f.graph.Clock()
		after := func(days int) { f.setClock(func() time.Time { return day.AddDate(0, 0, days) }) }
		for _, accept := range []string{"accept: true", `accept: false, reason: "OTHER"`} {
			after(0)
			f.as("p000")
			id := f.posted(t, `audience: {partners: ["p000"]}`)
			i := f.invited(t, id, "p001")
			f.as("p001")
			after(15)
			f.refuse(t, graph.CodeInvalidTransition, "input.invitation", "answerInvitation", fmt.Sprintf("{invitation: %q, %s}", i, accept))
			f.as("p000") // which asks again: it is the same invitation
			if again := f.invited(t, id, "p001"); again != i {
				t.Errorf("asked again by %s, not %s", again, i)
			}
			after(29)
			f.as("p001")
			f.change(t, "answerInvitation", fmt.Sprintf("{invitation: %q, %s, expectedVersion: 2}", i, accept), "")
		}
	})
}

// TestNothingIsToldOfWhyAPartnerIsNotInvited compares what is said of one that a wall keeps out with what is said of
// one that is suspended, or declined.
func TestNothingIsToldOfWhyAPartnerIsNotInvited(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		suspended := &graph.Partner{Meta: meta("suspended"), Name: "Suspended", Status: graph.Suspended}
		f.put(t, suspended, &graph.Partner{Meta: meta("apart"), Name: "Apart", Status: graph.Active, Undisclosed: true}, &graph.Partnership{Meta: meta("known"), Parties: []string{"p000", "suspended"}},
			&graph.Wall{Meta: meta("by-need"), Partner: "p001", Customer: "acme", Competency: "cloud"})
		f.as("p000")
		id := f.posted(t, `needs: [{competency: "edge"}]`)
		said := map[string]string{}
		for _, partner := range []string{"p000-unit", "p001-unit", "p001", "suspended"} { // the first three are walled off
			a := f.post(t, fmt.Sprintf("mutation { invite(input: {opportunity: %q, partner: %q}) { seq } }", id, partner), nil)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeValidation) {
				t.Errorf("%s: %+v", partner, a)
				continue
			}
			said[fmt.Sprint(a.Errors[0].Extensions)+strings.ReplaceAll(a.Errors[0].Message, partner, "")] = partner
		}
		if len(said) != 1 {
			t.Errorf("it is told apart why: %v", said)
		}
		f.refuseStep(t, graph.CodeNotFound, "input.partner", "invite", id, `partner: "nobody"`)
		f.refuseStep(t, graph.CodeNotFound, "input.partner", "invite", id, `partner: "apart"`)
		f.refuseStep(t, graph.CodeValidation, "input.partner", "invite", id, `partner: "p000"`)
		f.invited(t, f.posted(t, `needs: [{competency: "it"}]`), "p001") // outside the wall
	})
}
