package resolvers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"valueweb/graph"
)

func TestFailuresSayTheirCodeAndTheArgumentAtFault(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		type variables = map[string]any
		const gap = `query($gap: GapInput!) { whoCanFill(gap: $gap) { totalCount } }`
		const point = `place: {point: {lat: 46, lng: 7}}`
		at := func(more variables) variables {
			question := variables{"needs": []any{variables{"competency": "cloud"}}, "place": variables{"site": "square"}}
			for name, value := range more {
				question[name] = value
			}
			return variables{"gap": question}
		}
		for name, c := range map[string]struct {
			query       string
			variables   variables
			code, field string
			allowed     []any
		}{
			"a syntax error":                      {query: `{ partners {`, code: "BAD_REQUEST"},
			"no operation":                        {query: ``, code: "BAD_REQUEST"},
			"an unknown field":                    {query: `{ partners { color } }`, code: "BAD_REQUEST"},
			"an unknown argument":                 {query: `{ partners(colour: 1) { totalCount } }`, code: "BAD_REQUEST"},
			"a literal of the wrong type":         {query: `{ partners(first: "ten") { totalCount } }`, code: "BAD_REQUEST"},
			"a directive that nothing answers":    {query: `{ ... @defer { status { seq } } }`, code: "BAD_REQUEST"},
			"a variable that is missing":          {query: gap, code: "VALIDATION", field: "gap"},
			"a variable without a field":          {query: gap, variables: variables{"gap": variables{}}, code: "VALIDATION", field: "gap.place"},
			"a variable of the wrong type":        {query: gap, variables: at(variables{"radiusKm": "far"}), code: "VALIDATION", field: "gap.radiusKm"},
			"a variable with an unknown value":    {query: gap, variables: at(variables{"kinds": []any{"BAKER"}}), code: "VALIDATION", field: "gap.kinds.0"},
			"a variable with a value in any case": {query: gap, variables: at(variables{"kinds": []any{"VENDOR", "vendor"}}), code: "VALIDATION", field: "gap.kinds.1", allowed: names(graph.PartnerKinds)},
			"a day that does not exist":           {query: gap, variables: at(variables{"asOf": "2026-02-30"}), code: "VALIDATION", field: "gap.asOf"},
			"a number as a day":                   {query: gap, variables: at(variables{"asOf": 7}), code: "VALIDATION", field: "gap.asOf"},
			"a literal day that does not exist":   {query: `{ whoCanFill(gap: {` + point + `, needs: [], asOf: "2026-13-01"}) { totalCount } }`, code: "VALIDATION", field: "gap.asOf"},
			"a variable of another name":          {query: `query($who: ID!, $day: Date) { paths(from: $who, to: "p001", asOf: $day) { reflectsSeq } }`, variables: variables{"who": "p000", "day": "never"}, code: "VALIDATION", field: "asOf"},
			"another variable of another name":    {query: `query($who: ID!) { paths(from: $who, to: "p001") { reflectsSeq } }`, code: "VALIDATION", field: "from"},
			"a level that does not exist":         {query: gap, variables: at(variables{"needs": []any{variables{"competency": "cloud", "minLevel": 6}}}), code: "VALIDATION", field: "gap.needs.0.minLevel"},
			"an id that is not known":             {query: gap, variables: at(variables{"needs": []any{variables{"competency": "clouds"}}}), code: "NOT_FOUND", field: "gap.needs.0.competency", allowed: []any{"cloud"}},
			"a page that is too large":            {query: `{ partners(first: 1001) { totalCount } }`, code: "VALIDATION", field: "first"},
			"a page from both ends":               {query: `{ partners(first: 1, last: 1) { totalCount } }`, code: "VALIDATION", field: "last"},
			"a cursor of another list":            {query: `{ partners(after: "x") { totalCount } }`, code: "VALIDATION", field: "after"},
			"an order without its place":          {query: `{ offices(orderBy: {field: KM}) { totalCount } }`, code: "VALIDATION", field: "orderBy.field"},
			"a direction in any case":             {query: `query($d: OrderDirection) { offices(orderBy: {field: ID, direction: $d}) { totalCount } }`, variables: variables{"d": "desc"}, code: "VALIDATION", field: "orderBy.direction"},
			"a radius of nothing":                 {query: `{ offices(filter: {near: {site: "square"}, radiusKm: 0}) { totalCount } }`, code: "VALIDATION", field: "filter.radiusKm"},
			"too many gids":                       {query: `query($g: [ID!]!) { nodes(gids: $g) { id } }`, variables: variables{"g": make1001()}, code: "VALIDATION", field: "gids"},
			"a nested page that is too large":     {query: `{ partners(first: 1) { nodes { offices(first: 0) { nodes { id } } } } }`, code: "VALIDATION", field: "first"},
		} {
			t.Run(name, func(t *testing.T) {
				a := f.post(t, c.query, c.variables)
				if len(a.Errors) != 1 {
					t.Fatalf("errors: %v", a.Errors)
				}
				got := a.Errors[0]
				field, _ := got.Extensions["field"].(string)
				if got.Extensions["code"] != c.code || field != c.field || got.Message == "" {
					t.Errorf("%q %v, want %s %s", got.Message, got.Extensions, c.code, c.field)
				}
				if c.allowed != nil {
					allowed, _ := got.Extensions["allowed"].([]any)
					if len(allowed) < len(c.allowed) || !reflect.DeepEqual(allowed[:len(c.allowed)], c.allowed) {
						t.Errorf("allowed: %v, want %v", allowed, c.allowed)
					}
				}
			})
		}
		if f.log.Len() > 0 {
			t.Errorf("what clients do wrong is logged: %s", f.log)
		}
	})
}

