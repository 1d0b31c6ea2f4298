package resolvers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
)

// fill puts nodes as an import does, with the states that they state.
func (f *fixture) fill(t *testing.T, nodes ...graph.Node) {
	t.Helper()
	_, err := f.store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		for i, refusal := range refusals {
			if refusal != nil {
				t.Errorf("%s: %v", nodes[i].GID(), refusal)
			}
		}
		if err != nil || len(tx.Changed()) == 0 {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// at sets the clock of the service to a day.
func (f *fixture) at(day graph.Date) {
	f.setClock(func() time.Time { return day.Time().Add(9 * time.Hour) })
}

// askAs asks on behalf of a viewer: OPERATOR, PARTNER:acme.
func (f *fixture) askAs(t *testing.T, viewer string) {
	t.Helper()
	v, ok := graph.ParseViewer(viewer)
	if !ok {
		t.Fatal(viewer)
	}
	f.viewer = v
}

// tellings are the types and subjects of events.
func tellings(events []graph.Event) []string {
	var all []string
	for _, event := range events {
		all = append(all, event.Type+" "+event.Subject)
	}
	return all
}

// referralOf reads a referral as the store has it.
func (f *fixture) referralOf(t *testing.T, id string) *graph.Referral {
	t.Helper()
	nodes, err := f.store.Read(t.Context(), graph.Operator, graph.KindReferral, []string{id})
	if err != nil || nodes[0] == nil {
		t.Fatal(id, nodes, err)
	}
	return nodes[0].(*graph.Referral)
}

// same compares what is told with what is right, as JSON.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	a, errA := json.Marshal(got)
	b, errB := json.Marshal(want)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("%s: %s, not %s", what, a, b)
	}
}

var today = graph.NewDate(2026, 11, 22)

func partnerNode(id string) *graph.Partner {
	return &graph.Partner{Meta: graph.Meta{ID: id}, Name: "Partner " + id, Status: graph.Active}
}

