package resolvers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
)

// change runs a mutation that must be answered, and returns the answer of its field.
func (f *fixture) change(t *testing.T, field, input, selection string) map[string]any {
	t.Helper()
	answer := f.ask(t, fmt.Sprintf("mutation { %s(input: %s) { seq %s } }", field, input, selection))
	return answer[field].(map[string]any)
}

// refuse runs a mutation that must be refused, with a code and for a field, and returns what stands beside the code.
func (f *fixture) refuse(t *testing.T, code graph.Code, field, mutation, input string) map[string]any {
	t.Helper()
	before, err := f.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := f.post(t, fmt.Sprintf("mutation { %s(input: %s) { seq } }", mutation, input), nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(code) || field != "" && a.Errors[0].Extensions["field"] != field {
		t.Errorf("%s %s: %+v, not %s of %s", mutation, input, a, code, field)
		return nil
	}
	if after, err := f.store.Seq(t.Context()); err != nil || after != before {
		t.Errorf("%s %s: the log went on from %d to %d, %v", mutation, input, before, after, err)
	}
	return a.Errors[0].Extensions
}

// last is the newest event of the log.
func (f *fixture) last(t *testing.T) graph.Event {
	t.Helper()
	seq, err := f.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events, err := f.store.Events(t.Context(), graph.Operator, seq-1, 1)
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	return events[0]
}

func TestAMutationChangesWhatItSaysAndTellsOfIt(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		wall := `wall { id version segment retiredOn partner { id name } customer { id } competency { id } partnership { id } }`
		made := f.change(t, "createWall", `{partner: "p000", customer: "acme", competency: "cloud"}`, wall)
		id := graph.NaturalID([]string{"p000", "acme", "", "cloud", ""})
		want := map[string]any{
			"id": id, "version": 1.0, "segment": nil, "retiredOn": nil, "partner": map[string]any{"id": "p000", "name": "Partner p000"},
			"customer": map[string]any{"id": "acme"}, "competency": map[string]any{"id": "cloud"}, "partnership": nil,
		}
		if !reflect.DeepEqual(made["wall"], want) {
			t.Errorf("the wall is %v, not %v", made["wall"], want)
		}
		event := f.last(t)
		if event.Type != "wall.created" || event.Subject != "Wall:"+id || event.Version != 1 || event.Actor != "OPERATOR" ||
			!slices.Equal(event.Changes, []string{"Wall:" + id}) || !slices.Equal(event.Fields, []string{"partner", "customer", "competency"}) || fmt.Sprint(event.Seq) != made["seq"] {
			t.Errorf("the event is %+v", event)
		}
		changed := f.change(t, "updateWall", fmt.Sprintf(`{id: %q, expectedVersion: 1, customer: null, segment: " SMB "}`, id), wall)["wall"].(map[string]any)
		if changed["customer"] != nil || changed["segment"] != "SMB" || changed["version"] != 2.0 || changed["competency"] == nil {
			t.Errorf("the changed wall is %v", changed)
		}
		if event := f.last(t); event.Type != "wall.updated" || !slices.Equal(event.Fields, []string{"customer", "segment"}) {
			t.Errorf("the event is %+v", event)
		}
		retired := f.change(t, "retireWall", fmt.Sprintf(`{id: %q, expectedVersion: 2}`, id), wall)["wall"].(map[string]any)
		if retired["retiredOn"] != "2026-11-22" || retired["version"] != 3.0 {
			t.Errorf("the retired wall is %v", retired)
		}
		if event := f.last(t); event.Type != "wall.retired" || !slices.Equal(event.Fields, []string{"retiredOn"}) {
			t.Errorf("the event is %+v", event)
		}
		f.refuse(t, graph.CodeInvalidTransition, "input.id", "updateWall", fmt.Sprintf(`{id: %q, segment: "X"}`, id))
		f.refuse(t, graph.CodeInvalidTransition, "input.id", "retireWall", fmt.Sprintf(`{id: %q}`, id))
	})
}

