package resolvers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// ear is whoever listens to a subscription, as a transport does.
type ear struct {
	holder *CursorHolder
	hang   context.CancelFunc // up
	answer func() *graphql.Response
}

// hear begins a subscription, after a cursor of an earlier message unless it is empty.
func (f *fixture) hear(t *testing.T, query, resume string) *ear {
	t.Helper()
	ctx, hang := context.WithCancel(WithRequestID(WithViewer(t.Context(), f.viewer), "stream-1"))
	t.Cleanup(hang)
	if resume != "" {
		ctx = WithResume(ctx, resume)
	}
	ctx, holder := WithCursorHolder(graphql.StartOperationTrace(ctx), f.exec)
	e := &ear{holder: holder, hang: hang}
	operation, refused := f.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: f.variables})
	if refused != nil {
		answer := f.exec.DispatchError(graphql.WithOperationContext(ctx, operation), refused)
		e.answer = func() *graphql.Response { return answer }
		return e
	}
	handler, inner := f.exec.DispatchOperation(ctx, operation)
	t.Cleanup(holder.Close)
	e.answer = func() *graphql.Response {
		for {
			response := handler(inner)
			switch {
			case response != nil && holder.Opened():
				own := *response
				own.Data = bytes.Clone(own.Data)
				holder.Fill(own.Data)
				return &own
			case response != nil || !holder.Opened() || holder.Over():
				return response
			}
			holder.Wait(inner)
		}
	}
	return e
}

// told is the next answer.
func (e *ear) told(t *testing.T) answer {
	t.Helper()
	response := e.answer()
	if response == nil {
		t.Fatalf("the stream ends with %v", e.holder.Err())
	}
	text, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return a
}

// says is the next message, of which nothing failed: what stands in its only field.
func (e *ear) says(t *testing.T) map[string]any {
	t.Helper()
	a := e.told(t)
	if len(a.Errors) > 0 || len(a.Data) != 1 {
		t.Fatalf("the message is %+v", a)
	}
	for _, field := range a.Data {
		message := field.(map[string]any)
		if cursor, asked := message["cursor"]; asked && cursor != e.holder.Cursor() {
			t.Errorf("the cursor is %v, and %s is held", cursor, e.holder.Cursor())
		}
		return message
	}
	return nil
}

// ends expects that there is no further message.
func (e *ear) ends(t *testing.T) error {
	t.Helper()
	if response := e.answer(); response != nil {
		t.Fatalf("there is a further message: %s", response.Data)
	}
	return e.holder.Err()
}

// refused expects that the subscription is not taken, and returns what stands beside the code.
func (e *ear) refused(t *testing.T, code graph.Code) map[string]any {
	t.Helper()
	a := e.told(t)
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(code) || e.holder.Cursor() != "" {
		t.Fatalf("the answer is %+v, not %s", a, code)
	}
	return a.Errors[0].Extensions
}

// happens writes a node with an event about it.
func (f *fixture) happens(t *testing.T, event string, node graph.Node, fields ...string) string {
	t.Helper()
	seq, err := f.store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, []graph.Node{node})
		if err := errors.Join(append(refusals, err)...); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: event, Subject: node.GID(), Changes: tx.Changed(), Fields: fields})
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(seq)
}

func gapNamed(owner, title string) *graph.Opportunity {
	return &graph.Opportunity{
		Meta: graph.Meta{ID: "gap"}, Title: title, Customer: "acme", Owner: owner, Stage: graph.Prospect,
		Needs: []graph.Need{{Competency: "cloud", MinLevel: 1}}, Audience: graph.Audience{Kind: graph.AudienceAll},
	}
}