func init() {
	all := `referral { id version state from { id } to { id } customer { id } competency { id } value { amount currency } sentOn answeredOn closedOn parent { id } } child { id state parent { id } }`
	send := func(t *testing.T, f *fixture, to string) string {
		t.Helper()
		made := f.change(t, "sendReferral", fmt.Sprintf(`{from: "p000", to: %q, customer: "acme", competency: "cloud"}`, to), all)
		return made["referral"].(map[string]any)["id"].(string)
	}
	mutationCases["sendReferral"] = func(t *testing.T, f *fixture) {
		f.askAs(t, "PARTNER:p000")
		made := f.change(t, "sendReferral", `{to: "p001", customer: "acme", competency: "cloud", value: {amount: "12.50", currency: "CHF"}}`, all)
		referral := made["referral"].(map[string]any)
		id := referral["id"].(string)
		same(t, "sent", referral, map[string]any{
			"id": id, "version": 1, "state": "NEW", "from": map[string]any{"id": "p000"}, "to": map[string]any{"id": "p001"}, "customer": map[string]any{"id": "acme"}, "competency": map[string]any{"id": "cloud"},
			"value": map[string]any{"amount": "12.50", "currency": "CHF"}, "sentOn": "2026-11-22", "answeredOn": nil, "closedOn": nil, "parent": nil,
		})
		event := f.last(t)
		same(t, "event", []any{event.Type, event.Subject, event.Version, event.Actor, event.Changes, event.Fields, fmt.Sprint(event.Seq)}, []any{
			"referral.sent", "Referral:" + id, 1, "PARTNER:p000", []string{"Referral:" + id}, []string{"from", "to", "customer", "competency", "state", "value", "sentOn"}, made["seq"],
		})
		f.refuse(t, graph.CodeForbidden, "input.from", "sendReferral", `{from: "p001", to: "p001-unit"}`)
		f.refuse(t, graph.CodeValidation, "input.to", "sendReferral", `{to: "p000"}`)
		f.refuse(t, graph.CodeNotFound, "input.to", "sendReferral", `{to: "none"}`)
		f.refuse(t, graph.CodeNotFound, "input.customer", "sendReferral", `{to: "p001", customer: "none"}`)
		f.refuse(t, graph.CodeNotFound, "input.competency", "sendReferral", `{to: "p001", competency: "none"}`)
		f.refuse(t, graph.CodeValidation, "input.value.amount", "sendReferral", `{to: "p001", value: {amount: "1.234", currency: "EUR"}}`)
		f.refuse(t, graph.CodeValidation, "input.value.amount", "sendReferral", `{to: "p001", value: {amount: "-1", currency: "EUR"}}`)
		f.viewer = graph.Operator
		f.refuse(t, graph.CodeValidation, "input.from", "sendReferral", `{to: "p001"}`)
	}
	mutationCases["answerReferral"] = func(t *testing.T, f *fixture) {
		for answer, state := range map[string]string{"true": "ACTIVE", "false": "DECLINED"} {
			id := send(t, f, "p001")
			f.askAs(t, "PARTNER:p001")
			referral := f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: %s, expectedVersion: 1}`, id, answer), all)["referral"].(map[string]any)
			same(t, "answered", []any{referral["state"], referral["version"], referral["answeredOn"]}, []any{state, 2, "2026-11-22"})
			event := f.last(t)
			same(t, "event", []any{event.Type, event.Subject}, []any{map[string]string{"true": "referral.accepted", "false": "referral.declined"}[answer], "Referral:" + id})
			extensions := f.refuse(t, graph.CodeInvalidTransition, "input.referral", "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, id))
			same(t, "allowed", extensions["allowed"], map[string]any{"true": []any{"FORWARDED", "WON", "LOST"}, "false": nil}[answer])
			f.viewer = graph.Operator
		}
	}
	mutationCases["forwardReferral"] = func(t *testing.T, f *fixture) {
		id := send(t, f, "p001")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, id), "")
		before := f.seq(t)
		f.askAs(t, "PARTNER:p001")
		done := f.change(t, "forwardReferral", fmt.Sprintf(`{referral: %q, to: "p001-unit", competency: "edge", expectedVersion: 2}`, id), all+` referral { children { nodes { id } } }`)
		referral, child := done["referral"].(map[string]any), done["child"].(map[string]any)
		same(t, "forwarded", []any{referral["id"], referral["state"], referral["version"]}, []any{id, "FORWARDED", 3})
		same(t, "child", child, map[string]any{"id": child["id"], "state": "NEW", "parent": map[string]any{"id": id}})
		same(t, "children", referral["children"], map[string]any{"nodes": []any{map[string]any{"id": child["id"]}}})
		made := f.referralOf(t, child["id"].(string))
		same(t, "made", []any{made.From, made.To, made.Customer, made.Competency, made.SentOn.String(), made.Parent}, []any{"p001", "p001-unit", "acme", "edge", "2026-11-22", id})
		same(t, "events", tellings(f.since(t, before)), []string{"referral.forwarded Referral:" + id, "referral.sent Referral:" + made.ID})
		same(t, "seq", done["seq"], fmt.Sprint(f.seq(t)))
	}
	mutationCases["closeReferral"] = func(t *testing.T, f *fixture) {
		for _, outcome := range []string{"WON", "LOST"} {
			id := send(t, f, "p001")
			f.askAs(t, "PARTNER:p001")
			f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, id), "")
			value := ""
			if outcome == "WON" {
				value = `value: {amount: "99.00", currency: "EUR"}`
			}
			referral := f.change(t, "closeReferral", fmt.Sprintf(`{referral: %q, outcome: %s, expectedVersion: 2, %s}`, id, outcome, value), all)["referral"].(map[string]any)
			same(t, "closed", []any{referral["state"], referral["version"], referral["closedOn"]}, []any{outcome, 3, "2026-11-22"})
			event := f.last(t)
			same(t, "event", []any{event.Type, event.Subject}, []any{"referral." + strings.ToLower(outcome), "Referral:" + id})
			if outcome == "WON" {
				same(t, "value", []any{referral["value"], event.Fields}, []any{map[string]any{"amount": "99.00", "currency": "EUR"}, []string{"state", "value", "closedOn"}})
			}
			f.refuse(t, graph.CodeInvalidTransition, "input.referral", "closeReferral", fmt.Sprintf(`{referral: %q, outcome: LOST}`, id))
			f.viewer = graph.Operator
		}
	}
}

// referralRoles are those who may come to a referral from a to b that passes on one from before to a, about acme: what
// they are to it, and what those are told who may not change it.
var referralRoles = map[string]struct {
	viewer  graph.Viewer
	parties []graph.ReferralParty
	refused graph.Code
}{
	"operator":               {graph.Operator, []graph.ReferralParty{graph.BySender, graph.ByRecipient}, ""},
	"sender":                 {graph.Viewer{Role: graph.RolePartner, Organisation: "a"}, []graph.ReferralParty{graph.BySender}, graph.CodeForbidden},
	"recipient":              {graph.Viewer{Role: graph.RolePartner, Organisation: "b"}, []graph.ReferralParty{graph.ByRecipient}, graph.CodeForbidden},
	"program of recipient":   {(&graph.APIKey{Meta: graph.Meta{ID: "key"}, Partner: "b", Scopes: []graph.Scope{graph.ScopeRead, graph.ScopeRefer}}).Viewer(), []graph.ReferralParty{graph.ByRecipient}, graph.CodeForbidden},
	"program without scope":  {(&graph.APIKey{Meta: graph.Meta{ID: "key"}, Partner: "b", Scopes: []graph.Scope{graph.ScopeRead, graph.ScopePost, graph.ScopeClaim, graph.ScopeSubscribe}}).Viewer(), nil, graph.CodeForbidden},
	"sender of the parent":   {graph.Viewer{Role: graph.RolePartner, Organisation: "before"}, nil, graph.CodeForbidden},
	"partner without a part": {graph.Viewer{Role: graph.RolePartner, Organisation: "stranger"}, nil, graph.CodeNotFound},
	"customer":               {graph.Viewer{Role: graph.RoleCustomer, Organisation: "acme"}, nil, graph.CodeForbidden},
	"another customer":       {graph.Viewer{Role: graph.RoleCustomer, Organisation: "other"}, nil, graph.CodeNotFound},
	"analyst":                {graph.Viewer{Role: graph.RoleAnalyst}, nil, graph.CodeForbidden},
}

// byHand are the changes that somebody asks for, and how.
var byHand = map[graph.ReferralChange]string{
	graph.AcceptReferral:  `answerReferral(input: {referral: %q, accept: true})`,
	graph.DeclineReferral: `answerReferral(input: {referral: %q, accept: false})`,
	graph.ForwardReferral: `forwardReferral(input: {referral: %q, to: "c"})`,
	graph.WinReferral:     `closeReferral(input: {referral: %q, outcome: WON})`,
	graph.LoseReferral:    `closeReferral(input: {referral: %q, outcome: LOST})`,
}

func TestEveryChangeOfAReferralIsAllowedToWhomTheLifecycleSaysAndToNobodyElse(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		nodes := []graph.Node{
			partnerNode("before"), partnerNode("a"), partnerNode("b"), partnerNode("c"), partnerNode("stranger"),
			&graph.Customer{Meta: graph.Meta{ID: "other"}, Name: "Other", Consent: true},
		}
		each := func(do func(id, role string, state graph.ReferralState, change graph.ReferralChange)) {
			for _, state := range graph.ReferralStates {
				for _, change := range slices.Sorted(maps.Keys(byHand)) {
					for _, role := range slices.Sorted(maps.Keys(referralRoles)) {
						do(strings.ReplaceAll(fmt.Sprint(state, "-", change, "-", role), " ", "-"), role, state, change)
					}
				}
			}
		}
		each(func(id, _ string, state graph.ReferralState, _ graph.ReferralChange) {
			nodes = append(nodes,
				&graph.Referral{Meta: graph.Meta{ID: "before-" + id}, From: "before", To: "a", Customer: "acme", State: graph.ReferralForwarded, SentOn: today},
				&graph.Referral{Meta: graph.Meta{ID: id}, From: "a", To: "b", Customer: "acme", State: state, SentOn: today, Parent: "before-" + id},
			)
		})
		f.fill(t, nodes...)
		tried, begun, right := 0, f.seq(t), map[string]graph.ReferralState{}
		each(func(id, role string, state graph.ReferralState, change graph.ReferralChange) {
			r := referralRoles[role]
			f.viewer = r.viewer
			a := f.post(t, "mutation { "+fmt.Sprintf(byHand[change], id)+" { referral { id } } }", nil)
			step := slices.IndexFunc(graph.ReferralLifecycle, func(s graph.ReferralStep) bool {
				return s.In == state && s.Change == change && slices.Contains(r.parties, s.By)
			})
			if step >= 0 {
				tried++
				right[id] = graph.ReferralLifecycle[step].Then
				events := tellings(f.since(t, begun))
				begun = f.seq(t)
				if len(a.Errors) > 0 || len(events) == 0 || events[0] != graph.ReferralLifecycle[step].Event+" Referral:"+id {
					t.Errorf("%s, %s by the %s: %+v, and the events %v", state, change, role, a, events)
				}
				return
			}
			code := r.refused
			if slices.Contains(r.parties, graph.ByRecipient) {
				code = graph.CodeInvalidTransition // somebody who could, in another state
			}
			if right[id] = state; len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(code) {
				t.Errorf("%s, %s by the %s: %+v, not %s", state, change, role, a, code)
			}
		})
		if events := f.since(t, begun); len(events) > 0 {
			t.Errorf("what was refused made the events %v", tellings(events))
		}
		ids := slices.Sorted(maps.Keys(right))
		now, err := f.store.Read(t.Context(), graph.Operator, graph.KindReferral, ids)
		if err != nil {
			t.Fatal(err)
		}
		for i, node := range now {
			if r := node.(*graph.Referral); r.State != right[ids[i]] {
				t.Errorf("%s is %s, not %s", ids[i], r.State, right[ids[i]])
			}
		}
		if want := 5 * 3; tried != want {
			t.Errorf("%d steps were allowed, not the %d of the lifecycle by 3 roles", tried, want)
		}
		for role, r := range referralRoles {
			f.viewer = r.viewer
			from := ""
			if r.viewer == graph.Operator {
				from = `from: "a", `
			}
			a := f.post(t, fmt.Sprintf(`mutation { sendReferral(input: {%sto: "c"}) { referral { state } } }`, from), nil)
			sends := r.viewer == graph.Operator || r.viewer.Role == graph.RolePartner && r.viewer.Within(graph.ScopeRefer) == nil
			if sends && len(a.Errors) > 0 || !sends && (len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeForbidden)) {
				t.Errorf("sending by the %s: %+v", role, a)
			}
		}
	})
}

// handOver sends a referral along some partners, from each to the next, and returns the ids; all but the last one are
// FORWARDED, and that one is NEW.
func (f *fixture) handOver(t *testing.T, extra string, partners ...string) []string {
	t.Helper()
	f.viewer = graph.Operator
	made := f.change(t, "sendReferral", fmt.Sprintf(`{from: %q, to: %q %s}`, partners[0], partners[1], extra), "referral { id }")
	ids := []string{made["referral"].(map[string]any)["id"].(string)}
	for _, to := range partners[2:] {
		id := ids[len(ids)-1]
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, id), "")
		made := f.change(t, "forwardReferral", fmt.Sprintf(`{referral: %q, to: %q}`, id, to), "child { id }")
		ids = append(ids, made["child"].(map[string]any)["id"].(string))
	}
	return ids
}

func partnersNamed(ids ...string) []graph.Node {
	var nodes []graph.Node
	for _, id := range ids {
		nodes = append(nodes, partnerNode(id))
	}
	return nodes
}

func TestAChainClosesWithItsLastReferral(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b", "c", "d")...)
		for _, c := range []struct {
			last  []string // what happens to the last one
			types []string // of the events, from the last one up
			state graph.ReferralState
		}{
			{[]string{"answerReferral(input: {referral: %q, accept: true})", "closeReferral(input: {referral: %q, outcome: WON, value: {amount: \"7\", currency: \"EUR\"}})"}, []string{"referral.won", "referral.won", "referral.won"}, graph.ReferralWon},
			{[]string{"answerReferral(input: {referral: %q, accept: true})", "closeReferral(input: {referral: %q, outcome: LOST})"}, []string{"referral.lost", "referral.lost", "referral.lost"}, graph.ReferralLost},
			{[]string{"answerReferral(input: {referral: %q, accept: false})"}, []string{"referral.declined", "referral.lost", "referral.lost"}, graph.ReferralLost},
		} {
			f.at(today)
			ids := f.handOver(t, `, value: {amount: "1", currency: "EUR"}`, "a", "b", "c", "d")
			f.at(today.AddDays(3))
			f.askAs(t, "PARTNER:d")
			var before int64
			for _, step := range c.last {
				before = f.seq(t)
				f.ask(t, "mutation { "+fmt.Sprintf(step, ids[2])+" { seq } }")
			}
			var want []string
			for i, event := range c.types {
				want = append(want, event+" Referral:"+ids[2-i])
			}
			same(t, "events", tellings(f.since(t, before)), want)
			for _, id := range ids[:2] {
				parent := f.referralOf(t, id)
				if parent.State != c.state || parent.ClosedOn != today.AddDays(3) || parent.AnsweredOn != today {
					t.Errorf("the parent is %+v", parent)
				}
			}
			if first := f.referralOf(t, ids[0]); first.Value == nil || first.Value.Amount != "1" {
				t.Errorf("the first one came to be worth %v", first.Value)
			}
		}
	})
}

func TestAReferralThatSeveralPassOnIsWonByOneAndLostByAll(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b", "c", "d")...)
		referral := func(id, from, to, parent string, state graph.ReferralState) graph.Node {
			return &graph.Referral{Meta: graph.Meta{ID: id}, From: from, To: to, State: state, SentOn: today, Parent: parent}
		}
		for i, c := range []struct {
			first, second string
			after, last   graph.ReferralState
		}{
			{"LOST", "WON", graph.ReferralForwarded, graph.ReferralWon}, {"LOST", "LOST", graph.ReferralForwarded, graph.ReferralLost}, {"WON", "LOST", graph.ReferralWon, graph.ReferralWon},
		} {
			root, one, two := fmt.Sprint("root", i), fmt.Sprint("one", i), fmt.Sprint("two", i)
			f.fill(t, referral(root, "a", "b", "", graph.ReferralForwarded), referral(one, "b", "c", root, graph.ReferralActive), referral(two, "b", "d", root, graph.ReferralActive))
			f.change(t, "closeReferral", fmt.Sprintf(`{referral: %q, outcome: %s}`, one, c.first), "")
			same(t, "after the first", f.referralOf(t, root).State, c.after)
			f.change(t, "closeReferral", fmt.Sprintf(`{referral: %q, outcome: %s}`, two, c.second), "")
			same(t, "after the second", f.referralOf(t, root).State, c.last)
		}
	})
}

func TestAReferralIsNotPassedOnToWhoHadItAndTheCircleIsNamed(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b", "c", "d", "e", "f", "g")...)
		f.fill(t, &graph.Partner{Meta: graph.Meta{ID: "shy"}, Name: "Shy", Status: graph.Active, Undisclosed: true})
		ids := f.handOver(t, "", "a", "shy", "b", "c")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, ids[2]), "")
		circle := func(viewer, to, named string) {
			t.Helper()
			f.askAs(t, viewer)
			a := f.post(t, fmt.Sprintf(`mutation { forwardReferral(input: {referral: %q, to: %q}) { seq } }`, ids[2], to), nil)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "VALIDATION" || a.Errors[0].Extensions["field"] != "input.to" || a.Errors[0].Extensions["allowed"] != nil || !strings.HasSuffix(a.Errors[0].Message, named) {
				t.Errorf("%s to %s: %+v, not %s", viewer, to, a, named)
			}
		}
		circle("PARTNER:c", "a", "a → … → b → c → a")
		circle("OPERATOR", "a", "a → shy → b → c → a")
		circle("OPERATOR", "shy", "shy → b → c → shy")
		circle("PARTNER:c", "b", "b → c → b")
		f.refuse(t, graph.CodeNotFound, "input.to", "forwardReferral", fmt.Sprintf(`{referral: %q, to: "shy"}`, ids[2]))
		f.refuse(t, graph.CodeValidation, "input.to", "forwardReferral", fmt.Sprintf(`{referral: %q, to: "c"}`, ids[2]))

		// Five referrals are a chain, and six are none.
		five := f.handOver(t, "", "a", "b", "c", "d", "e", "f")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, five[4]), "")
		f.refuse(t, graph.CodeValidation, "input.referral", "forwardReferral", fmt.Sprintf(`{referral: %q, to: "g"}`, five[4]))
		f.change(t, "closeReferral", fmt.Sprintf(`{referral: %q, outcome: WON}`, five[4]), "")
		same(t, "the first of five", f.referralOf(t, five[0]).State, graph.ReferralWon)
	})
}

func TestAReferralIsAnsweredThroughItsFourteenthDay(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b")...)
		early, late := f.handOver(t, "", "a", "b")[0], f.handOver(t, "", "a", "b")[0]
		f.at(today.AddDays(14))
		f.askAs(t, "PARTNER:b")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, early), "")
		f.at(today.AddDays(15))
		for _, answer := range []string{"true", "false"} {
			if extensions := f.refuse(t, graph.CodeInvalidTransition, "input.referral", "answerReferral", fmt.Sprintf(`{referral: %q, accept: %s}`, late, answer)); extensions["allowed"] != nil {
				t.Errorf("after its time a referral can become %v", extensions["allowed"])
			}
		}
	})
}

func TestAReferralIsSentBetweenActivePartners(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b")...)
		for _, status := range []graph.PartnerStatus{graph.Pending, graph.Suspended, graph.Left} {
			partner := partnerNode(strings.ToLower(string(status)))
			partner.Status = status
			f.fill(t, partner, &graph.Referral{Meta: graph.Meta{ID: "to-" + partner.ID}, From: partner.ID, To: "a", State: graph.ReferralLost, SentOn: today}, &graph.Referral{Meta: graph.Meta{ID: "of-" + partner.ID}, From: "b", To: partner.ID, State: graph.ReferralActive, SentOn: today})
			f.askAs(t, "PARTNER:a") // who knows it
			f.refuse(t, graph.CodeValidation, "input.to", "sendReferral", fmt.Sprintf(`{to: %q}`, partner.ID))
			f.askAs(t, "PARTNER:"+partner.ID)
			f.refuse(t, graph.CodeForbidden, "", "sendReferral", `{to: "b"}`)
			f.refuse(t, graph.CodeForbidden, "", "forwardReferral", fmt.Sprintf(`{referral: "of-%s", to: "a"}`, partner.ID))
			f.viewer = graph.Operator
			f.refuse(t, graph.CodeValidation, "input.from", "sendReferral", fmt.Sprintf(`{from: %q, to: "b"}`, partner.ID))
			f.refuse(t, graph.CodeValidation, "input.referral", "forwardReferral", fmt.Sprintf(`{referral: "of-%s", to: "a"}`, partner.ID))
		}
		f.askAs(t, "PARTNER:b") // who has nothing to do with it
		f.fill(t, &graph.Partner{Meta: graph.Meta{ID: "nobody"}, Name: "Nobody", Status: graph.Left})
		f.refuse(t, graph.CodeNotFound, "input.to", "sendReferral", `{to: "nobody"}`)
		f.fill(t, &graph.Customer{Meta: graph.Meta{ID: "gone", RetiredOn: today}, Name: "Gone"}, &graph.CustomerPartner{Meta: graph.Meta{ID: "gone-b"}, Customer: "gone", Partner: "b", Role: graph.CustomerOwner},
			&graph.Competency{Meta: graph.Meta{ID: "telex", RetiredOn: today}, Name: "Telex"}, &graph.Customer{Meta: graph.Meta{ID: "elsewhere"}, Name: "Elsewhere"})
		f.refuse(t, graph.CodeValidation, "input.customer", "sendReferral", `{to: "a", customer: "gone"}`)
		f.refuse(t, graph.CodeValidation, "input.competency", "sendReferral", `{to: "a", competency: "telex"}`)
		f.refuse(t, graph.CodeNotFound, "input.customer", "sendReferral", `{to: "a", customer: "elsewhere"}`)
	})
}

func TestACustomerTravelsWithAReferralOnlyIfItConsented(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b", "c")...)
		for _, consent := range []bool{false, true} {
			id := fmt.Sprint("consent-", consent)
			f.fill(t, &graph.Customer{Meta: graph.Meta{ID: id}, Name: "Customer", Consent: consent}, &graph.CustomerPartner{Meta: graph.Meta{ID: id}, Customer: id, Partner: "a", Role: graph.CustomerOwner})
			f.askAs(t, "PARTNER:a")
			first := f.change(t, "sendReferral", fmt.Sprintf(`{to: "b", customer: %q, competency: "cloud"}`, id), "referral { id customer { name } }")["referral"].(map[string]any)
			same(t, "who sends is told", first["customer"], map[string]any{"name": "Customer"})
			var customer any
			if consent {
				customer = map[string]any{"name": "Customer"}
			}
			f.askAs(t, "PARTNER:b")
			f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, first["id"]), "")
			forwarded := f.change(t, "forwardReferral", fmt.Sprintf(`{referral: %q, to: "c"}`, first["id"]), "referral { customer { name } competency { id } } child { id customer { name } competency { id } }")
			child := forwarded["child"].(map[string]any)
			same(t, "who passes it on is told", []any{forwarded["referral"].(map[string]any)["customer"], child["customer"]}, []any{customer, customer})
			for _, viewer := range []string{"PARTNER:b", "PARTNER:c"} {
				f.askAs(t, viewer)
				answer := f.ask(t, fmt.Sprintf(`{ referral(id: %q) { customer { name } competency { id } } customer(id: %q) { name } }`, child["id"], id))
				same(t, viewer+" is told", answer, map[string]any{"referral": map[string]any{"customer": customer, "competency": map[string]any{"id": "cloud"}}, "customer": customer})
			}
			same(t, "it is about", f.referralOf(t, child["id"].(string)).Customer, id)
		}
	})
}

func TestAPartnerSendsNoReferralAboutWhatAWallKeepsItOutOf(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b", "c")...)
		f.fill(t, &graph.CustomerPartner{Meta: graph.Meta{ID: "serves-a"}, Customer: "acme", Partner: "a", Role: graph.CustomerOwner},
			&graph.Competency{Meta: graph.Meta{ID: "far-edge"}, Name: "Far edge", Broader: []string{"edge"}},
			&graph.Wall{Meta: graph.Meta{ID: "wall-a"}, Partner: "a", Customer: "acme", Competency: "edge"},
			&graph.Wall{Meta: graph.Meta{ID: "wall-b"}, Partner: "b", Customer: "acme", Competency: "far-edge"})
		f.askAs(t, "PARTNER:a")
		f.refuse(t, graph.CodeForbidden, "", "sendReferral", `{to: "b", customer: "acme", competency: "far-edge"}`)
		f.refuse(t, graph.CodeForbidden, "", "sendReferral", `{to: "b", customer: "acme", competency: "edge"}`)
		id := f.change(t, "sendReferral", `{to: "b", customer: "acme", competency: "cloud"}`, "referral { id }")["referral"].(map[string]any)["id"]
		f.askAs(t, "PARTNER:b")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, id), "")
		f.refuse(t, graph.CodeForbidden, "", "forwardReferral", fmt.Sprintf(`{referral: %q, to: "c", competency: "far-edge"}`, id))
		f.refuse(t, graph.CodeValidation, "input.competency", "forwardReferral", fmt.Sprintf(`{referral: %q, to: "c", competency: "it"}`, id))
		f.change(t, "forwardReferral", fmt.Sprintf(`{referral: %q, to: "c", competency: "edge"}`, id), "")
		// Nothing says that the recipient is kept out: it never hears of it.
		f.viewer = graph.Operator
		hidden := f.change(t, "sendReferral", `{from: "c", to: "a", customer: "acme", competency: "edge"}`, "referral { id }")["referral"].(map[string]any)["id"]
		f.askAs(t, "PARTNER:a")
		f.refuse(t, graph.CodeNotFound, "input.referral", "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, hidden))
	})
}

func TestAStaleChangeOfAReferralTellsWhatHasChanged(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b")...)
		id := f.handOver(t, "", "a", "b")[0]
		f.askAs(t, "PARTNER:b")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true, expectedVersion: 1}`, id), "")
		extensions := f.refuse(t, graph.CodeConflict, "input.expectedVersion", "closeReferral", fmt.Sprintf(`{referral: %q, outcome: WON, expectedVersion: 1}`, id))
		same(t, "conflict", []any{extensions["currentVersion"], extensions["changedFields"]}, []any{2, []string{"state", "answeredOn"}})
		f.refuse(t, graph.CodeValidation, "input.value", "closeReferral", fmt.Sprintf(`{referral: %q, outcome: LOST, value: {amount: "1", currency: "EUR"}}`, id))
		f.refuse(t, graph.CodeValidation, "input.value.amount", "closeReferral", fmt.Sprintf(`{referral: %q, outcome: WON, value: {amount: "1.555", currency: "EUR"}}`, id))
		f.refuse(t, graph.CodeNotFound, "input.referral", "closeReferral", `{referral: "none", outcome: WON, expectedVersion: 7}`)
	})
}