func names[E ~string](values []E) []any {
	texts := make([]any, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}

func make1001() []string {
	gids := make([]string, 1001)
	for i := range gids {
		gids[i] = fmt.Sprintf("Partner:p%d", i)
	}
	return gids
}

func TestAFaultOfTheServiceIsLoggedOnceAndNotShown(t *testing.T) {
	onEveryStore(t, 50, func(t *testing.T, f *fixture) {
		f.store.fault = errors.New("the disk is on fire")
		a := f.post(t, `{ partners(first: 100) { nodes { offices { nodes { id } } } } }`, nil)
		if len(a.Errors) == 0 {
			t.Fatal("no error")
		}
		for _, err := range a.Errors {
			if strings.Contains(err.Message, "fire") || err.Extensions["code"] != "INTERNAL" || err.Extensions["requestId"] != "request-1" {
				t.Errorf("shown: %q %v", err.Message, err.Extensions)
			}
		}
		if n := strings.Count(f.log.String(), "the disk is on fire"); n != 1 {
			t.Errorf("logged %d times: %s", n, f.log)
		}
		if !strings.Contains(f.log.String(), "request-1") {
			t.Errorf("the log does not name the request: %s", f.log)
		}
	})
}

func TestAPanicIsLoggedWithItsStackAndNotShown(t *testing.T) {
	var log bytes.Buffer
	p := presenter{log: slog.New(slog.NewTextHandler(&log, nil))}
	shown := p.present(t.Context(), Recovered(t.Context(), "out of cheese"))
	if shown.Extensions["code"] != "INTERNAL" || strings.Contains(shown.Message, "cheese") {
		t.Errorf("shown: %q %v", shown.Message, shown.Extensions)
	}
	if !strings.Contains(log.String(), "out of cheese") || !strings.Contains(log.String(), "errors_test.go") {
		t.Errorf("logged: %s", log.String())
	}
}

func TestARequestThatTakesTooLongIsATimeout(t *testing.T) {
	for _, err := range []error{context.DeadlineExceeded, fmt.Errorf("read: %w", context.DeadlineExceeded), context.Canceled} {
		if shown := (presenter{}).present(t.Context(), err); shown.Extensions["code"] != "TIMEOUT" {
			t.Errorf("%v: %v", err, shown.Extensions)
		}
	}
}

func TestARequestWithoutAViewerIsNotAnswered(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		server := NewServer(f.graph, slog.New(slog.DiscardHandler), Options{})
		f.http = server
		for _, query := range []string{
			`{ status { seq } }`, `{ viewer { role } }`, `{ partners { totalCount } }`, `{ partner(id: "p000") { id } }`, `{ node(gid: "Partner:p000") { id } }`,
			`{ paths(from: "p000", to: "p000-unit") { reflectsSeq } }`, `{ whoCanFill(gap: {needs: [{competency: "cloud"}], place: {site: "square"}}) { totalCount } }`,
		} {
			if a := f.post(t, query, nil); len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != "INTERNAL" {
				t.Errorf("%s is answered: %v %v", query, a.Data, a.Errors)
			}
		}
	})
}