func TestInAChangeAbsentLeavesAndNullClears(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		all := `partnership { id version kind collaboration dataSharing startsOn endsOn sponsor manager sites { id } parties { id } }`
		made := f.change(t, "createPartnership", `{parties: ["p000-unit", "p000"], kind: "resale", startsOn: "2026-01-01", endsOn: "2026-12-31", sponsor: "Ada", manager: "Grace", sites: ["square"]}`, all)
		first := made["partnership"].(map[string]any)
		id := first["id"].(string)
		if want := graph.NaturalID([]string{"p000-unit;p000", "resale", "2026-01-01"}); id != want || first["collaboration"] != "LOW" {
			t.Errorf("the partnership is %v, not %s", first, want)
		}
		update := func(patch string) map[string]any {
			t.Helper()
			return f.change(t, "updatePartnership", fmt.Sprintf("{id: %q %s}", id, patch), all)["partnership"].(map[string]any)
		}
		seq := f.last(t).Seq
		for _, same := range []string{"", `sponsor: "Ada"`, `sites: ["square"], kind: "resale ", collaboration: LOW`} {
			if got := update(same); !reflect.DeepEqual(got, first) || f.last(t).Seq != seq {
				t.Errorf("%q changes %v to %v", same, first, got)
			}
		}
		if got := update(`collaboration: HIGH`); got["collaboration"] != "HIGH" || got["dataSharing"] != "INDIVIDUAL" || got["sponsor"] != "Ada" || got["endsOn"] != "2026-12-31" || got["version"] != 2.0 {
			t.Errorf("a field changed to %v", got)
		}
		got := update(`sponsor: null, endsOn: null, sites: null, kind: null`)
		if got["sponsor"] != nil || got["endsOn"] != nil || len(got["sites"].([]any)) != 0 || got["kind"] != nil || got["manager"] != "Grace" || got["version"] != 3.0 {
			t.Errorf("cleared it is %v", got)
		}
		if event := f.last(t); !slices.Equal(event.Fields, []string{"kind", "endsOn", "sponsor", "sites"}) {
			t.Errorf("the event is %+v", event)
		}
		if narrowed, back := update(`dataSharing: NONE`), update(`dataSharing: null`); narrowed["dataSharing"] != "NONE" || back["dataSharing"] != "INDIVIDUAL" {
			t.Errorf("narrowed it shares %v, and again %v", narrowed, back)
		}
		f.refuse(t, graph.CodeValidation, "input.collaboration", "updatePartnership", fmt.Sprintf(`{id: %q, collaboration: null}`, id))
		f.refuse(t, graph.CodeValidation, "input.endsOn", "updatePartnership", fmt.Sprintf(`{id: %q, endsOn: "2025-01-01"}`, id))
		f.refuse(t, graph.CodeNotFound, "input.sites", "updatePartnership", fmt.Sprintf(`{id: %q, sites: ["nowhere"]}`, id))
		f.refuse(t, graph.CodeValidation, "input.partner", "updateWall", `{id: "p000-wall", partner: null}`)
		f.refuse(t, graph.CodeValidation, "input.customer", "updateWall", `{id: "p000-wall", customer: null}`)
		f.refuse(t, graph.CodeValidation, "input.customer", "updateWall", `{id: "p000-wall", segment: "SMB"}`)
		f.refuse(t, graph.CodeValidation, "input.role", "updateCustomerPartner", `{id: "p000-serves", role: null}`)
	})
}

func TestAStaleChangeIsAConflictThatTellsWhatHasChanged(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		stale := func(expected int, current float64, fields ...any) {
			t.Helper()
			extensions := f.refuse(t, graph.CodeConflict, "input.expectedVersion", "updatePartnership", fmt.Sprintf(`{id: "p000-alliance", expectedVersion: %d, manager: "Eve"}`, expected))
			if extensions["currentVersion"] != current || !reflect.DeepEqual(extensions["changedFields"], append([]any{}, fields...)) {
				t.Errorf("of version %d the conflict tells %v, not %v %v", expected, extensions, current, fields)
			}
		}
		f.change(t, "updatePartnership", `{id: "p000-alliance", expectedVersion: 1, sponsor: "Ada"}`, "")
		f.change(t, "updatePartnership", `{id: "p000-alliance", expectedVersion: 2, endsOn: "2030-01-01", sponsor: "Grace"}`, "")
		stale(2, 3, "endsOn", "sponsor")
		stale(1, 3, "endsOn", "sponsor")
		stale(9, 3)
		// Of its first version, which came with others, no event tells what was in it: all of it may have changed.
		stale(0, 3, "parties", "kind", "collaboration", "dataSharing", "startsOn", "endsOn", "sponsor", "manager", "sites", "pending", "retiredOn")
		f.refuse(t, graph.CodeConflict, "input.expectedVersion", "retirePartnership", `{id: "p000-alliance", expectedVersion: 2}`)
		f.change(t, "retirePartnership", `{id: "p000-alliance", expectedVersion: 3}`, "")
		stale(3, 4, "retiredOn")
	})
}