func TestASubscriptionTellsMessageByMessageWhatIsTrueThen(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "p001"}
		heard := f.hear(t, `subscription { all: opportunities(filter: {competency: "it"}) { cursor seq type at version changed opportunity { title owner { name } needs { competency { id } } } invitation { id } } }`, "")
		seq := f.happens(t, "opportunity.posted", gapNamed("p000", "First"), "title", "audience")
		want := func(seq, name string, version float64, title, owner string) map[string]any {
			return map[string]any{
				"cursor": heard.holder.Cursor(), "seq": seq, "type": name, "version": version, "changed": []any{"title"}, "invitation": nil,
				"opportunity": map[string]any{"title": title, "owner": map[string]any{"name": owner}, "needs": []any{map[string]any{"competency": map[string]any{"id": "cloud"}}}},
			}
		}
		check := func(got, want map[string]any) {
			t.Helper()
			if at, _ := got["at"].(string); !strings.HasSuffix(at, "Z") {
				t.Errorf("it happened at %v", got["at"])
			}
			delete(got, "at")
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the message is\n%v, not\n%v", got, want)
			}
		}
		first := heard.says(t)
		check(first, want(seq, "opportunity.posted", 1, "First", "Partner p000"))
		// What was loaded for one message is not taken for the next.
		f.happens(t, "partner.updated", &graph.Partner{Meta: graph.Meta{ID: "p000"}, Name: "Renamed", Status: graph.Active})
		seq = f.happens(t, "opportunity.updated", gapNamed("p000", "Second"), "title")
		check(heard.says(t), want(seq, "opportunity.updated", 2, "Second", "Renamed"))
		heard.hang()
		if err := heard.ends(t); err != nil {
			t.Errorf("a stream that nobody reads ends with %v", err)
		}
		again := f.hear(t, `subscription { opportunities(after: "0") { seq } }`, first["cursor"].(string))
		if got := again.says(t)["seq"]; got != seq {
			t.Errorf("it goes on with %v, not with %s", got, seq)
		}
		for _, query := range []string{
			fmt.Sprintf(`{ opportunityEvents(after: %q) { nodes { seq } edges { cursor node { seq } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, first["cursor"]),
			fmt.Sprintf(`{ opportunityEvents(after: %q, first: 1, filter: {stages: [PROSPECT]}) { nodes { seq } edges { cursor node { seq } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, first["cursor"]),
		} {
			page := f.ask(t, query)["opportunityEvents"].(map[string]any)
			cursor := again.holder.Cursor()
			want := map[string]any{
				"nodes": []any{map[string]any{"seq": seq}}, "edges": []any{map[string]any{"cursor": cursor, "node": map[string]any{"seq": seq}}},
				"pageInfo": map[string]any{"hasNextPage": false, "hasPreviousPage": true, "startCursor": cursor, "endCursor": cursor},
			}
			if !reflect.DeepEqual(page, want) {
				t.Errorf("the page is %v, not %v", page, want)
			}
		}
	})
}

func TestWhoPollsIsToldWhatWhoSubscribesIs(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		day := graph.NewDate(2026, 11, 1)
		f.happens(t, "opportunity.posted", gapNamed("p000", "A gap"))
		f.happens(t, "invitation.created", &graph.Invitation{Meta: graph.Meta{ID: "asks"}, Opportunity: "gap", Partner: "p000-unit", State: graph.InvitationPending})
		f.happens(t, "referral.sent", &graph.Referral{Meta: graph.Meta{ID: "sent"}, From: "p000", To: "p000-unit", State: graph.ReferralNew, SentOn: day}, "value")
		f.happens(t, "customer.updated", &graph.Customer{Meta: graph.Meta{ID: "acme"}, Name: "Acme & Co", Consent: true}, "name")
		f.happens(t, "wall.created", &graph.Wall{Meta: graph.Meta{ID: "wall"}, Partner: "p000-unit", Segment: "none"})
		for _, v := range []graph.Viewer{graph.Operator, {Role: graph.RolePartner, Organisation: "p000"}, {Role: graph.RolePartner, Organisation: "p000-unit"}, {Role: graph.RoleCustomer, Organisation: "acme"}} {
			f.viewer = v
			for _, c := range []struct{ stream, page, selection string }{
				{`opportunities(after: "0")`, "opportunityEvents", "{ cursor seq type at version changed opportunity { id title } invitation { id } }"},
				{`referrals(after: "0")`, "referralEvents", "{ cursor seq type at version changed referral { id from { name } } }"},
				{`events(after: "0")`, "events", "{ cursor seq type at version changed subject { gid ... on Opportunity { customer { name } } } }"},
				{`events(after: "0", types: ["opportunity.*", "wall.created"])`, `events(types: ["opportunity.*", "wall.created"])`, "{ cursor seq type at version changed subject { gid } }"},
			} {
				name, _, _ := strings.Cut(c.page, "(")
				page := f.ask(t, "{ "+c.page+" { nodes "+c.selection+" } }")[name].(map[string]any)
				heard := f.hear(t, "subscription { "+c.stream+" "+c.selection+" }", "")
				nodes := page["nodes"].([]any)
				for _, node := range nodes {
					if got := heard.says(t); !reflect.DeepEqual(got, node) {
						t.Errorf("%v is told\n%v by %s, and polls\n%v", v, got, c.stream, node)
					}
				}
				if len(nodes) == 0 && v == graph.Operator { // a wall keeps p000-unit out
					t.Errorf("%v polls nothing by %s", v, c.page)
				}
			}
		}
	})
}

