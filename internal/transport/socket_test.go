package transport

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"valueweb/graph"
	"valueweb/resolvers"
)

func TestAWebSocketCarriesEveryKindOfOperation(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	c := w.ready(t)
	c.subscribe("q", "{ viewer }")
	c.hear(`{"id":"q","type":"next","payload":{"data":{"viewer":"OPERATOR"}}}`, `{"id":"q","type":"complete"}`)
	c.subscribe("m", "mutation { change }")
	c.hear(`{"id":"m","type":"next","payload":{"data":{"change":"changed"}}}`, `{"id":"m","type":"complete"}`)
	c.subscribe("s", "subscription { count(to: 2) }")
	c.hear(`{"id":"s","type":"next","payload":{"data":{"count":"1"}}}`, `{"id":"s","type":"next","payload":{"data":{"count":"2"}}}`, `{"id":"s","type":"complete"}`)
	c.subscribe("q", "{ viewer }") // the id is free again
	c.hear(`{"id":"q","type":"next","payload":{"data":{"viewer":"OPERATOR"}}}`, `{"id":"q","type":"complete"}`)
	c.say(`{"id":"v","type":"subscribe","payload":{"query":"query A { viewer } query B { lost }","operationName":"B","variables":{"n":1}}}`)
	c.hearPart(`{"id":"v","type":"next"`, `"lost":null`, `"code":"NOT_FOUND"`)
	c.hear(`{"id":"v","type":"complete"}`)
}

func TestOperationsOfOneWebSocketDoNotWaitForEachOther(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	c := w.ready(t)
	c.subscribe("late", "{ late }")
	c.subscribe("silent", "subscription { silent }")
	c.subscribe("feed", "subscription { feed }")
	c.subscribe("soon", "{ viewer }")
	c.hear(`{"id":"soon","type":"next","payload":{"data":{"viewer":"OPERATOR"}}}`, `{"id":"soon","type":"complete"}`)
	w.feeds <- "news"
	c.hear(`{"id":"feed","type":"next","payload":{"data":{"feed":"news"}}}`)
	close(w.release)
	c.hear(`{"id":"late","type":"next","payload":{"data":{"late":"at last"}}}`, `{"id":"late","type":"complete"}`)
	c.say(`{"id":"feed","type":"complete"}`)
	w.await(t, w.ended, "feed")
	c.say(`{"id":"never-was","type":"complete"}`)
	c.say(`{"type":"ping","payload":{"a":1}}`)
	c.hear(`{"type":"pong","payload":{"a":1}}`)
	c.say(`{"type":"ping"}`)
	c.hear(`{"type":"pong"}`)
	c.say(`{"type":"pong"}`)
	c.ws.Close(websocket.StatusNormalClosure, "")
	w.await(t, w.ended, "silent")
}

func TestWhatIsWrongWithAnOperationIsSaidAndTheWebSocketGoesOn(t *testing.T) {
	w := newWire(t, Limits{Operations: 2}, nil)
	c := w.ready(t)
	c.subscribe("parse", "subscription {")
	c.hearPart(`{"id":"parse","type":"error","payload":[{`, `"code":"BAD_REQUEST"`)
	c.subscribe("unknown", "{ nothing }")
	c.hearPart(`{"id":"unknown","type":"error","payload":[{`)
	c.subscribe("refused", "subscription { refused }")
	c.hearPart(`{"id":"refused","type":"error","payload":[{`, `"code":"CURSOR_EXPIRED"`)
	c.subscribe("panics", "{ panics }")
	c.hearPart(`{"id":"panics","type":"error"`, `"code":"INTERNAL"`)
	c.subscribe("panics later", "subscription { panics }")
	c.hearPart(`{"id":"panics later","type":"error"`, `"code":"INTERNAL"`)
	c.subscribe("1", "subscription { silent }")
	c.subscribe("2", "subscription { silent }")
	c.subscribe("3", "subscription { silent }")
	c.hearPart(`{"id":"3","type":"error"`, `"code":"COST_EXCEEDED"`)
	c.say(`{"id":"1","type":"complete"}`)
	for w.await(t, w.ended, "silent"); ; { // the place is free once the operation has ended
		c.subscribe("4", "{ viewer }")
		if got := c.read(); strings.Contains(got, `"next"`) {
			break
		}
	}
}