func TestWhatAMutationNamesMustBeThereAndWhatItMakesMustBeNew(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		allowed := f.refuse(t, graph.CodeNotFound, "input.partner", "createWall", `{partner: "p00", customer: "acme"}`)["allowed"]
		if list, _ := allowed.([]any); !slices.Contains(list, any("p000")) {
			t.Errorf("the nearest known ids are %v", allowed)
		}
		f.refuse(t, graph.CodeNotFound, "input.competency", "createWall", `{partner: "p000", customer: "acme", competency: "none"}`)
		f.refuse(t, graph.CodeNotFound, "input.id", "updateWall", `{id: "none"}`)
		f.refuse(t, graph.CodeNotFound, "input.id", "retireCustomerPartner", `{id: "none", expectedVersion: 1}`)
		f.refuse(t, graph.CodeNotFound, "input.customer", "createCustomerPartner", `{customer: "none", partner: "p000", role: OWNER}`)
		f.refuse(t, graph.CodeValidation, "input.customer", "createWall", `{partner: "p000"}`)
		f.refuse(t, graph.CodeValidation, "input.parties", "createPartnership", `{parties: ["p000"]}`)
		f.refuse(t, graph.CodeValidation, "input.parties", "createPartnership", `{parties: ["p000", "p000"]}`)
		f.refuse(t, graph.CodeNotFound, "input.parties", "createPartnership", `{parties: ["p000", "none"]}`)
		f.refuse(t, graph.CodeValidation, "input.until", "createCustomerPartner", `{customer: "acme", partner: "p000", role: OWNER, since: "2026-02-01", until: "2026-01-01"}`)
		f.refuse(t, graph.CodeValidation, "input.segment", "createWall", fmt.Sprintf(`{partner: "p000", segment: %q}`, strings.Repeat("x", graph.MaxName+1)))

		row := `{customer: "acme", partner: "p000-unit", role: CO_OWNER, since: "2026-01-01"}`
		id := func(payload map[string]any) string { return payload["customerPartner"].(map[string]any)["id"].(string) }
		first := id(f.change(t, "createCustomerPartner", row, "customerPartner { id }"))
		if want := graph.NaturalID([]string{"acme", "p000-unit", "CO_OWNER", "2026-01-01"}); first != want {
			t.Errorf("the id is %s, not %s", first, want)
		}
		f.refuse(t, graph.CodeValidation, "input", "createCustomerPartner", row)
		// What is retired keeps its id and its history; the same again is another one.
		f.change(t, "retireCustomerPartner", fmt.Sprintf("{id: %q}", first), "")
		if second := id(f.change(t, "createCustomerPartner", row, "customerPartner { id }")); second != first+"-2" {
			t.Errorf("after %s the id is %s", first, second)
		}
		f.refuse(t, graph.CodeValidation, "input", "createCustomerPartner", row)
	})
}