func TestAStreamThatIsIdleIsToldSo(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		seq := f.happens(t, "site.updated", &graph.Site{Meta: graph.Meta{ID: "square"}, Name: "Square", Location: bern})
		for query, null := range map[string]string{
			`subscription { opportunities { cursor seq type at version changed opportunity { id } invitation { id } } }`: "opportunity",
			`subscription { referrals { cursor seq type at version changed referral { id } } }`:                          "referral",
			`subscription { events(types: ["wall.retired"]) { cursor seq type at version changed subject { id } } }`:     "subject",
		} {
			heard := f.hear(t, query, "")
			f.later.Add(int64(15 * time.Second))
			f.ticks <- time.Time{}
			got := heard.says(t)
			if value, asked := got[null]; got["type"] != "heartbeat" || got["seq"] != seq || !asked || value != nil || got["version"] != nil || len(got["changed"].([]any)) > 0 || got["cursor"] == "" {
				t.Errorf("the heartbeat is %v", got)
			}
		}
	})
}

func TestASubscriptionIsRefusedInTheWordsOfAQuery(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		for query, expected := range map[string]struct {
			code    graph.Code
			field   string
			allowed string
		}{
			`subscription { events(types: ["opportunity.posted", "wall.burnt"]) { seq } }`:                           {graph.CodeValidation, "types.1", "wall.created"},
			`subscription { events(after: "garbage") { seq } }`:                                                      {graph.CodeValidation, "after", ""},
			`subscription { referrals(after: "garbage") { seq } }`:                                                   {graph.CodeValidation, "after", ""},
			`subscription { opportunities(filter: {competency: "clouds"}) { seq } }`:                                 {graph.CodeNotFound, "filter.competency", "cloud"},
			`subscription { opportunities(filter: {radiusKm: 10}) { seq } }`:                                         {graph.CodeValidation, "filter.radiusKm", ""},
			`subscription { opportunities(filter: {near: {site: "square"}, radiusKm: 0}) { seq } }`:                  {graph.CodeValidation, "filter.radiusKm", ""},
			`subscription { opportunities(filter: {near: {site: "square", customer: "acme"}}) { seq } }`:             {graph.CodeValidation, "filter.near.site", ""},
			`subscription { opportunities(filter: {countries: ["XX"]}) { seq } }`:                                    {graph.CodeValidation, "filter.countries.0", ""},
			`subscription { opportunities { seq } referrals { seq } }`:                                               {graph.CodeBadRequest, "", ""},
			`subscription { wins { seq } }`:                                                                          {graph.CodeBadRequest, "", ""},
			`{ events(types: ["wall.burnt"]) { nodes { seq } } }`:                                                    {graph.CodeValidation, "types.0", "wall.created"},
			`{ opportunityEvents(filter: {near: {customer: "nobody"}}, after: "garbage") { nodes { seq } } }`:        {graph.CodeNotFound, "filter.near.customer", ""},
			`{ events(first: 1001) { nodes { seq } } }`:                                                              {graph.CodeValidation, "first", ""},
			`{ referralEvents(after: "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") { nodes { seq } } }`:                        {graph.CodeValidation, "after", ""},
			`{ events { nodes { seq } } opportunityEvents(filter: {region: "nowhere"}) { pageInfo { endCursor } } }`: {graph.CodeNotFound, "filter.region", ""},
		} {
			got := f.hear(t, query, "").onlyError(t)
			allowed := fmt.Sprint(got["allowed"])
			if got["code"] != string(expected.code) || expected.field != "" && got["field"] != expected.field || expected.allowed != "" && !strings.Contains(allowed, expected.allowed) {
				t.Errorf("%s is refused with %v", query, got)
			}
		}
		for _, v := range []graph.Viewer{{Role: graph.RolePartner, Organisation: "nobody"}, {Role: graph.RoleCustomer, Organisation: "nobody"}} {
			f.viewer = v
			f.hear(t, `subscription { events { seq } }`, "").refused(t, graph.CodeForbidden)
			f.hear(t, `{ events { nodes { seq } } }`, "").refused(t, graph.CodeForbidden)
		}
	})
}

