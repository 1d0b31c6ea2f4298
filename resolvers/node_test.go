package resolvers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"valueweb/graph"
)

// A life is how a node of a kind is made, changed and retired by hand, as an operator does it.
type life struct {
	kind   graph.Kind
	create string // the fields of the input
	update string
	fields string // to select, as they are after the update
	want   map[string]any
	// told are the fields of which the events of creation and update tell.
	created, updated []string
	retired          []string // empty: retiredOn alone
	left             string   // what the event of the end is called; empty: retired
}

// lives are those of every kind of node that has an ordinary one.
var lives = []life{
	{
		kind: graph.KindPartner, create: `name: " Nova ", kind: RESELLER, tags: ["swiss", "", "swiss"], capacity: 3`,
		update: `aliases: ["N"], kind: null, tier: "GOLD", website: "https://nova.example", employees: 7, joinedOn: "2026-01-01", capacity: null, discoverable: false, partOf: "p000", channelManager: "p000-sales-1"`,
		fields: `name aliases kind status tier website employees joinedOn capacity tags discoverable partOf { id } channelManager { id }`,
		want: map[string]any{"name": "Nova", "aliases": []any{"N"}, "kind": "OTHER", "status": "ACTIVE", "tier": "GOLD", "website": "https://nova.example", "employees": 7.0,
			"joinedOn": "2026-01-01", "capacity": nil, "tags": []any{"swiss"}, "discoverable": false, "partOf": named("p000"), "channelManager": named("p000-sales-1")},
		created: []string{"name", "kind", "status", "capacity", "tags"},
		updated: []string{"aliases", "kind", "tier", "website", "employees", "joinedOn", "capacity", "discoverable", "partOf", "channelManager"},
		retired: []string{"status", "retiredOn"}, left: "left",
	},
	{
		kind: graph.KindOffice, create: `partner: "p001", name: "East", city: "Chur", location: {lat: 46.8, lng: 9.5}`,
		update: `name: null, address: "Gate 1", country: "CH", location: {lat: 46.9, lng: 9.5}, roles: [SALES, DELIVERY], tags: ["new"]`,
		fields: `partner { id } name address city country location { lat lng } roles tags`,
		want: map[string]any{"partner": named("p001"), "name": nil, "address": "Gate 1", "city": "Chur", "country": "CH", "location": map[string]any{"lat": 46.9, "lng": 9.5},
			"roles": []any{"SALES", "DELIVERY"}, "tags": []any{"new"}},
		created: []string{"partner", "name", "city", "location"}, updated: []string{"name", "address", "country", "location", "roles", "tags"},
	},
	{
		kind: graph.KindContact, create: `partner: "p000", office: "p000-office", name: "Cleo"`,
		update: `name: "Cleo C.", email: "cleo@example.com", phone: "1", role: SALES, territories: ["dach"]`,
		fields: `partner { id } customer { id } office { id } name email phone role territories { id }`,
		want: map[string]any{"partner": named("p000"), "customer": nil, "office": named("p000-office"), "name": "Cleo C.", "email": "cleo@example.com", "phone": "1", "role": "SALES",
			"territories": []any{named("dach")}},
		created: []string{"partner", "office", "name"}, updated: []string{"name", "email", "phone", "role", "territories"},
	},
	{
		kind: graph.KindRegion, create: `name: "North", countries: ["DK", "SE"]`, update: `name: "Nordics", countries: ["DK", "SE", "NO"], parent: "europe"`,
		fields:  `name countries parent { id }`,
		want:    map[string]any{"name": "Nordics", "countries": []any{"DK", "SE", "NO"}, "parent": named("europe")},
		created: []string{"name", "countries"}, updated: []string{"name", "countries", "parent"},
	},
	{
		kind: graph.KindCompetency, create: `name: "Fog", broader: ["it"]`, update: `aliases: ["Mist"], description: "Near the edge", broader: ["cloud"], related: ["edge"]`,
		fields:  `name aliases description broader { id } related { id }`,
		want:    map[string]any{"name": "Fog", "aliases": []any{"Mist"}, "description": "Near the edge", "broader": []any{named("cloud")}, "related": []any{named("edge")}},
		created: []string{"name", "broader"}, updated: []string{"aliases", "description", "broader", "related"},
	},
	{
		kind: graph.KindHolding, create: `partner: "p001", competency: "it", level: 2, since: "2031-0#-01", until: "2031-0#-28"`,
		update: `level: 5, until: "2031-02-20", remote: true, offers: ["managed", "bare"]`,
		fields: `partner { id } competency { id } office { id } level since remote offers`,
		want: map[string]any{"partner": named("p001"), "competency": named("it"), "office": nil, "level": 5.0, "since": "2031-02-01", "remote": true,
			"offers": []any{"managed", "bare"}},
		created: []string{"partner", "competency", "level", "since", "until"}, updated: []string{"level", "until", "remote", "offers"},
		retired: []string{"until", "retiredOn"},
	},
	{
		kind: graph.KindCertification, create: `partner: "p001", competency: "it", scheme: "ISO"`,
		update: `scheme: "ISO 1", level: "high", issuer: "Board", issuedOn: "2026-01-01", expiresOn: "2029-01-01", holders: 2, verified: false`,
		fields: `partner { id } competency { id } office { id } scheme level issuer issuedOn expiresOn holders verified`,
		want: map[string]any{"partner": named("p001"), "competency": named("it"), "office": nil, "scheme": "ISO 1", "level": "high", "issuer": "Board", "issuedOn": "2026-01-01",
			"expiresOn": "2029-01-01", "holders": 2.0, "verified": false},
		created: []string{"partner", "competency", "scheme", "verified"}, updated: []string{"scheme", "level", "issuer", "issuedOn", "expiresOn", "holders", "verified"},
	},
	{
		kind: graph.KindCustomer, create: `name: "Bank", segment: "BANKING"`, update: `name: "Bank 1", segment: null, industry: "Finance", consent: true`,
		fields:  `name segment industry consent`,
		want:    map[string]any{"name": "Bank 1", "segment": nil, "industry": "Finance", "consent": true},
		created: []string{"name", "segment"}, updated: []string{"name", "segment", "industry", "consent"},
	},
	{
		kind: graph.KindSite, create: `customer: "acme", name: "Yard", location: {lat: 47, lng: 8}`, update: `name: null, city: "Zug", country: "CH", location: {lat: 47.1, lng: 8}`,
		fields:  `customer { id } name city country location { lat lng }`,
		want:    map[string]any{"customer": named("acme"), "name": nil, "city": "Zug", "country": "CH", "location": map[string]any{"lat": 47.1, "lng": 8.0}},
		created: []string{"customer", "name", "location"}, updated: []string{"name", "city", "country", "location"},
	},
	{
		kind: graph.KindSolution, create: `name: "Kit", partners: ["p000", "p001"]`, update: `name: "Kit 2", partners: ["p001"], origin: JOINT, competencies: ["cloud"], buildsOn: ["p000-solution"], description: "It fits"`,
		fields: `name partners { id } origin competencies { id } buildsOn { id } description`,
		want: map[string]any{"name": "Kit 2", "partners": []any{named("p001")}, "origin": "JOINT", "competencies": []any{named("cloud")}, "buildsOn": []any{named("p000-solution")},
			"description": "It fits"},
		created: []string{"name", "partners"}, updated: []string{"name", "partners", "origin", "competencies", "buildsOn", "description"},
	},
	{
		kind: graph.KindPartnership, create: `parties: ["p001", "p001-unit"], kind: "resale"`, update: `collaboration: HIGH, sponsor: "Ada"`, fields: `parties { id } pending { id } state kind collaboration sponsor`,
		want:    map[string]any{"parties": []any{named("p001"), named("p001-unit")}, "pending": []any{}, "state": "ACTIVE", "kind": "resale", "collaboration": "HIGH", "sponsor": "Ada"},
		created: []string{"parties", "kind", "collaboration"}, updated: []string{"collaboration", "sponsor"},
	},
	{
		kind: graph.KindWall, create: `partner: "p001", customer: "acme", competency: "edge"`, update: `competency: "cloud"`, fields: `partner { id } customer { id } competency { id }`,
		want:    map[string]any{"partner": named("p001"), "customer": named("acme"), "competency": named("cloud")},
		created: []string{"partner", "customer", "competency"}, updated: []string{"competency"},
	},
	{
		kind: graph.KindCustomerPartner, create: `customer: "acme", partner: "p001-unit", role: SUPPORTS`, update: `role: IMPLEMENTS, until: "2030-01-01"`, fields: `customer { id } partner { id } role since until`,
		want:    map[string]any{"customer": named("acme"), "partner": named("p001-unit"), "role": "IMPLEMENTS", "since": nil, "until": "2030-01-01"},
		created: []string{"customer", "partner", "role"}, updated: []string{"role", "until"},
	},
}