func TestOnlyOperatorsChangeAndNothingIsToldToOthers(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		key := graph.APIKey{Meta: graph.Meta{ID: "p000-key"}, Partner: "p000", Scopes: graph.Scopes}
		for _, viewer := range []graph.Viewer{{Role: graph.RolePartner, Organisation: "p000"}, {Role: graph.RoleCustomer, Organisation: "acme"}, {Role: graph.RoleAnalyst}, key.Viewer()} {
			f.viewer = viewer
			for mutation, input := range map[string]string{
				"createWall": `{partner: "none", segment: "x"}`, "updateWall": `{id: "none"}`, "retireWall": `{id: "p000-wall"}`,
				"createPartnership": `{parties: []}`, "createRegion": `{name: ""}`, "updateCompetency": `{id: "none"}`, "retireRegion": `{id: "dach", expectedVersion: 7}`,
				"createCustomerPartner": `{customer: "acme", partner: "p000", role: OWNER}`, "updateCustomerPartner": `{id: "p000-serves", role: null}`, "retireCustomerPartner": `{id: "p000-serves"}`,
				"createApiKey": `{partner: "p000", name: "", scopes: []}`, "revokeApiKey": `{id: "p000-key"}`,
			} {
				f.refuse(t, graph.CodeForbidden, "", mutation, input)
			}
			data := f.ask(t, `{ wall(id: "p000-wall") { id } walls { totalCount nodes { id } } apiKey(id: "p000-key") { id } apiKeys { totalCount nodes { id } } nodes(gids: ["Wall:p000-wall", "ApiKey:p000-key"]) { id } }`)
			none := map[string]any{"totalCount": 0.0, "nodes": []any{}}
			if want := (map[string]any{"wall": nil, "walls": none, "apiKey": nil, "apiKeys": none, "nodes": []any{nil, nil}}); !reflect.DeepEqual(data, want) {
				t.Errorf("%s is told %v", viewer, data)
			}
			if a := f.post(t, "{ accessLog { totalCount } }", nil); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeForbidden) {
				t.Errorf("%s is told who has read: %+v", viewer, a)
			}
		}
	})
}

func TestAMutationIsNotSentByGET(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		before := f.last(t).Seq
		query := url.QueryEscape(`mutation { retireWall(input: {id: "p000-wall"}) { seq } }`)
		r := httptest.NewRequest(http.MethodGet, "/graphql?query="+query, nil)
		recorder := httptest.NewRecorder()
		f.http.ServeHTTP(recorder, r)
		if recorder.Code < 400 || !strings.Contains(recorder.Body.String(), string(graph.CodeBadRequest)) || f.last(t).Seq != before {
			t.Errorf("by GET: %d %s", recorder.Code, recorder.Body)
		}
	})
}

func TestTheMutationsOfOneRequestFollowEachOther(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		data := f.ask(t, `mutation {
			a: updatePartnership(input: {id: "p000-alliance", sponsor: "Ada"}) { partnership { version sponsor parties { partnerships { nodes { sponsor } } } } }
			b: updatePartnership(input: {id: "p000-alliance", expectedVersion: 2, sponsor: "Grace"}) { partnership { version sponsor parties { partnerships { nodes { sponsor } } } } }
		}`)
		for alias, sponsor := range map[string]string{"a": "Ada", "b": "Grace"} {
			told := fmt.Sprint(data[alias])
			if strings.Count(told, "sponsor:"+sponsor) != 3 {
				t.Errorf("%s is told %s", alias, told)
			}
		}
	})
}

func TestAMutationThatIsRefusedTakesNoOtherAlong(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		a := f.post(t, `mutation {
			a: updatePartnership(input: {id: "p000-alliance", sponsor: "Ada"}) { partnership { version } }
			b: updatePartnership(input: {id: "p000-alliance", expectedVersion: 1, sponsor: "Eve"}) { partnership { version } }
			c: updatePartnership(input: {id: "p000-alliance", expectedVersion: 2, manager: "Grace"}) { partnership { version sponsor manager } }
		}`, nil)
		want := map[string]any{
			"a": map[string]any{"partnership": map[string]any{"version": 2.0}}, "b": nil,
			"c": map[string]any{"partnership": map[string]any{"version": 3.0, "sponsor": "Ada", "manager": "Grace"}},
		}
		if !reflect.DeepEqual(a.Data, want) || len(a.Errors) != 1 || fmt.Sprint(a.Errors[0].Path) != "[b]" || a.Errors[0].Extensions["code"] != string(graph.CodeConflict) {
			t.Errorf("the answer is %+v", a)
		}
	})
}