// onlyError is what stands beside the code of the only error.
func (e *ear) onlyError(t *testing.T) map[string]any {
	t.Helper()
	a := e.told(t)
	if len(a.Errors) != 1 {
		t.Fatalf("the answer is %+v", a)
	}
	return a.Errors[0].Extensions
}

func TestACursorIsNoOneElses(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.happens(t, "opportunity.posted", gapNamed("p000", "A gap"))
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "p000"}
		cursor := f.hear(t, `subscription { opportunities(after: "0") { cursor } }`, "").says(t)["cursor"].(string)
		for _, v := range []graph.Viewer{graph.Operator, {Role: graph.RolePartner, Organisation: "p001"}} {
			f.viewer = v
			for _, heard := range []*ear{
				f.hear(t, fmt.Sprintf(`subscription { events(after: %q) { seq } }`, cursor), ""), f.hear(t, `subscription { referrals { seq } }`, cursor), f.hear(t, fmt.Sprintf(`{ events(after: %q) { nodes { seq } } }`, cursor), ""),
			} {
				if got := heard.refused(t, graph.CodeValidation); got["field"] != "after" {
					t.Errorf("%v is refused with %v", v, got)
				}
			}
		}
	})
}

func TestAKeySubscribesWithinItsScopes(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		f.happens(t, "opportunity.posted", gapNamed("p000", "A gap"))
		key := &graph.APIKey{Meta: graph.Meta{ID: "p000-key"}, Partner: "p000", Scopes: []graph.Scope{graph.ScopeRead}}
		f.viewer = key.Viewer()
		f.hear(t, `subscription { opportunities { seq } }`, "").refused(t, graph.CodeForbidden)
		key.Scopes = []graph.Scope{graph.ScopeSubscribe}
		f.viewer = key.Viewer()
		heard := f.hear(t, `subscription { opportunities(after: "0") { type } }`, "")
		heard.says(t)
		f.hear(t, `{ events { nodes { seq } } }`, "").refused(t, graph.CodeForbidden)
		f.viewer = graph.Operator
		f.change(t, "revokeApiKey", `{id: "p000-key"}`, "apiKey { id }")
		if failure, ok := graph.AsError(heard.ends(t)); !ok || failure.Code != graph.CodeUnauthenticated {
			t.Errorf("the stream of a revoked key ends with %v", heard.holder.Err())
		}
		f.viewer = key.Viewer()
		f.hear(t, `subscription { opportunities { seq } }`, "").refused(t, graph.CodeUnauthenticated)
	})
}

func TestWhoCarriesNoStreamIsToldHowToAsk(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		query := `subscription { opportunities { seq } }`
		for name, a := range map[string]answer{
			"POST": f.post(t, query, nil),
			"GET":  f.send(t, httptest.NewRequest(http.MethodGet, "/graphql?query="+url.QueryEscape(query), nil)),
		} {
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != string(graph.CodeBadRequest) || len(a.Data) > 0 && a.Data["opportunities"] != nil {
				t.Errorf("by %s: %+v", name, a)
			}
		}
	})
}