func named(id string) map[string]any { return map[string]any{"id": id} }

// in is a life in a month of its own: what has ended claims its days for good.
func (l life) in(month string) life {
	l.create = strings.ReplaceAll(l.create, "#", month)
	return l
}

// field is the field of a payload that holds a node of the kind.
func (l life) field() string { return strings.ToLower(string(l.kind[0])) + string(l.kind[1:]) }

func init() {
	for _, l := range lives {
		mutationCases["create"+string(l.kind)] = l.in("1").begins
		mutationCases["update"+string(l.kind)] = l.in("2").changes
		mutationCases["retire"+string(l.kind)] = l.in("3").ends
	}
	mutationCases["createApiKey"] = func(t *testing.T, f *fixture) { makeKey(t, f) }
	mutationCases["revokeApiKey"] = func(t *testing.T, f *fixture) {
		id := makeKey(t, f)
		f.change(t, "revokeApiKey", fmt.Sprintf("{id: %q, expectedVersion: 1}", id), "")
		f.told(t, "apiKey.revoked", "ApiKey:"+id, 2, "revokedAt")
		f.refuse(t, graph.CodeInvalidTransition, "input.id", "revokeApiKey", fmt.Sprintf("{id: %q}", id))
	}
}

func makeKey(t *testing.T, f *fixture) string {
	t.Helper()
	made := f.change(t, "createApiKey", `{partner: "p001", name: "ERP", scopes: [POST]}`, "token apiKey { id }")
	id := made["apiKey"].(map[string]any)["id"].(string)
	f.told(t, "apiKey.created", "ApiKey:"+id, 1, "partner", "name", "scopes")
	return id
}

