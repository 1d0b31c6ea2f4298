package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
	"valueweb/resolvers"
)

// smallSchema is a schema that has one field for each thing that can become of an operation.
var smallSchema = gqlparser.MustLoadSchema(&ast.Source{Name: "small.graphqls", Input: `
type Query { viewer: String  late: String  lost: String  panics: String }
type Mutation { change: String }
type Subscription { count(to: Int!): String  feed: String  silent: String  panics: String  refused: String }
`})

// api answers the small schema. A feed is told what is put into feeds, each word once to one feed.
type api struct {
	feeds   chan string
	begun   chan string   // the fields that were begun, with their viewers
	ended   chan string   // those whose context was cancelled
	release chan struct{} // closed: late is answered
	changes int
	mu      sync.Mutex
}

func newAPI() *api {
	return &api{feeds: make(chan string), begun: make(chan string, 10_000), ended: make(chan string, 10_000), release: make(chan struct{})}
}

func (a *api) Schema() *ast.Schema { return smallSchema }

func (a *api) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (a *api) Exec(ctx context.Context) graphql.ResponseHandler {
	field := graphql.GetOperationContext(ctx).Operation.SelectionSet[0].(*ast.Field)
	viewer, err := resolvers.ViewerFrom(ctx)
	if err != nil {
		graphql.AddError(ctx, err)
		return graphql.OneShot(&graphql.Response{})
	}
	a.begun <- field.Name + " " + viewer.String()
	context.AfterFunc(ctx, func() { a.ended <- field.Name })
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
		return a.once(ctx, field, viewer)
	}
	if field.Name == "refused" {
		graphql.AddError(ctx, &graph.Error{Code: graph.CodeCursorExpired, Field: "after", Message: "the cursor is too old"})
		return graphql.OneShot(&graphql.Response{})
	}
	said := 0
	return func(ctx context.Context) *graphql.Response {
		switch field.Name {
		case "count":
			to, _ := strconv.Atoi(field.Arguments[0].Value.Raw)
			if said++; said > to {
				return nil
			}
			return saying("count", strconv.Itoa(said))
		case "feed":
			select {
			case word := <-a.feeds:
				return saying("feed", word)
			case <-ctx.Done():
				return nil
			}
		case "panics":
			panic("out of cheese")
		}
		<-ctx.Done()
		return nil
	}
}

func (a *api) once(ctx context.Context, field *ast.Field, viewer graph.Viewer) graphql.ResponseHandler {
	switch field.Name {
	case "viewer":
		return graphql.OneShot(saying("viewer", viewer.String()))
	case "late":
		return func(ctx context.Context) *graphql.Response {
			select {
			case <-a.release:
				return saying("late", "at last")
			case <-ctx.Done():
				return &graphql.Response{Errors: gqlerror.List{gqlerror.Wrap(ctx.Err())}, Data: json.RawMessage("null")}
			}
		}
	case "lost":
		return func(ctx context.Context) *graphql.Response {
			graphql.AddError(ctx, &graph.Error{Code: graph.CodeNotFound, Message: "it is lost"})
			return &graphql.Response{Data: json.RawMessage(`{"lost":null}`)}
		}
	case "change":
		a.mu.Lock()
		a.changes++
		a.mu.Unlock()
		return graphql.OneShot(saying("change", "changed"))
	}
	panic("out of cheese")
}

func saying(field, word string) *graphql.Response {
	return &graphql.Response{Data: json.RawMessage(fmt.Sprintf("{%q:%q}", field, word))}
}

// guards are tokens with what they tell.
type guards map[string]graph.Viewer

func (g guards) Viewer(_ context.Context, token string) (graph.Viewer, error) {
	viewer, ok := g[token]
	if !ok {
		return viewer, graph.Unauthenticated(nil, "the token does not count here")
	}
	return viewer, nil
}

// wire serves the small schema as the real one is served.
type wire struct {
	*api
	url     string
	streams *Streams
	config  Config
}

func newWire(t *testing.T, limits Limits, change func(*Config)) *wire {
	t.Helper()
	w := &wire{api: newAPI(), streams: NewStreams(limits)}
	w.config = Config{Graph: &graph.Graph{Clock: time.Now}, Log: slog.New(slog.DiscardHandler), Streams: w.streams}
	if change != nil {
		change(&w.config)
	}
	server := handler.New(w.api)
	for _, transport := range w.config.transports() {
		server.AddTransport(transport)
	}
	server.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		code, text := graph.CodeInternal, err.Error()
		if failure, ok := graph.AsError(err); ok {
			code, text = failure.Code, failure.Message
		} else if reported := (*gqlerror.Error)(nil); errors.As(err, &reported) && reported.Err == nil {
			code = graph.CodeBadRequest
		}
		return &gqlerror.Error{Message: text, Extensions: map[string]any{"code": string(code)}}
	})
	server.SetRecoverFunc(resolvers.Recovered)
	listening := httptest.NewServer(w.config.routes(server))
	t.Cleanup(func() {
		w.streams.Shutdown(context.Background())
		listening.Close()
	})
	w.url = listening.URL
	return w
}

// client is the other end of a WebSocket.
type client struct {
	t  *testing.T
	ws *websocket.Conn
}

func (w *wire) dial(t *testing.T, path string, header http.Header, protocols ...string) *client {
	t.Helper()
	if protocols == nil {
		protocols = []string{protocol}
	}
	ws, response, err := websocket.Dial(t.Context(), w.url+path, &websocket.DialOptions{Subprotocols: protocols, HTTPHeader: header})
	if err != nil {
		t.Fatalf("%v: %v", err, response)
	}
	ws.SetReadLimit(-1)
	t.Cleanup(func() { ws.CloseNow() })
	return &client{t, ws}
}

// ready is a client that was let in.
func (w *wire) ready(t *testing.T) *client {
	t.Helper()
	c := w.dial(t, "/graphql", nil)
	c.say(`{"type":"connection_init"}`)
	c.hear(`{"type":"connection_ack"}`)
	return c
}

func (c *client) say(text string) {
	c.t.Helper()
	if err := c.ws.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) subscribe(id, query string) {
	c.t.Helper()
	payload, _ := json.Marshal(map[string]string{"query": query})
	c.say(fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":%s}`, id, payload))
}

func (c *client) read() string {
	c.t.Helper()
	_, text, err := c.ws.Read(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

func (c *client) hear(want ...string) {
	c.t.Helper()
	for _, want := range want {
		if got := c.read(); got != want {
			c.t.Fatalf("heard %s, expected %s", got, want)
		}
	}
}

// hearPart expects a message that holds some texts.
func (c *client) hearPart(want ...string) {
	c.t.Helper()
	got := c.read()
	for _, want := range want {
		if !strings.Contains(got, want) {
			c.t.Fatalf("heard %s, expected %s in it", got, want)
		}
	}
}

// closed expects that the server closes with a code, after messages that do not matter.
func (c *client) closed(code int, reason string) {
	c.t.Helper()
	for {
		_, _, err := c.ws.Read(c.t.Context())
		if err == nil {
			continue
		}
		var why websocket.CloseError
		if !errors.As(err, &why) || int(why.Code) != code || !strings.Contains(why.Reason, reason) {
			c.t.Fatalf("closed with %v, expected %d %s", err, code, reason)
		}
		return
	}
}

// await waits until something was said; what was said before does not matter.
func (w *wire) await(t *testing.T, from chan string, want string) {
	t.Helper()
	patience := time.After(20 * time.Second)
	for {
		select {
		case got := <-from:
			if got == want {
				return
			}
		case <-patience:
			t.Fatalf("waited in vain for %s", want)
		}
	}
}
