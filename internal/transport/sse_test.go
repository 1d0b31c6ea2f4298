package transport

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
	"valueweb/resolvers"
)

// events is an answer of server-sent events under way.
type events struct {
	t        *testing.T
	response *http.Response
	lines    *bufio.Reader
}

// events asks by GET for events.
func (w *wire) events(t *testing.T, query string, header http.Header) *events {
	t.Helper()
	return w.send(t, http.MethodGet, "/graphql?query="+url.QueryEscape(query), "", header)
}

func (w *wire) send(t *testing.T, method, path, body string, header http.Header) *events {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Accept": {"text/event-stream"}}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return &events{t, response, bufio.NewReader(response.Body)}
}

// refused is the status and body of what is no stream.
func (e *events) refused() (int, string) {
	e.t.Helper()
	if kind := e.response.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
		e.t.Errorf("%s", kind)
	}
	return e.response.StatusCode, e.rest()
}

func (e *events) rest() string {
	text, _ := io.ReadAll(e.lines) // until the server ends it
	return string(text)
}

// next is the next event, its lines joined by a bar; comments and what is no event are left out.
func (e *events) next() string {
	e.t.Helper()
	var event []string
	for {
		line, err := e.lines.ReadString('\n')
		if err != nil {
			e.t.Fatalf("%v after %v", err, event)
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" && len(event) > 0:
			return strings.Join(event, "|")
		case line == "", line[0] == ':', strings.HasPrefix(line, "retry:"):
		default:
			event = append(event, line)
		}
	}
}

func TestServerSentEventsCarryQueriesAndSubscriptions(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	for name, e := range map[string]*events{
		"a query by GET":  w.events(t, "{ viewer }", nil),
		"a query by POST": w.send(t, "POST", "/graphql", `{"query":"query A { lost } query B { viewer }","operationName":"B"}`, nil),
	} {
		if got := e.response.Header.Get("Content-Type"); e.response.StatusCode != http.StatusOK || got != "text/event-stream" {
			t.Errorf("%s: %s %s", name, e.response.Status, got)
		}
		if got := e.rest(); got != "retry: 1000\n\nevent: next\ndata: {\"data\":{\"viewer\":\"OPERATOR\"}}\n\nevent: complete\ndata: \n\n" {
			t.Errorf("%s: %q", name, got)
		}
	}
	e := w.send(t, "POST", "/graphql", `{"query":"subscription { count(to: 2) }"}`, nil)
	for _, want := range []string{`event: next|data: {"data":{"count":"1"}}`, `event: next|data: {"data":{"count":"2"}}`, "event: complete|data: "} {
		if got := e.next(); got != want {
			t.Errorf("%s, expected %s", got, want)
		}
	}
	if got := w.events(t, "{ lost }", nil).next(); !strings.Contains(got, `"NOT_FOUND"`) || !strings.Contains(got, `"lost":null`) {
		t.Errorf("what was answered in part: %s", got)
	}
	if w.send(t, "POST", "/graphql", `{"query":"mutation { change }"}`, nil).next(); w.changes != 1 {
		t.Errorf("%d changes", w.changes)
	}
}

func TestAStreamEndsWhenItsReaderLeaves(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	ctx, leave := context.WithCancel(t.Context())
	request, _ := http.NewRequestWithContext(ctx, "GET", w.url+"/graphql?query="+url.QueryEscape("subscription { feed }"), nil)
	request.Header.Set("Accept", "text/event-stream")
	answered := make(chan error)
	go func() {
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			line := make([]byte, 1)
			io.ReadFull(response.Body, line)
		}
		answered <- err
	}()
	w.await(t, w.begun, "feed OPERATOR")
	w.feeds <- "news"
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	leave()
	w.await(t, w.ended, "feed")
}

