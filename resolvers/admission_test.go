package resolvers

import (
	"fmt"
	"reflect"
	"testing"

	"valueweb/graph"
)

func init() {
	mutationCases["applyAsPartner"] = func(t *testing.T, f *fixture) {
		f.viewer = asPartner("newcomer")
		if a := f.post(t, `{ partners { totalCount } }`, nil); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeForbidden) {
			t.Errorf("before it applies it is told %+v", a)
		}
		f.refuse(t, graph.CodeForbidden, "input.id", "applyAsPartner", `{id: "other", name: "Newcomer"}`)
		f.refuse(t, graph.CodeValidation, "input.name", "applyAsPartner", `{name: " "}`)
		const input = `{clientToken: "apply", name: "Newcomer", kind: ISV, website: "https://new.example", employees: 3, capacity: 2, tags: ["new"], aliases: ["NC"], discoverable: true}`
		made := f.change(t, "applyAsPartner", input, "partner { id status name kind website employees capacity tags aliases discoverable offices { totalCount } }")
		want := map[string]any{"id": "newcomer", "status": "PENDING", "name": "Newcomer", "kind": "ISV", "website": "https://new.example", "employees": 3.0, "capacity": 2.0,
			"tags": []any{"new"}, "aliases": []any{"NC"}, "discoverable": true, "offices": map[string]any{"totalCount": 0.0}}
		if !reflect.DeepEqual(made["partner"], want) {
			t.Errorf("it applied as %v", made["partner"])
		}
		f.told(t, "partner.applied", "Partner:newcomer", 1, "name", "aliases", "kind", "status", "website", "employees", "capacity", "tags")
		if again := f.change(t, "applyAsPartner", input, "partner { id }"); again["seq"] != made["seq"] {
			t.Errorf("by the same token once more it applied as %v", again)
		}
		f.refuse(t, graph.CodeInvalidTransition, "", "applyAsPartner", `{name: "Newcomer"}`)
		f.viewer = graph.Operator
		if made := f.change(t, "applyAsPartner", `{id: "guided", name: "Guided"}`, "partner { id status }"); !reflect.DeepEqual(made["partner"], map[string]any{"id": "guided", "status": "PENDING"}) {
			t.Errorf("an operator enters %v", made)
		}
		for _, viewer := range []graph.Viewer{{Role: graph.RoleAnalyst}, {Role: graph.RoleCustomer, Organisation: "acme"}} {
			f.viewer = viewer
			f.refuse(t, graph.CodeForbidden, "", "applyAsPartner", `{name: "Nobody"}`)
		}
	}
	mutationCases["approvePartner"] = func(t *testing.T, f *fixture) { everyStep(t, f, "approvePartner", graph.Active, graph.Approved) }
	mutationCases["suspendPartner"] = func(t *testing.T, f *fixture) {
		everyStep(t, f, "suspendPartner", graph.Suspended, graph.SuspendedEvent)
	}
	mutationCases["verifyCertification"] = func(t *testing.T, f *fixture) {
		f.viewer = asPartner("p001")
		made := f.change(t, "createCertification", `{partner: "p001", competency: "edge", scheme: "V"}`, "certification { id verified }")["certification"].(map[string]any)
		id := made["id"].(string)
		if made["verified"] != false {
			t.Error("what a partner enters counts at once")
		}
		verify := func(input string) any {
			t.Helper()
			return f.change(t, "verifyCertification", fmt.Sprintf("{certification: %q%s}", id, input), "certification { verified }")["certification"].(map[string]any)["verified"]
		}
		f.refuse(t, graph.CodeForbidden, "", "verifyCertification", fmt.Sprintf("{certification: %q}", id))
		f.refuse(t, graph.CodeForbidden, "input.verified", "updateCertification", fmt.Sprintf("{id: %q, verified: true}", id))
		f.viewer = graph.Operator
		f.refuse(t, graph.CodeNotFound, "input.certification", "verifyCertification", `{certification: "none"}`)
		f.refuse(t, graph.CodeConflict, "input.expectedVersion", "verifyCertification", fmt.Sprintf("{certification: %q, expectedVersion: 3}", id))
		if verify(", expectedVersion: 1") != true {
			t.Error("it is not verified")
		}
		f.told(t, "certification.updated", "Certification:"+id, 2, "verified")
		f.viewer = asPartner("p001")
		if changed := f.change(t, "updateCertification", fmt.Sprintf(`{id: %q, level: "higher"}`, id), "certification { verified }"); !reflect.DeepEqual(changed["certification"], map[string]any{"verified": false}) {
			t.Errorf("what a partner changes counts on: %v", changed)
		}
		f.told(t, "certification.updated", "Certification:"+id, 3, "level", "verified")
		f.viewer = graph.Operator
		if verify(""); verify(", verified: false") != false {
			t.Error("it is verified still")
		}
		f.change(t, "retireCertification", fmt.Sprintf("{id: %q}", id), "")
	}
	mutationCases["proposePartnership"] = func(t *testing.T, f *fixture) {
		proposed := propose(t, f, asPartner("p001"), `parties: ["p000", "p001", "p001-unit"], kind: "proposal", collaboration: HIGH, startsOn: "2026-01-01", sponsor: "Ada", manager: "Bo", sites: ["square"], dataSharing: CONSENTED, endsOn: "2030-01-01"`)
		if want := []any{named("p000"), named("p001-unit")}; proposed["state"] != "PROPOSED" || !reflect.DeepEqual(proposed["pending"], want) {
			t.Errorf("it is proposed as %v", proposed)
		}
		f.viewer = asPartner("p001")
		f.refuse(t, graph.CodeForbidden, "input.parties", "proposePartnership", `{parties: ["p000", "p000-unit"]}`)
		f.refuse(t, graph.CodeNotFound, "input.parties", "proposePartnership", `{parties: ["p001", "none"]}`)
		f.refuse(t, graph.CodeValidation, "input.parties", "proposePartnership", `{parties: ["p001"]}`)
		f.refuse(t, graph.CodeValidation, "input.parties", "proposePartnership", `{parties: ["p001", "p001"]}`)
		f.refuse(t, graph.CodeValidation, "input.endsOn", "proposePartnership", `{parties: ["p001", "p000"], startsOn: "2026-02-01", endsOn: "2026-01-01"}`)
		f.refuse(t, graph.CodeForbidden, "", "createPartnership", `{parties: ["p001", "p000"]}`)
		f.viewer = graph.Viewer{Role: graph.RoleAnalyst}
		f.refuse(t, graph.CodeForbidden, "", "proposePartnership", `{parties: ["p001", "p000"]}`)
		f.viewer = graph.Operator
		f.change(t, "retirePartnership", fmt.Sprintf("{id: %q}", proposed["id"]), "")
		all := propose(t, f, graph.Operator, `parties: ["p000", "p001"], kind: "urged"`)
		if want := []any{named("p000"), named("p001")}; !reflect.DeepEqual(all["pending"], want) {
			t.Errorf("of what an operator proposes %v have to answer", all["pending"])
		}
		f.change(t, "retirePartnership", fmt.Sprintf("{id: %q}", all["id"]), "")
	}
	mutationCases["answerPartnership"] = func(t *testing.T, f *fixture) {
		id := propose(t, f, asPartner("p000"), `parties: ["p000", "p001", "p001-unit"], kind: "answered"`)["id"]
		answer := func(v graph.Viewer, input string) map[string]any {
			t.Helper()
			f.viewer = v
			return f.change(t, "answerPartnership", fmt.Sprintf("{partnership: %q, %s}", id, input), "partnership { state pending { id } retiredOn version }")["partnership"].(map[string]any)
		}
		f.viewer = asPartner("p000")
		f.refuse(t, graph.CodeInvalidTransition, "input.partnership", "answerPartnership", fmt.Sprintf("{partnership: %q, accept: true}", id))
		f.viewer = asPartner("p000-unit")
		f.refuse(t, graph.CodeNotFound, "input.partnership", "answerPartnership", fmt.Sprintf("{partnership: %q, accept: true}", id))
		f.viewer = asPartner("p001")
		f.refuse(t, graph.CodeForbidden, "input.partner", "answerPartnership", fmt.Sprintf(`{partnership: %q, accept: true, partner: "p001-unit"}`, id))
		f.refuse(t, graph.CodeConflict, "input.expectedVersion", "answerPartnership", fmt.Sprintf(`{partnership: %q, accept: true, expectedVersion: 2}`, id))
		if got := answer(asPartner("p001"), "accept: true, expectedVersion: 1"); got["state"] != "PROPOSED" || !reflect.DeepEqual(got["pending"], []any{named("p001-unit")}) {
			t.Errorf("accepted by one it is %v", got)
		}
		f.told(t, "partnership.updated", fmt.Sprint("Partnership:", id), 2, "pending")
		f.viewer = graph.Operator
		f.refuse(t, graph.CodeValidation, "input.partner", "answerPartnership", fmt.Sprintf("{partnership: %q, accept: true}", id))
		if got := answer(graph.Operator, `accept: true, partner: "p001-unit"`); got["state"] != "ACTIVE" || !reflect.DeepEqual(got["pending"], []any{}) {
			t.Errorf("accepted by all it is %v", got)
		}
		f.refuse(t, graph.CodeInvalidTransition, "input.partnership", "answerPartnership", fmt.Sprintf(`{partnership: %q, accept: false, partner: "p001"}`, id))
		f.change(t, "retirePartnership", fmt.Sprintf("{id: %q}", id), "")
		id = propose(t, f, asPartner("p000"), `parties: ["p000", "p001"], kind: "declined"`)["id"]
		if got := answer(asPartner("p001"), "accept: false"); got["state"] != "ENDED" || got["retiredOn"] != "2026-11-22" {
			t.Errorf("declined it is %v", got)
		}
		f.told(t, "partnership.retired", fmt.Sprint("Partnership:", id), 2, "retiredOn")
		f.refuse(t, graph.CodeInvalidTransition, "input.partnership", "answerPartnership", fmt.Sprintf("{partnership: %q, accept: true}", id))
	}
}