// told demands that the newest event is of a type and tells of the version and the fields of a subject.
func (f *fixture) told(t *testing.T, kind, subject string, version int, fields ...string) {
	t.Helper()
	event := f.last(t)
	if event.Type != kind || event.Subject != subject || event.Version != version || !slices.Equal(event.Fields, fields) || !slices.Equal(event.Changes, []string{subject}) {
		t.Errorf("the event is %+v, not %s of %s, version %d, with %v", event, kind, subject, version, fields)
	}
}

// make makes a node, and returns its id.
func (l life) make(t *testing.T, f *fixture, more string) string {
	t.Helper()
	made := f.change(t, "create"+string(l.kind), "{"+l.create+more+"}", l.field()+" { id gid version }")
	node := made[l.field()].(map[string]any)
	id := node["id"].(string)
	f.told(t, graph.EventOf(l.kind, graph.Created), node["gid"].(string), 1, l.created...)
	if seq := f.last(t).Seq; made["seq"] != fmt.Sprint(seq) || node["version"] != 1.0 {
		t.Errorf("it was made as %v, with the event %d", made, seq)
	}
	return id
}

// end retires a node that a case has made: those that come after it may make the same.
func (l life) end(t *testing.T, f *fixture, id string) {
	t.Helper()
	f.change(t, "retire"+string(l.kind), fmt.Sprintf("{id: %q}", id), "")
}

