// Package transport is the HTTP face of the service: routes, who is asking, limits, request ids and
// error bodies. What a request means is the business of package resolvers.
package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/rs/cors"

	"valueweb/graph"
	"valueweb/graph/stream"
	"valueweb/internal/audit"
	"valueweb/resolvers"
)

// MaxBody is the size in bytes above which a GraphQL request is refused with 413.
const MaxBody = 1 << 20

// QueryTimeout bounds the work for one GraphQL request.
const QueryTimeout = 30 * time.Second

// Config is what the routes need.
type Config struct {
	Graph   *graph.Graph
	Log     *slog.Logger
	Version string
	// Command is how people call the program, for the page that shows them how to.
	Command string
	// Origins may read answers from a browser page of theirs; none by default.
	Origins []string
	// Keys tell who is asking. Without them the server is open for development: it answers only as this machine,
	// everybody may be any viewer, and clients are shown the schema.
	Keys Verifier
	// APIKeys tell on behalf of which partner a program asks; without them there are none. They count beside Keys,
	// and while the server is open for development.
	APIKeys Verifier
	// Audit notes who was handed out customers; nil: nobody does.
	Audit *audit.Recorder
	// Streams are those that stay open. Whoever serves the routes shuts them down; nil: there is no need to.
	Streams *Streams
	// Feed tells those who subscribe what happens; nil: nobody may subscribe.
	Feed *stream.Feed
}

// New returns the handler of every route.
func New(c Config) http.Handler {
	if c.Streams == nil {
		c.Streams = NewStreams(Limits{})
	}
	if c.Feed != nil {
		c.Streams.crew.busy = c.Feed.Busy
	}
	return c.routes(resolvers.NewServer(c.Graph, c.Log, resolvers.Options{
		Introspection: c.Keys == nil, Version: c.Version, Audit: c.Audit, Streams: c.Feed, Transports: c.transports(),
	}))
}

// transports carry what stays open.
func (c Config) transports() []graphql.Transport {
	return []graphql.Transport{sockets{&c, c.Streams}, serverSent{&c, c.Streams}}
}

// routes leads to an API and to all that is beside it.
func (c Config) routes(api http.Handler) http.Handler {
	mux := http.NewServeMux()
	own := reader{graph: c.Graph, log: c.Log}
	mux.Handle(streamPath, notFromElsewhere(c.Origins, noTokenInAddress(limitBody(apart(own.after(api), limitTime(own.after(sayAway(api))))))))
	mux.Handle("POST /import", notFromElsewhere(c.Origins, own.after(&importer{graph: c.Graph, log: c.Log})))
	mux.Handle("GET /export", notFromElsewhere(c.Origins, own.after(&exporter{graph: c.Graph, log: c.Log, audit: c.Audit})))
	mux.HandleFunc("GET /schema.graphqls", serveSchema)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", c.ready)
	mux.Handle("GET /{$}", &page{graph: c.Graph, log: c.Log, command: c.Command, keyed: c.Keys != nil})
	for route, method := range map[string]string{"/import": "POST", "/export": "GET", "/schema.graphqls": "GET", "/healthz": "GET", "/readyz": "GET", "/{$}": "GET"} {
		mux.HandleFunc(route, onlyBy(method))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		WriteError(w, http.StatusNotFound, &graph.Error{Code: graph.CodeNotFound, Message: "there is nothing at " + r.URL.Path + "; the API is at /graphql, its schema at /schema.graphqls"})
	})
	return identify(record(c.Log, recovered(c.Log, c.asking(mux))))
}

// asking lets in who may ask. A browser must be told that its page may read an answer before anything else, also
// before one that refuses it, and its question whether it may ask brings no token.
func (c Config) asking(next http.Handler) http.Handler {
	if c.Keys == nil {
		return onlyLocal(c.cors(c.asChosen(next)))
	}
	return c.cors(c.asToken(next))
}

// onlyBy answers the methods that a route does not take.
func onlyBy(method string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", method)
		WriteError(w, http.StatusMethodNotAllowed, &graph.Error{Code: graph.CodeBadRequest, Message: r.URL.Path + " is asked by " + method})
	}
}

// cors lets no foreign origin read answers unless it is named.
func (c Config) cors(next http.Handler) http.Handler {
	origins := c.Origins
	return cors.New(cors.Options{
		AllowOriginFunc: func(origin string) bool { return slices.Contains(origins, origin) },
		AllowedMethods:  []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:  []string{"Authorization", "Content-Type", "X-Valueweb-As", "X-Valueweb-After", "X-Request-Id", "Last-Event-ID"},
		ExposedHeaders:  []string{"X-Request-Id", "Retry-After"},
	}).Handler(next)
}

// ready says whether questions can be answered.
func (c Config) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	if _, err := c.Graph.Store.Seq(ctx); err != nil {
		WriteError(w, http.StatusServiceUnavailable, graph.Unavailable(err, "the store does not answer"))
		return
	}
	io.WriteString(w, "ready\n")
}

func serveSchema(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, resolvers.SDL())
}

// limitBody refuses bodies above MaxBody before they are read.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > MaxBody {
			tooLarge(w)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
				tooLarge(w)
				return
			}
			WriteError(w, http.StatusBadRequest, &graph.Error{Code: graph.CodeBadRequest, Message: "the body of the request could not be read"})
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

func tooLarge(w http.ResponseWriter) {
	WriteError(w, http.StatusRequestEntityTooLarge, &graph.Error{Code: graph.CodeBadRequest, Message: "the body of a request may hold at most 1 MiB"})
}

func limitTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), QueryTimeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// WriteError answers with the error body of GraphQL, whatever the route.
func WriteError(w http.ResponseWriter, status int, e *graph.Error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if status == http.StatusServiceUnavailable {
		unavailable(w)
	} else {
		w.WriteHeader(status)
	}
	extensions := map[string]any{"code": e.Code}
	if e.Field != "" {
		extensions["field"] = e.Field
	}
	if len(e.Allowed) > 0 {
		extensions["allowed"] = e.Allowed
	}
	json.NewEncoder(w).Encode(map[string]any{
		"errors": []any{map[string]any{"message": e.Message, "extensions": extensions}},
		"data":   nil,
	})
}
