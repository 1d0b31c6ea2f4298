package resolvers

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
)

// handed asks as a viewer and returns how often the log has the customer acme for it afterwards.
func (f *fixture) handed(t *testing.T, viewer graph.Viewer, query string) int {
	t.Helper()
	f.viewer = viewer
	f.post(t, query, nil)
	f.audit.Flush(t.Context())
	page, err := f.graph.CustomerAccesses(t.Context(), graph.Operator, graph.AccessArgs{AccessQuery: graph.AccessQuery{Customer: "acme", Viewer: viewer.String()}})
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	for _, access := range page.Accesses {
		reads += access.Reads
	}
	return reads
}

func TestEveryAnswerInWhichACustomerIsHandedOutIsNotedOnce(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		want := 0
		for _, c := range []struct {
			query string
			noted bool
		}{
			{`{ customer(id: "acme") { name } }`, true},
			{`{ customer(id: "nobody") { name } }`, false},
			{`{ customers { nodes { id } } }`, true},
			{`{ customers { edges { node { id } } } }`, true},
			{`{ customers { edges { cursor } totalCount } }`, false},
			{`{ node(gid: "Customer:acme") { id } }`, true},
			{`{ a: customer(id: "acme") { id } b: customer(id: "acme") { id } site(id: "acme-bern") { customer { name } } }`, true},
			{`{ site(id: "acme-bern") { city } }`, false},
			{`{ partners { nodes { customers { nodes { customer { id } } } opportunities { nodes { customer { id } } } } } }`, true},
			{`{ partners { nodes { customers { nodes { role } } } } }`, false},
			{`{ whoCanFill(gap: {needs: [{competency: "cloud"}], place: {customer: "acme"}}) { totalCount } }`, false},
			{`mutation { updateCustomerPartner(input: {id: "p000-serves", role: CO_OWNER}) { customerPartner { customer { id } } } }`, true},
			{`mutation { updateCustomer(input: {id: "acme", industry: "Food"}) { customer { name } } }`, true},
			{`mutation { updateCustomer(input: {id: "acme", industry: "Retail"}) { seq } }`, false},
			{`mutation { updateCustomerPartner(input: {id: "p000-serves", role: OWNER}) { customerPartner { id } } }`, false},
		} {
			if c.noted {
				want++
			}
			if got := f.handed(t, graph.Operator, c.query); got != want {
				t.Errorf("after %s it was handed out in %d answers, not %d", c.query, got, want)
				want = got
			}
		}
		partner, key := graph.Viewer{Role: graph.RolePartner, Organisation: "p000", Subject: "ada"}, graph.APIKey{Meta: graph.Meta{ID: "key"}, Partner: "p000", Scopes: graph.Scopes}
		for _, viewer := range []graph.Viewer{partner, key.Viewer()} {
			if got := f.handed(t, viewer, `{ customer(id: "acme") { id } }`); got != 1 {
				t.Errorf("%s was handed it in %d answers", viewer, got)
			}
		}
		for _, viewer := range []graph.Viewer{{Role: graph.RoleCustomer, Organisation: "acme"}, {Role: graph.RoleAnalyst}} {
			if got := f.handed(t, viewer, `{ customer(id: "acme") { id } customers { nodes { id } } }`); got != 0 {
				t.Errorf("%s was handed it in %d answers", viewer, got)
			}
		}
	})
}

// TestEveryFieldThatNamesACustomerIsNoted asks for each field of the schema that leads to a customer.
func TestEveryFieldThatNamesACustomerIsNoted(t *testing.T) {
	from := map[string]string{
		"Site": "acme-bern", "Contact": "buyer", "CustomerPartner": "p000-serves", "Opportunity": "p000-gap", "Referral": "p000-referral", "Wall": "p000-wall",
	}
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		asked := 0
		for _, definition := range schema().Types {
			for _, field := range definition.Fields {
				name := definition.Name
				if field.Type.Name() != "Customer" || name == "Query" || name == "CustomerAccess" || strings.HasPrefix(name, "Customer") && name != "CustomerPartner" {
					continue // the ways to rows, which the other tests ask for
				}
				if from[name] == "" {
					t.Errorf("%s.%s leads to a customer: name a record from which it does", name, field.Name)
					continue
				}
				asked++
				query := fmt.Sprintf("{ node(gid: %q) { ... on %s { %s { id } } } }", name+":"+from[name], name, field.Name)
				if got := f.handed(t, graph.Operator, query); got != asked {
					t.Errorf("%s was noted %d times in all, not %d", query, got, asked)
					asked = got
				}
			}
		}
		if asked < len(from) {
			t.Errorf("only %d fields were asked for", asked)
		}
	})
}

func TestTheAccessLogIsReadInPages(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		for i := range 3 {
			f.audit.Handed(graph.Viewer{Role: graph.RolePartner, Organisation: fmt.Sprint("p", i)}, "acme")
		}
		f.audit.HandedAll(graph.Operator)
		day := graph.DateOf(time.Now())
		first := f.ask(t, `{ accessLog(first: 2) { totalCount nodes { viewer day reads allCustomers customer { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`)["accessLog"].(map[string]any)
		want := []any{
			map[string]any{"viewer": "OPERATOR", "day": day.String(), "reads": 1.0, "allCustomers": true, "customer": nil},
			map[string]any{"viewer": "PARTNER:p0", "day": day.String(), "reads": 1.0, "allCustomers": false, "customer": map[string]any{"id": "acme"}},
		}
		if !reflect.DeepEqual(first["nodes"], want) || first["totalCount"] != 4.0 {
			t.Errorf("the first page is %v", first)
		}
		cursor := first["pageInfo"].(map[string]any)["endCursor"]
		next := f.ask(t, fmt.Sprintf(`{ accessLog(first: 2, after: %q) { edges { node { viewer } } pageInfo { hasNextPage hasPreviousPage } } }`, cursor))["accessLog"].(map[string]any)
		if fmt.Sprint(next["edges"]) != "[map[node:map[viewer:PARTNER:p1]] map[node:map[viewer:PARTNER:p2]]]" || fmt.Sprint(next["pageInfo"]) != "map[hasNextPage:false hasPreviousPage:true]" {
			t.Errorf("the next page is %v", next)
		}
		a := f.post(t, fmt.Sprintf(`{ accessLog(customer: "acme", after: %q) { totalCount } }`, cursor), nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeValidation) {
			t.Errorf("the cursor of another question: %+v", a)
		}
		tomorrow := fmt.Sprintf(`{ accessLog(viewer: "PARTNER:p1", from: %q, to: %q) { totalCount } none: accessLog(from: %q) { totalCount } }`, day, day, day.AddDays(1))
		if got := fmt.Sprint(f.ask(t, tomorrow)); got != "map[accessLog:map[totalCount:1] none:map[totalCount:0]]" {
			t.Errorf("by viewer and day: %s", got)
		}
	})
}