// begins makes a node, and it once more by the token of its client.
func (l life) begins(t *testing.T, f *fixture) {
	const token = `, clientToken: "token"`
	id := l.make(t, f, token)
	seq := f.last(t).Seq
	again := f.change(t, "create"+string(l.kind), "{"+l.create+token+"}", l.field()+" { id }")
	if want := (map[string]any{"seq": fmt.Sprint(seq), l.field(): named(id)}); !reflect.DeepEqual(again, want) || f.last(t).Seq != seq {
		t.Errorf("by the same token once more it is %v, not %v", again, want)
	}
	f.refuse(t, graph.CodeTokenReused, "input.clientToken", "create"+string(l.kind), "{"+strings.Replace(l.create, `"p001"`, `"p000"`, 1)+`, clientToken: "token" `+l.other()+"}")
	l.end(t, f, id)
}

// other is a field that makes an input another one.
func (l life) other() string {
	switch l.kind {
	case graph.KindHolding:
		return `, remote: true`
	case graph.KindCustomerPartner:
		return `, until: "2031-01-01"`
	}
	return `, id: "other"`
}

// changes changes a node as the version that it is, and not as another.
func (l life) changes(t *testing.T, f *fixture) {
	id := l.make(t, f, "")
	name := "update" + string(l.kind)
	f.refuse(t, graph.CodeConflict, "input.expectedVersion", name, fmt.Sprintf("{id: %q, expectedVersion: 7, %s}", id, l.update))
	f.refuse(t, graph.CodeNotFound, "input.id", name, fmt.Sprintf(`{id: "nobody", %s}`, l.update))
	changed := f.change(t, name, fmt.Sprintf("{id: %q, expectedVersion: 1, %s}", id, l.update), l.field()+" { "+l.fields+" }")
	if !reflect.DeepEqual(changed[l.field()], l.want) {
		t.Errorf("it was changed to %v, not %v", changed[l.field()], l.want)
	}
	f.told(t, graph.EventOf(l.kind, graph.Updated), graph.GID(l.kind, id), 2, l.updated...)
	if conflict := f.refuse(t, graph.CodeConflict, "input.expectedVersion", name, fmt.Sprintf("{id: %q, expectedVersion: 1, %s}", id, l.update)); !reflect.DeepEqual(conflict["changedFields"], asAny(l.updated)) {
		t.Errorf("the conflict tells %v", conflict)
	}
	seq := f.last(t).Seq
	f.change(t, name, fmt.Sprintf("{id: %q, %s}", id, l.update), "")
	if last := f.last(t).Seq; last != seq {
		t.Errorf("the same once more is told of by the event %d", last)
	}
	l.end(t, f, id)
}

func asAny(texts []string) []any {
	var all []any
	for _, text := range texts {
		all = append(all, text)
	}
	return all
}

// ends retires a node, which is changed no more.
func (l life) ends(t *testing.T, f *fixture) {
	id := l.make(t, f, "")
	ended := f.change(t, "retire"+string(l.kind), fmt.Sprintf("{id: %q, expectedVersion: 1}", id), l.field()+" { version retiredOn }")
	if want := (map[string]any{"version": 2.0, "retiredOn": "2026-11-22"}); !reflect.DeepEqual(ended[l.field()], want) {
		t.Errorf("it ended as %v, not %v", ended[l.field()], want)
	}
	became, fields := l.left, l.retired
	if became == "" {
		became = graph.Retired
	}
	if fields == nil {
		fields = []string{"retiredOn"}
	}
	f.told(t, graph.EventOf(l.kind, became), graph.GID(l.kind, id), 2, fields...)
	f.refuse(t, graph.CodeInvalidTransition, "input.id", "update"+string(l.kind), fmt.Sprintf("{id: %q, %s}", id, l.update))
	f.refuse(t, graph.CodeInvalidTransition, "input.id", "retire"+string(l.kind), fmt.Sprintf("{id: %q}", id))
}