func TestACustomerInAMessageIsNoted(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "p000"}
		reads := func() int {
			t.Helper()
			f.audit.Flush(t.Context())
			page, err := f.store.Accesses(t.Context(), graph.Operator, graph.AccessQuery{First: 10})
			if err != nil {
				t.Fatal(err)
			}
			total := 0
			for _, access := range page.Accesses {
				total += access.Reads
			}
			return total
		}
		changed := func(name string) {
			t.Helper()
			f.happens(t, "customer.updated", &graph.Customer{Meta: graph.Meta{ID: "acme"}, Name: name, Consent: true})
		}
		silent := f.hear(t, `subscription { events(types: ["customer.*"]) { seq } }`, "")
		loud := f.hear(t, `subscription { events(types: ["customer.*"]) { subject { id } } }`, "")
		nested := f.hear(t, `subscription { opportunities { opportunity { customer { name } } } }`, "")
		changed("One")
		silent.says(t)
		if got := reads(); got != 0 {
			t.Errorf("%d reads are noted of whom nothing was handed", got)
		}
		loud.says(t)
		changed("Two")
		loud.says(t)
		if got := reads(); got != 2 {
			t.Errorf("%d reads are noted, not 2", got)
		}
		f.happens(t, "opportunity.posted", gapNamed("p000", "A gap"))
		nested.says(t)
		if got := reads(); got != 3 {
			t.Errorf("%d reads are noted, not 3", got)
		}
		f.ask(t, `{ events(types: ["customer.*"]) { nodes { seq } } }`)
		f.ask(t, `{ events(types: ["customer.*"]) { edges { node { subject { id } } } } }`)
		if got := reads(); got != 4 {
			t.Errorf("%d reads are noted, not 4", got)
		}
	})
}

func TestWhatFailsInAMessageHasItsPathAndTakesNoOtherAlong(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		heard := f.hear(t, `subscription { mine: opportunities { seq opportunity { title invitations { totalCount } } } }`, "")
		f.store.fault = graph.Unavailable(nil, "the database is away")
		seq := f.happens(t, "opportunity.posted", gapNamed("p000", "First"))
		a := heard.told(t)
		want := map[string]any{"mine": map[string]any{"seq": seq, "opportunity": nil}}
		if len(a.Errors) != 1 || fmt.Sprint(a.Errors[0].Path) != "[mine opportunity invitations]" || a.Errors[0].Extensions["code"] != string(graph.CodeUnavailable) || !reflect.DeepEqual(a.Data, want) {
			t.Errorf("the message is %+v", a)
		}
		f.store.fault = nil
		f.happens(t, "opportunity.updated", gapNamed("p000", "Second"))
		if got := heard.says(t)["opportunity"].(map[string]any); got["title"] != "Second" {
			t.Errorf("the message is %v", got)
		}
	})
}

func TestAPageOfTheLogCostsACallALevel(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		for i := range 30 {
			o := gapNamed(fmt.Sprintf("p%03d", i%2), fmt.Sprint("Gap ", i))
			o.ID = fmt.Sprint("gap", i)
			f.happens(t, "opportunity.posted", o)
		}
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "p000"}
		f.store.noted()
		page := f.ask(t, `{ opportunityEvents(first: 30) { nodes { opportunity { title owner { name offices { nodes { id } } } } } } }`)
		if nodes := page["opportunityEvents"].(map[string]any)["nodes"].([]any); len(nodes) != 30 {
			t.Fatalf("there are %d rows", len(nodes))
		}
		calls := f.store.noted()
		slices.Sort(calls)
		if expected := []string{"read Partner", "related partner.offices total=false"}; !slices.Equal(calls, expected) {
			t.Errorf("the page takes %v, not %v", calls, expected)
		}
	})
}

func TestEveryStreamEndsWithTheServer(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		heard := f.hear(t, `subscription { events { seq } }`, "")
		f.streams.Close()
		if err := heard.ends(t); !errors.Is(err, ErrStopped) {
			t.Errorf("it ends with %v", err)
		}
	})
}