func TestEveryMisuseOfAWebSocketHasItsCloseCode(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	bystander := w.ready(t)
	bystander.subscribe("feed", "subscription { feed }")
	for name, c := range map[string]struct {
		first  bool // before connection_init
		do     func(c *client)
		code   int
		reason string
	}{
		"no JSON":                  {false, func(c *client) { c.say("hello") }, 4400, "JSON object"},
		"an array":                 {false, func(c *client) { c.say(`[{"type":"ping"}]`) }, 4400, "JSON object"},
		"null":                     {false, func(c *client) { c.say(`null`) }, 4400, "JSON object"},
		"two messages in one":      {false, func(c *client) { c.say(`{"type":"ping"}{"type":"ping"}`) }, 4400, "JSON object"},
		"no type":                  {false, func(c *client) { c.say(`{"id":"1"}`) }, 4400, "JSON object"},
		"an unknown type":          {false, func(c *client) { c.say(`{"type":"start"}`) }, 4400, "no such type"},
		"a type of the server":     {false, func(c *client) { c.say(`{"type":"next","id":"1"}`) }, 4400, "no such type"},
		"a type that is a number":  {false, func(c *client) { c.say(`{"type":1}`) }, 4400, "JSON object"},
		"an id that is a number":   {false, func(c *client) { c.say(`{"type":"subscribe","id":1,"payload":{"query":"{ viewer }"}}`) }, 4400, "JSON object"},
		"an empty id":              {false, func(c *client) { c.subscribe("", "{ viewer }") }, 4400, "an id"},
		"a long id":                {false, func(c *client) { c.subscribe(strings.Repeat("x", 201), "{ viewer }") }, 4400, "an id"},
		"complete of nothing":      {false, func(c *client) { c.say(`{"type":"complete"}`) }, 4400, "an id"},
		"subscribe to nothing":     {false, func(c *client) { c.say(`{"type":"subscribe","id":"1"}`) }, 4400, "a query"},
		"a query that is a number": {false, func(c *client) { c.say(`{"type":"subscribe","id":"1","payload":{"query":1}}`) }, 4400, "a query"},
		"variables that are an array": {false, func(c *client) {
			c.say(`{"type":"subscribe","id":"1","payload":{"query":"{ viewer }","variables":[]}}`)
		}, 4400, "a query"},
		"a payload of ping":        {false, func(c *client) { c.say(`{"type":"ping","payload":1}`) }, 4400, "object"},
		"a payload of init":        {true, func(c *client) { c.say(`{"type":"connection_init","payload":"Bearer x"}`) }, 4400, "object"},
		"an authorization of init": {true, func(c *client) { c.say(`{"type":"connection_init","payload":{"authorization":1}}`) }, 4400, "authorization"},
		"two authorizations": {true, func(c *client) {
			c.say(`{"type":"connection_init","payload":{"authorization":"Bearer a","Authorization":"Bearer b"}}`)
		}, 4400, "authorization"},
		"a viewer that is none": {true, func(c *client) { c.say(`{"type":"connection_init","payload":{"x-valueweb-as":"KING"}}`) }, 4403, "no such viewer"},
		"a token, which nobody can check": {true, func(c *client) {
			c.say(`{"type":"connection_init","payload":{"authorization":"Bearer x"}}`)
		}, 4401, "counts here"},
		"a binary message": {false, func(c *client) {
			c.ws.Write(c.t.Context(), websocket.MessageBinary, []byte(`{"type":"ping"}`))
		}, 4400, "text"},
		"text that is none":        {false, func(c *client) { c.say("{\"type\":\"ping\",\"payload\":{\"a\":\"\xff\"}}") }, 4400, "UTF-8"},
		"subscribe before ack":     {true, func(c *client) { c.subscribe("1", "{ viewer }") }, 4401, "Unauthorized"},
		"a second connection_init": {false, func(c *client) { c.say(`{"type":"connection_init"}`) }, 4429, "Too many"},
		"one id twice": {false, func(c *client) {
			c.subscribe("one", "subscription { silent }")
			c.subscribe("one", "subscription { silent }")
		}, 4409, "Subscriber for one already exists"},
		"a message of 2 MB": {false, func(c *client) {
			go c.ws.Write(c.t.Context(), websocket.MessageText, bytes.Repeat([]byte(" "), 2<<20))
		}, 1009, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client := w.dial(t, "/graphql", nil)
			if !c.first {
				client.say(`{"type":"connection_init","payload":{}}`)
				client.hear(`{"type":"connection_ack"}`)
			}
			c.do(client)
			client.closed(c.code, c.reason)
		})
	}
	w.feeds <- "still here"
	bystander.hear(`{"id":"feed","type":"next","payload":{"data":{"feed":"still here"}}}`)
}