func TestWhatIsNoStreamIsRefusedAsElsewhere(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	for name, c := range map[string]struct {
		e      *events
		status int
		code   string
	}{
		"a query that cannot be read":     {w.events(t, "subscription {", nil), 400, "BAD_REQUEST"},
		"no query":                        {w.send(t, "GET", "/graphql", "", nil), 400, "BAD_REQUEST"},
		"variables that are none":         {w.send(t, "GET", "/graphql?query=%7Bviewer%7D&variables=x", "", nil), 400, "BAD_REQUEST"},
		"a body that is none":             {w.send(t, "POST", "/graphql", "hello", nil), 400, "BAD_REQUEST"},
		"a body of another type":          {w.send(t, "POST", "/graphql", "{}", http.Header{"Content-Type": {"text/plain"}}), 415, "BAD_REQUEST"},
		"a subscription that is refused":  {w.events(t, "subscription { refused }", nil), 400, "CURSOR_EXPIRED"},
		"a subscription that panics":      {w.events(t, "subscription { panics }", nil), 500, "INTERNAL"},
		"a viewer that is none":           {w.events(t, "{ viewer }", http.Header{"X-Valueweb-As": {"KING"}}), 403, "FORBIDDEN"},
		"a foreign site":                  {w.events(t, "{ viewer }", http.Header{"Sec-Fetch-Site": {"cross-site"}}), 403, "FORBIDDEN"},
		"a token in the address":          {w.send(t, "GET", "/graphql?query=%7Bviewer%7D&access_token=x", "", nil), 401, "UNAUTHENTICATED"},
		"an authorization in the address": {w.send(t, "GET", "/graphql?query=%7Bviewer%7D&authorization=x", "", nil), 401, "UNAUTHENTICATED"},
		"a body of more than may be":      {w.send(t, "POST", "/graphql", strings.Repeat(" ", MaxBody+1), nil), 413, "BAD_REQUEST"},
	} {
		if status, body := c.e.refused(); status != c.status || !strings.Contains(body, c.code) || !strings.Contains(body, `"errors"`) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

func TestWhoPrefersJSONGetsNoEvents(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "application/json": false, "text/event-stream": true, "Text/Event-Stream; charset=utf-8": true,
		"application/json, text/event-stream": false, "text/event-stream, application/json": true,
		"application/graphql-response+json, application/json;q=0.9, text/event-stream;q=0.5": false,
		"application/json;q=0.5, text/event-stream":                                          true,
		"text/event-stream;q=0": false, "text/event-stream, multipart/mixed": true,
	} {
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.Header.Set("Accept", accept)
		if got := wantsEvents(r); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}

func TestASilentStreamSaysThatItIsThere(t *testing.T) {
	w := newWire(t, Limits{Idle: time.Millisecond}, nil)
	go func() { // it begins once something is said
		for range 3 {
			w.feeds <- "news"
		}
	}()
	e := w.events(t, "subscription { feed }", nil)
	for range 3 {
		e.next()
	}
	for range 3 {
		if line, err := e.lines.ReadString('\n'); err != nil || line != ":\n" {
			t.Fatalf("%q %v", line, err)
		}
		e.lines.ReadString('\n')
	}
}

func TestAStreamOfEventsEndsWithTheTokenOfItsReader(t *testing.T) {
	w := newWire(t, Limits{}, func(c *Config) {
		c.Keys = guards{"short": {Role: graph.RoleOperator, Expires: time.Now().Add(300 * time.Millisecond)}, "old": {Role: graph.RoleOperator, Expires: time.Now().Add(-time.Second)}}
	})
	go func() { w.feeds <- "news" }()
	e := w.events(t, "subscription { feed }", http.Header{"Authorization": {"Bearer short"}})
	if got := e.next(); got != `event: next|data: {"data":{"feed":"news"}}` {
		t.Error(got)
	}
	if got := e.next(); !strings.HasPrefix(got, `event: error|data: {"errors":[{"message":"the token has expired`) || !strings.Contains(got, `"UNAUTHENTICATED"`) {
		t.Error(got)
	}
	if rest := e.rest(); rest != "" {
		t.Errorf("after that: %s", rest)
	}
	if status, body := w.events(t, "subscription { silent }", http.Header{"Authorization": {"Bearer old"}}).refused(); status != 401 || !strings.Contains(body, "expired") {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := w.events(t, "subscription { silent }", nil).refused(); status != 401 {
		t.Errorf("nobody: %d", status)
	}
}

func TestASlowReaderOfEventsIsToldToResume(t *testing.T) {
	w := httptest.NewRecorder()
	e := newEventStream(w, DefaultLimits)
	defer e.close()
	e.open()
	e.end(resolvers.ErrResume, func() gqlerror.List {
		return gqlerror.List{{Message: resolvers.ErrResume.Message, Extensions: map[string]any{"code": "UNAVAILABLE"}}}
	})
	if got := w.Body.String(); got != "retry: 1000\n\nevent: error\ndata: {\"errors\":[{\"message\":\"resume\",\"extensions\":{\"code\":\"UNAVAILABLE\"}}],\"data\":null}\n\n" {
		t.Errorf("%q", got)
	}
	w = httptest.NewRecorder()
	e = newEventStream(w, DefaultLimits)
	e.open()
	e.end(resolvers.ErrStopped, func() gqlerror.List { return nil })
	e.close()
	if got := w.Body.String(); got != "retry: 1000\n\n" {
		t.Errorf("%q", got)
	}
	if err := e.next(saying("feed", "late"), nil); err == nil {
		t.Error("what is over takes more")
	}
}

func TestEventsOfSeveralLinesAreRead(t *testing.T) {
	w := httptest.NewRecorder()
	e := newEventStream(w, DefaultLimits)
	defer e.close()
	if err := e.next(saying("feed", "a"), nil); err != nil {
		t.Fatal(err)
	}
	e.send(typeNext, "c1", []byte("{\n}"))
	if got := w.Body.String(); got != "retry: 1000\n\nevent: next\ndata: {\"data\":{\"feed\":\"a\"}}\n\nevent: next\nid: c1\ndata: {\ndata: }\n\n" {
		t.Errorf("%q", got)
	}
}

func TestATicketLetsInOnce(t *testing.T) {
	acme := graph.Viewer{Role: graph.RolePartner, Organisation: "acme", Subject: "ada"}
	kept := &drawer{}
	for _, c := range []func(*Config){
		func(c *Config) { c.Keys = guards{} },
		func(*Config) {},
	} {
		w := newWire(t, Limits{}, func(config *Config) {
			config.Graph = &graph.Graph{Clock: time.Now, Store: kept}
			c(config)
		})
		ticket := func() string {
			text, _, _, err := w.config.Graph.TicketFor(t.Context(), acme, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		used := ticket()
		if got := w.send(t, "GET", "/graphql?query=%7Bviewer%7D&ticket="+used, "", nil).next(); got != `event: next|data: {"data":{"viewer":"PARTNER:acme ada"}}` {
			t.Errorf("events: %s", got)
		}
		client := w.dial(t, "/graphql?ticket="+ticket(), nil)
		client.say(`{"type":"connection_init"}`)
		client.hear(`{"type":"connection_ack"}`)
		client.subscribe("1", "{ viewer }")
		client.hear(`{"id":"1","type":"next","payload":{"data":{"viewer":"PARTNER:acme ada"}}}`)
		for name, bad := range map[string]string{"used": used, "invented": strings.Repeat("x", 43), "empty": "", "short": "x"} {
			if status, body := w.send(t, "GET", "/graphql?query=%7Bviewer%7D&ticket="+bad, "", nil).refused(); status != 401 || !strings.Contains(body, "UNAUTHENTICATED") || bad != "" && strings.Contains(body, bad+`"`) {
				t.Errorf("%s: %d %s", name, status, body)
			}
		}
		if w.config.Keys == nil {
			continue
		}
		unused := ticket() // a ticket opens streams, and nothing else
		for _, header := range []http.Header{{"Accept": {"application/json"}}} {
			if status, _ := w.send(t, "GET", "/graphql?query=%7Bviewer%7D&ticket="+unused, "", header).refused(); status != 401 {
				t.Errorf("a query without a stream: %d", status)
			}
		}
		if status, _ := w.send(t, "POST", "/graphql?ticket="+unused, `{"query":"mutation { change }"}`, nil).refused(); status != 401 || w.changes > 0 {
			t.Errorf("a change: %d", status)
		}
	}
}

// drawer keeps tickets, and nothing else.
type drawer struct {
	graph.Store
	tickets map[string]graph.Ticket
}

func (d *drawer) Access(context.Context, graph.Viewer) (*graph.Access, error) { return nil, nil }

func (d *drawer) Seq(context.Context) (int64, error) { return 7, nil }

func (d *drawer) Issue(_ context.Context, t graph.Ticket) error {
	if d.tickets == nil {
		d.tickets = map[string]graph.Ticket{}
	}
	d.tickets[t.Digest] = t
	return nil
}

func (d *drawer) Redeem(_ context.Context, digest string) (*graph.Ticket, error) {
	ticket, ok := d.tickets[digest]
	delete(d.tickets, digest)
	if !ok {
		return nil, nil
	}
	return &ticket, nil
}