// propose proposes a partnership, which must be told of.
func propose(t *testing.T, f *fixture, v graph.Viewer, input string) map[string]any {
	t.Helper()
	f.viewer = v
	made := f.change(t, "proposePartnership", "{"+input+"}", "partnership { id gid state pending { id } }")["partnership"].(map[string]any)
	if event := f.last(t); event.Type != "partnership.created" || event.Subject != made["gid"] || event.Actor != v.String() {
		t.Errorf("the event is %+v", event)
	}
	return made
}

// everyStep tries a step from every status: the table says which are allowed, and what the log calls them.
func everyStep(t *testing.T, f *fixture, mutation string, to graph.PartnerStatus, event string) {
	from := map[graph.PartnerStatus][]any{ // what is allowed where the step is not
		graph.Active: {"SUSPENDED", "LEFT"}, graph.Pending: {"ACTIVE", "SUSPENDED", "LEFT"}, graph.Suspended: {"ACTIVE", "LEFT"}, graph.Left: nil,
	}
	for status, allowed := range from {
		id := fmt.Sprintf("%s-%s", mutation, status)
		f.bring(t, &graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: status})
		f.viewer = asPartner("p000")
		f.refuse(t, graph.CodeForbidden, "", mutation, fmt.Sprintf("{partner: %q}", id))
		f.viewer = graph.Operator
		f.refuse(t, graph.CodeConflict, "input.expectedVersion", mutation, fmt.Sprintf("{partner: %q, expectedVersion: 2}", id))
		if status == to || status == graph.Left {
			refused := f.refuse(t, graph.CodeInvalidTransition, "input.partner", mutation, fmt.Sprintf("{partner: %q}", id))
			if got, _ := refused["allowed"].([]any); !reflect.DeepEqual(got, allowed) {
				t.Errorf("from %s there is allowed %v, not %v", status, got, allowed)
			}
			continue
		}
		changed := f.change(t, mutation, fmt.Sprintf("{partner: %q, expectedVersion: 1}", id), "partner { status version }")
		if want := (map[string]any{"status": string(to), "version": 2.0}); !reflect.DeepEqual(changed["partner"], want) {
			t.Errorf("from %s it became %v", status, changed)
		}
		f.told(t, "partner."+event, "Partner:"+id, 2, "status")
	}
	f.refuse(t, graph.CodeNotFound, "input.partner", mutation, `{partner: "none"}`)
}