func TestACreationOfAReferralWithATokenIsDoneOnce(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.fill(t, partnersNamed("a", "b", "c")...)
		f.askAs(t, "PARTNER:a")
		first := f.change(t, "sendReferral", `{to: "b", clientToken: "one"}`, "referral { id }")
		f.change(t, "sendReferral", `{to: "c"}`, "")
		before := f.seq(t)
		same(t, "again", f.change(t, "sendReferral", `{to: "b", clientToken: "one"}`, "referral { id }"), first)
		f.refuse(t, graph.CodeTokenReused, "input.clientToken", "sendReferral", `{to: "c", clientToken: "one"}`)
		same(t, "seq", f.seq(t), before)
		id := first["referral"].(map[string]any)["id"]
		f.askAs(t, "PARTNER:b")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, id), "")
		forward := fmt.Sprintf(`{referral: %q, to: "c", expectedVersion: 2, clientToken: "one"}`, id)
		forwarded := f.change(t, "forwardReferral", forward, "referral { id state } child { id }")
		f.askAs(t, "PARTNER:c")
		f.change(t, "answerReferral", fmt.Sprintf(`{referral: %q, accept: true}`, forwarded["child"].(map[string]any)["id"]), "")
		f.askAs(t, "PARTNER:b")
		same(t, "again", f.change(t, "forwardReferral", forward, "referral { id state } child { id }"), forwarded)
	})
}