func TestAMessageOfOneMebibyteIsRead(t *testing.T) {
	c := newWire(t, Limits{}, nil).ready(t)
	text := `{"id":"1","type":"subscribe","payload":{"query":"{ viewer }"}}`
	c.say(text + strings.Repeat(" ", MaxBody-len(text)))
	c.hear(`{"id":"1","type":"next","payload":{"data":{"viewer":"OPERATOR"}}}`)
}

func TestMessagesOfEveryLengthAreReadByOthers(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	c := w.ready(t)
	c.subscribe("1", "subscription { feed }")
	for _, n := range []int{0, 1, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 200, 65_400, 65_480, 65_481, 65_482, 65_483, 65_484, 65_485, 65_486, 65_487, 65_488, 65_489, 65_490, 70_000} {
		word := strings.Repeat("x", n)
		go func() { w.feeds <- word }()
		c.hear(`{"id":"1","type":"next","payload":{"data":{"feed":"` + word + `"}}}`)
	}
}

func TestAnotherProtocolIsNotSpoken(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	w.dial(t, "/graphql", nil, "graphql-ws").closed(4406, "")
	w.dial(t, "/graphql", nil, []string{}...).say(`{"type":"connection_init"}`)
	w.dial(t, "/graphql", nil, "").closed(4406, "")
}

func TestWhoSaysNothingIsSentAway(t *testing.T) {
	w := newWire(t, Limits{Init: time.Millisecond}, nil)
	w.dial(t, "/graphql", nil).closed(4408, "timeout")
}

