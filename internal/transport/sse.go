package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
	"valueweb/resolvers"
)

const eventStreamType = "text/event-stream"

// serverSent answers with server-sent events, one operation a request: the "distinct connections mode" of graphql-sse,
// with an id for every message of a subscription, so that a browser resumes by itself.
type serverSent struct {
	config  *Config
	streams *Streams
}

// Supports takes requests that would have events rather than JSON.
func (serverSent) Supports(r *http.Request) bool { return !isSocket(r) && wantsEvents(r) }

// wantsEvents reports whether a request would have server-sent events rather than JSON: of two types that it would
// have as much, the one that it names first.
func wantsEvents(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return false
	}
	best, events := 0.0, false
	for _, header := range r.Header.Values("Accept") {
		for named := range strings.SplitSeq(header, ",") {
			kind, parameters, err := mime.ParseMediaType(named)
			if err != nil || kind != eventStreamType && !strings.HasSuffix(kind, "json") {
				continue
			}
			quality := 1.0
			if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
				quality = q
			}
			if quality > best {
				best, events = quality, kind == eventStreamType
			}
		}
	}
	return events
}

// Do answers an operation.
func (t serverSent) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	leave, refused := t.streams.enter()
	if refused != nil {
		WriteError(w, statusOf(refused.Code), refused)
		return
	}
	defer leave()
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	request, status, wrong := requestOf(r)
	if wrong != nil {
		WriteError(w, status, wrong)
		return
	}
	if r.Method == http.MethodGet {
		ctx = resolvers.ByGet(ctx)
	}
	if last := lastEventID(r); last != "" {
		ctx = resolvers.WithResume(ctx, last)
	}
	defer context.AfterFunc(t.streams.ctx, func() { cancel(resolvers.ErrStopped) })()
	if viewer, err := resolvers.ViewerFrom(ctx); err == nil && !viewer.Expires.IsZero() {
		expiry := time.AfterFunc(viewer.Expires.Sub(t.config.Graph.Clock()), func() { cancel(errExpired) })
		defer expiry.Stop()
	}
	e := newEventStream(w, t.streams.limits)
	defer e.close()
	if f := perform(ctx, exec, request, e); f != nil {
		defer f.holder.Close()
		f.all()
	}
	if why := context.Cause(ctx); errors.Is(why, errExpired) {
		e.end(why, func() gqlerror.List { return presented(ctx, exec, why) })
	}
}

// errExpired ends the stream of a viewer whose token counts no more.
var errExpired = graph.Unauthenticated(nil, "the token has expired; ask for a new one, and resume")

// requestOf reads the request: JSON by POST, parameters of the address by GET.
func requestOf(r *http.Request) (request *graphql.RawParams, status int, wrong *graph.Error) {
	if r.Method == http.MethodGet {
		query := r.URL.Query()
		request = &graphql.RawParams{Query: query.Get("query"), OperationName: query.Get("operationName")}
		if variables := query.Get("variables"); variables != "" {
			decoder := json.NewDecoder(strings.NewReader(variables))
			decoder.UseNumber()
			if decoder.Decode(&request.Variables) != nil {
				return nil, http.StatusBadRequest, &graph.Error{Code: graph.CodeBadRequest, Message: "the variables are not an object of JSON"}
			}
		}
		return request, 0, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, http.StatusUnsupportedMediaType, &graph.Error{Code: graph.CodeBadRequest, Message: "send a request by POST as application/json"}
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		request, err = parseRequest(body)
	}
	if err != nil {
		return nil, http.StatusBadRequest, &graph.Error{Code: graph.CodeBadRequest, Message: "the request is not the JSON of a GraphQL request"}
	}
	return request, 0, nil
}

// lastEventID is the id of the message after which a stream resumes, as a browser names it in a header, and who
// cannot set one in the address; empty where none is named.
func lastEventID(r *http.Request) string {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		return id
	}
	return r.URL.Query().Get("lastEventId")
}

// eventStream is the answer to an operation as server-sent events. While none has begun it can still be an error of
// HTTP.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	limits  Limits
	mu      sync.Mutex
	begun   bool
	over    bool
	waits   bool // something is in the buffer of the server
	idle    *time.Timer
	sheet   []byte
}