func TestAKeyIsShownItsTokenOnceAndNeverItsDigest(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		key := `apiKey { id gid version name scopes expiresAt revokedAt lastUsedAt partner { id } }`
		made := f.change(t, "createApiKey", `{partner: "p000", name: " CRM ", scopes: [REFER, READ], expiresAt: "2027-01-01T00:00:00+01:00"}`, "token "+key)
		shown := made["apiKey"].(map[string]any)
		id, token := shown["id"].(string), made["token"].(string)
		if shown["name"] != "CRM" || shown["expiresAt"] != "2026-12-31T23:00:00.000Z" || shown["revokedAt"] != nil || shown["lastUsedAt"] != nil || !strings.HasPrefix(token, "vw_"+id+"_") {
			t.Errorf("the key is %v %s", shown, token)
		}
		if event := f.last(t); event.Type != "apiKey.created" || event.Subject != "ApiKey:"+id || !slices.Equal(event.Fields, []string{"partner", "name", "scopes", "expiresAt"}) {
			t.Errorf("the event is %+v", event)
		}
		f.audit.Used(id)
		listed := fmt.Sprint(f.ask(t, `{ apiKeys(partner: "p000") { totalCount nodes { id name scopes createdAt expiresAt revokedAt lastUsedAt partner { id } } } }`))
		if secret := token[len(token)-43:]; strings.Contains(listed, secret) || !strings.Contains(listed, id) || !strings.Contains(listed, "totalCount:2") || !strings.Contains(listed, "lastUsedAt:"+time.Now().UTC().Format("2006-01-02")) {
			t.Errorf("the list is %s", listed)
		}
		revoked := f.change(t, "revokeApiKey", fmt.Sprintf("{id: %q, expectedVersion: 1}", id), key)["apiKey"].(map[string]any)
		if revoked["revokedAt"] != "2026-11-22T09:00:00.000Z" || revoked["version"] != 2.0 {
			t.Errorf("the revoked key is %v", revoked)
		}
		if event := f.last(t); event.Type != "apiKey.revoked" || !slices.Equal(event.Fields, []string{"revokedAt"}) {
			t.Errorf("the event is %+v", event)
		}
		f.refuse(t, graph.CodeInvalidTransition, "input.id", "revokeApiKey", fmt.Sprintf("{id: %q}", id))
		f.refuse(t, graph.CodeConflict, "input.expectedVersion", "revokeApiKey", fmt.Sprintf("{id: %q, expectedVersion: 1}", id))
		f.refuse(t, graph.CodeValidation, "input.scopes", "createApiKey", `{partner: "p000", name: "K", scopes: []}`)
		f.refuse(t, graph.CodeValidation, "input.scopes", "createApiKey", `{partner: "p000", name: "K", scopes: [READ, READ]}`)
		f.refuse(t, graph.CodeValidation, "input.name", "createApiKey", `{partner: "p000", name: " ", scopes: [READ]}`)
		f.refuse(t, graph.CodeNotFound, "input.partner", "createApiKey", `{partner: "none", name: "K", scopes: [READ]}`)
		f.refuse(t, graph.CodeValidation, "input.expiresAt", "createApiKey", `{partner: "p000", name: "K", scopes: [READ], expiresAt: "2026-11-22T09:00:00Z"}`)
		if a := f.post(t, `{ apiKeys(partner: "none") { totalCount } }`, nil); len(a.Errors) != 1 || a.Errors[0].Extensions["field"] != "partner" {
			t.Errorf("the keys of nobody are %+v", a)
		}
	})
}

func TestAKeyAsksWithinItsScopes(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		key := &graph.APIKey{Meta: graph.Meta{ID: "key"}, Partner: "p000", Scopes: []graph.Scope{graph.ScopeRead, graph.ScopeClaim}}
		f.viewer = key.Viewer()
		data := f.ask(t, `{ viewer { role organisation key scopes } partner(id: "p000") { id } }`)
		want := map[string]any{
			"viewer":  map[string]any{"role": "SERVICE", "organisation": "p000", "key": "key", "scopes": []any{"READ", "CLAIM"}},
			"partner": map[string]any{"id": "p000"},
		}
		if !reflect.DeepEqual(data, want) {
			t.Errorf("a key is told %v", data)
		}
		key.Scopes = []graph.Scope{graph.ScopePost, graph.ScopeClaim}
		f.viewer = key.Viewer()
		for _, query := range []string{`{ viewer { role } }`, `{ partners { totalCount } }`, `{ __typename }`} {
			a := f.post(t, query, nil)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeForbidden) || !strings.Contains(a.Errors[0].Message, "READ") || len(a.Data) > 0 {
				t.Errorf("%s without the scope: %+v", query, a)
			}
		}
		f.viewer = graph.Operator
		if data := f.ask(t, `{ viewer { role key scopes } }`); !reflect.DeepEqual(data["viewer"], map[string]any{"role": "OPERATOR", "key": nil, "scopes": nil}) {
			t.Errorf("an operator is told %v", data)
		}
	})
}