func TestAWebSocketAsksForWhomItsClientSays(t *testing.T) {
	acme := graph.Viewer{Role: graph.RolePartner, Organisation: "acme"}
	open := newWire(t, Limits{}, nil)
	keyed := newWire(t, Limits{}, func(c *Config) {
		c.Keys = guards{"good": acme, "old": {Role: graph.RoleOperator, Expires: time.Now().Add(-time.Second)}}
	})
	for name, c := range map[string]struct {
		wire   *wire
		header http.Header
		init   string
		viewer string // empty: closed with 4401
	}{
		"nobody, in development":             {open, nil, `{}`, "OPERATOR"},
		"chosen in the header":               {open, http.Header{"X-Valueweb-As": {"PARTNER:acme"}}, `{}`, "PARTNER:acme"},
		"chosen in the payload":              {open, nil, `{"x-valueweb-as":"ANALYST"}`, "ANALYST"},
		"chosen in both":                     {open, http.Header{"X-Valueweb-As": {"PARTNER:acme"}}, `{"X-Valueweb-As":"ANALYST"}`, "ANALYST"},
		"nobody":                             {keyed, nil, `{}`, ""},
		"a token in the header":              {keyed, http.Header{"Authorization": {"Bearer good"}}, `{}`, "PARTNER:acme"},
		"a token in the payload":             {keyed, nil, `{"authorization":"Bearer good"}`, "PARTNER:acme"},
		"a token as headers are written":     {keyed, nil, `{"Authorization":"bearer good"}`, "PARTNER:acme"},
		"a bad token":                        {keyed, nil, `{"authorization":"Bearer bad"}`, ""},
		"a bad token after a good one":       {keyed, http.Header{"Authorization": {"Bearer good"}}, `{"authorization":"Bearer bad"}`, ""},
		"a token without its scheme":         {keyed, nil, `{"authorization":"good"}`, ""},
		"chosen where tokens are asked for":  {keyed, nil, `{"x-valueweb-as":"OPERATOR"}`, ""},
		"a token that has expired meanwhile": {keyed, nil, `{"authorization":"Bearer old"}`, ""},
	} {
		client := c.wire.dial(t, "/graphql", c.header)
		client.say(`{"type":"connection_init","payload":` + c.init + `}`)
		if c.viewer == "" {
			client.closed(4401, "")
			continue
		}
		client.hear(`{"type":"connection_ack"}`)
		client.subscribe("1", "{ viewer }")
		if got, want := client.read(), fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"viewer":%q}}}`, c.viewer); got != want {
			t.Errorf("%s: %s, expected %s", name, got, want)
		}
	}
}

func TestAWebSocketEndsWithTheTokenOfItsClient(t *testing.T) {
	w := newWire(t, Limits{}, func(c *Config) {
		c.Keys = guards{"short": {Role: graph.RoleOperator, Expires: time.Now().Add(300 * time.Millisecond)}}
	})
	c := w.dial(t, "/graphql", nil)
	c.say(`{"type":"connection_init","payload":{"authorization":"Bearer short"}}`)
	c.hear(`{"type":"connection_ack"}`)
	c.subscribe("1", "subscription { silent }")
	c.closed(4401, "expired")
	w.await(t, w.ended, "silent")
}

func TestAPageOfElsewhereOpensNoWebSocket(t *testing.T) {
	w := newWire(t, Limits{}, func(c *Config) { c.Origins = []string{"https://dash.example.com"} })
	for origin, let := range map[string]bool{
		"": true, w.url: true, "https://dash.example.com": true,
		"https://evil.example": false, "null": false, "https://dash.example.com.evil.example": false, "http://localhost:5173": false,
	} {
		ws, response, err := websocket.Dial(t.Context(), w.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{protocol}, HTTPHeader: http.Header{"Origin": {origin}}})
		if (err == nil) != let || !let && response.StatusCode != http.StatusForbidden {
			t.Errorf("%q: %v", origin, err)
		}
		if err == nil {
			ws.CloseNow()
		}
	}
	_, response, err := websocket.Dial(t.Context(), w.url+"/graphql", &websocket.DialOptions{Host: "evil.example", Subprotocols: []string{protocol}})
	if err == nil || response.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("by a foreign name: %v", err)
	}
}

func TestThereAreNoMoreStreamsThanMayBe(t *testing.T) {
	w := newWire(t, Limits{Streams: 2}, nil)
	first := w.ready(t)
	w.ready(t)
	_, response, err := websocket.Dial(t.Context(), w.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{protocol}})
	if err == nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("a third one: %v", err)
	}
	if status, body := w.events(t, "{ viewer }", nil).refused(); status != http.StatusServiceUnavailable || !strings.Contains(body, "UNAVAILABLE") {
		t.Errorf("a third one, over events: %d %s", status, body)
	}
	first.ws.Close(websocket.StatusNormalClosure, "")
	for w.streams.Open() > 1 {
		runtime.Gosched()
	}
	w.ready(t)
}

func TestAServerThatStopsSendsItsStreamsAway(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	c := w.ready(t)
	c.subscribe("1", "subscription { silent }")
	w.await(t, w.begun, "silent OPERATOR")
	go func() { w.feeds <- "news" }()
	e := w.events(t, "subscription { feed }", nil)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		c.closed(1001, "resume")
	}()
	if err := w.streams.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-closed
	if rest := e.rest(); strings.Contains(rest, "complete") {
		t.Errorf("a stream that goes on elsewhere is complete: %s", rest)
	}
	if _, response, err := websocket.Dial(t.Context(), w.url+"/graphql", nil); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after that: %v", err)
	}
}

func TestAPeerThatTakesNothingIsDropped(t *testing.T) {
	w := newWire(t, Limits{Stall: 50 * time.Millisecond, Farewell: 50 * time.Millisecond}, nil)
	c := w.ready(t)
	c.subscribe("1", "subscription { count(to: 100000000) }") // nobody reads
	w.await(t, w.begun, "count OPERATOR")
	w.await(t, w.ended, "count")
	for w.streams.Open() > 0 {
		runtime.Gosched()
	}
}

func TestAPeerThatIsNotThereIsDropped(t *testing.T) {
	w := newWire(t, Limits{Idle: time.Millisecond, Stall: 500 * time.Millisecond}, nil)
	here := w.ready(t)
	here.subscribe("here", "subscription { feed }")
	heard := make(chan string)
	go func() { heard <- here.read() }()                    // answers pings
	w.ready(t).subscribe("gone", "subscription { silent }") // reads nothing, and so answers no ping
	w.await(t, w.begun, "silent OPERATOR")
	w.await(t, w.ended, "silent")
	w.feeds <- "news"
	if got := <-heard; !strings.Contains(got, "news") {
		t.Errorf("the other heard %s", got)
	}
}

func TestASlowReaderIsToldToResume(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	for _, c := range []struct {
		why    error
		code   int
		reason string
	}{
		{resolvers.ErrResume, 4410, "resume"},
		{resolvers.ErrStopped, 1001, "resume"},
		{graph.Unauthenticated(nil, "the API key was revoked"), 4401, "revoked"},
	} {
		listening := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
			steady := &steadyWriter{ResponseWriter: to, stall: time.Minute}
			ws, err := websocket.Accept(steady, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}})
			if err != nil {
				t.Error(err)
				return
			}
			s := &socket{config: &w.config, limits: w.streams.limits, ws: ws, conn: steady.conn}
			s.ctx, s.cancel = context.WithCancel(context.Background())
			o := &operation{socket: s, name: "1", id: []byte(`"1"`)}
			go o.end(c.why, nil)
			s.run(context.Background())
		}))
		ws, _, err := websocket.Dial(t.Context(), listening.URL, &websocket.DialOptions{Subprotocols: []string{protocol}})
		if err != nil {
			t.Fatal(err)
		}
		(&client{t, ws}).closed(c.code, c.reason)
		listening.Close()
	}
}

func TestNothingIsLeftOfAThousandWebSockets(t *testing.T) {
	w := newWire(t, Limits{}, nil)
	w.ready(t).ws.CloseNow()
	for w.streams.Open() > 0 {
		runtime.Gosched()
	}
	before := runtime.NumGoroutine()
	for range 10 {
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				ws, _, err := websocket.Dial(ctx, w.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{protocol}})
				if err != nil {
					t.Error(err)
					return
				}
				ws.Write(ctx, websocket.MessageText, []byte(`{"type":"connection_init"}`))
				ws.Write(ctx, websocket.MessageText, []byte(`{"id":"1","type":"subscribe","payload":{"query":"subscription { silent }"}}`))
				if _, _, err := ws.Read(ctx); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					ws.CloseNow()
				} else {
					ws.Close(websocket.StatusNormalClosure, "")
				}
			})
		}
		all.Wait()
	}
	http.DefaultClient.CloseIdleConnections()
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before+5 || w.streams.Open() > 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before; %d streams\n%s", runtime.NumGoroutine(), before, w.streams.Open(), stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func FuzzMessage(f *testing.F) {
	for _, text := range []string{
		`{"type":"connection_init","payload":{"authorization":"Bearer x"}}`, `{"type":"ping"}`, `{"id":"1","type":"complete"}`,
		`{"id":"1","type":"subscribe","payload":{"query":"{ viewer }","operationName":null,"variables":{"a":[1,{"b":null}]},"extensions":{}}}`,
		`[]`, `null`, `{"type":"subscribe","id":"1","payload":[]}`, "\xff", `{"type":"ping"} {}`, `{"id":1,"type":"ping"}`, `{"TYPE":"ping","payload":null}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseMessage(text)
		if err != nil {
			if len(err.Error()) > 120 {
				t.Errorf("the reason does not fit into a close frame: %s", err)
			}
			return
		}
		switch m.Type {
		case typeInit, typePing, typePong:
			m.text("authorization")
			appendPong(m)
		case typeSubscribe:
			if m.Request == nil || m.ID == "" {
				t.Errorf("%s: %+v", text, m)
			}
		case typeComplete:
			if m.ID == "" || len(m.ID) > maxOperationID {
				t.Errorf("%s: %+v", text, m)
			}
		default:
			t.Errorf("%s: %+v", text, m)
		}
	})
}