func newEventStream(w http.ResponseWriter, limits Limits) *eventStream {
	e := &eventStream{w: w, control: http.NewResponseController(w), limits: limits}
	e.control.SetReadDeadline(time.Time{}) // that of the request ends with it; nothing more is read
	return e
}

// reconnect is after how many milliseconds a browser comes back whose connection broke.
const reconnect = "1000"

func (e *eventStream) open() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.begin()
	e.control.Flush()
}

// begin writes the header, once, and what tells a browser how to come back.
func (e *eventStream) begin() {
	if e.begun {
		return
	}
	e.begun = true
	header := e.w.Header()
	header.Set("Content-Type", eventStreamType)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // a proxy must not keep messages back until there are more
	e.deadline()
	e.w.WriteHeader(http.StatusOK)
	e.write([]byte("retry: " + reconnect + "\n\n"))
	e.idle = time.AfterFunc(e.limits.Idle, e.comment)
}

// comment keeps a connection from looking dead, to proxies and to peers.
func (e *eventStream) comment() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		return
	}
	e.write([]byte(":\n\n"))
	e.control.Flush()
	e.idle.Reset(e.limits.Idle)
}

// close says that no more is written: the request is over.
func (e *eventStream) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.over = true
	if e.idle != nil {
		e.idle.Stop()
	}
}

// A peer that takes nothing for a while is gone: writing fails, and so does all that follows.
func (e *eventStream) deadline() { e.control.SetWriteDeadline(time.Now().Add(e.limits.Stall)) }

func (e *eventStream) write(text []byte) error {
	e.deadline()
	_, err := e.w.Write(text)
	return err
}

func (e *eventStream) next(response *graphql.Response, holder *resolvers.CursorHolder) error {
	cursor := ""
	if holder != nil {
		cursor = holder.Cursor()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.send(typeNext, cursor, appendResponse(nil, response, holder))
}

// flush sends what the server still has in its buffer.
func (e *eventStream) flush() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.waits {
		return nil
	}
	e.waits = false
	return e.control.Flush()
}

func (e *eventStream) ask() (answered func()) { return func() {} }

func (e *eventStream) complete() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.send(typeComplete, "", nil)
	e.control.Flush()
}

// send writes an event into the buffer of the server. One without data has an empty line of it: browsers pass over
// events that have none.
func (e *eventStream) send(kind, id string, data []byte) error {
	if e.over {
		return http.ErrHandlerTimeout
	}
	e.begin()
	b := append(e.sheet[:0], "event: "...)
	b = append(b, kind...)
	if id != "" {
		b = append(b, "\nid: "...)
		b = append(b, id...)
	}
	for line := range bytes.SplitSeq(data, []byte{'\n'}) {
		b = append(b, "\ndata: "...)
		b = append(b, line...)
	}
	b = append(b, "\n\n"...)
	if e.sheet = nil; cap(b) <= maxSheet {
		e.sheet = b
	}
	e.waits = true
	e.idle.Reset(e.limits.Idle)
	return e.write(b)
}

func (e *eventStream) fail(failures gqlerror.List) {
	e.mu.Lock()
	defer e.mu.Unlock()
	body := appendResponse(nil, &graphql.Response{Errors: failures}, nil)
	if e.begun {
		e.send(typeError, "", body)
		e.control.Flush()
		return
	}
	e.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if status := statusOfAll(failures); status == http.StatusServiceUnavailable {
		unavailable(e.w)
	} else {
		e.w.WriteHeader(status)
	}
	e.w.Write(append(body, '\n'))
	e.over = true
}

// statusOfAll is the HTTP status of a refusal.
func statusOfAll(failures gqlerror.List) int {
	for _, failure := range failures {
		if code, ok := failure.Extensions["code"].(string); ok {
			return statusOf(graph.Code(code))
		}
	}
	return http.StatusBadRequest
}

// end says why the server ends the stream. Who is too slow is told the word that closes a WebSocket.
func (e *eventStream) end(why error, present func() gqlerror.List) {
	failures := present()
	switch {
	case errors.Is(why, resolvers.ErrStopped):
		return // a browser comes back by itself
	case errors.Is(why, resolvers.ErrResume) && len(failures) > 0:
		failures[0].Message = "resume"
	}
	e.fail(failures)
}