func TestWhatIsNotThereIsNull(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		data := f.ask(t, `{ partner(id: "nobody") { id } a: node(gid: "nonsense") { id } b: node(gid: "Partner:nobody") { id } c: node(gid: "Wall:nobody") { id }
			nodes(gids: ["Partner:p000", "none", "Partner:", "Office:p000-office", "Partner:p000"]) { gid } }`)
		for _, field := range []string{"partner", "a", "b", "c"} {
			if data[field] != nil {
				t.Errorf("%s: %v", field, data[field])
			}
		}
		partner, office := map[string]any{"gid": "Partner:p000"}, map[string]any{"gid": "Office:p000-office"}
		if want := []any{partner, nil, nil, office, partner}; !reflect.DeepEqual(data["nodes"], want) {
			t.Errorf("nodes: %v, want %v", data["nodes"], want)
		}
	})
}

func TestOtherWaysToSendARequestAreRefused(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		form := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader("query=%7Bstatus%7Bseq%7D%7D"))
		form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for name, request := range map[string]*http.Request{
			"a form":           form,
			"another method":   httptest.NewRequest(http.MethodPut, "/graphql", strings.NewReader("{}")),
			"a body of noise":  httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader("secret noise")),
			"an empty body":    httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader("")),
			"a GET of nothing": httptest.NewRequest(http.MethodGet, "/graphql", nil),
		} {
			a := f.send(t, request)
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "BAD_REQUEST" || strings.Contains(a.Errors[0].Message, "noise") {
				t.Errorf("%s: %v", name, a.Errors)
			}
		}
		if a := f.send(t, httptest.NewRequest(http.MethodGet, "/graphql?query=%7Bstatus%7Bengine%7D%7D", nil)); a.Data["status"] == nil {
			t.Errorf("a query by GET: %v", a.Errors)
		}
	})
}

func TestEveryCodeIsInTheSchema(t *testing.T) {
	for _, code := range []graph.Code{graph.CodeBadRequest, graph.CodeNotFound, graph.CodeValidation, graph.CodeForbidden, graph.CodeTimeout, graph.CodeUnavailable, graph.CodeInternal} {
		if schema().Types["ErrorCode"].EnumValues.ForName(string(code)) == nil {
			t.Errorf("%s is not", code)
		}
	}
}

func TestALoadThatPanicsFailsForAllWhoWaitForIt(t *testing.T) {
	b := batchFrom(withBatch(t.Context(), newBatch(nil, DefaultMaxRows)))
	loading, waited := make(chan struct{}), make(chan error)
	go func() {
		defer func() { _ = recover() }()
		_, _ = b.level(t.Context(), "/Query.partners", func(*level) error {
			close(loading)
			panic("out of cheese")
		})
	}()
	<-loading
	go func() {
		_, err := b.level(t.Context(), "/Query.partners", func(*level) error { return nil })
		waited <- err
	}()
	if err := <-waited; !errors.Is(err, errUnfinished) {
		t.Errorf("waited for a panic: %v", err)
	}
}
