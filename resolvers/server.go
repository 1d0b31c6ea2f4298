package resolvers

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
	"valueweb/graph/stream"
	"valueweb/internal/audit"
)

// Options are what a server of GraphQL can be told.
type Options struct {
	Version       string // of the service, for status
	Introspection bool   // may clients read the schema and be shown what they may have meant
	QueryCache    int    // parsed queries kept; 0: DefaultQueryCache
	MaxTokens     int    // of a query; 0: DefaultMaxTokens
	MaxRows       int    // nested in one answer; 0: DefaultMaxRows
	// Audit notes who is handed out customers; nil: nobody does.
	Audit *audit.Recorder
	// Streams tells those who subscribe what happens; nil: nobody may subscribe.
	Streams *stream.Feed
	// Transports are asked before POST and GET whether they take a request.
	Transports []graphql.Transport
}

// The defaults of Options.
const (
	DefaultQueryCache = 1000
	DefaultMaxTokens  = 15_000
	// A level costs one call of the store, but rows multiply from level to level: without a bound a short
	// query could ask for an answer without end.
	DefaultMaxRows = 100_000
)

// NewServer returns the handler of /graphql: POST, and GET for queries, but not for mutations. Every request must carry a viewer
// (see [WithViewer]) and should carry a name (see [WithRequestID]); limits of the body are the business of
// whoever stands before it.
func NewServer(g *graph.Graph, log *slog.Logger, options Options) *handler.Server {
	server := handler.New(executable(rootOf(g, options)))
	for _, t := range options.Transports {
		server.AddTransport(t)
	}
	server.AddTransport(transport.POST{})
	server.AddTransport(get{})
	server.AddTransport(refusal{})
	checked := lru.New[*ast.QueryDocument](atLeastOne(options.QueryCache, DefaultQueryCache))
	tokens := atLeastOne(options.MaxTokens, DefaultMaxTokens)
	server.SetQueryCache(checked)
	server.SetParserTokenLimit(tokens)
	server.Use(bounds{tokens: tokens, known: checked})
	server.Use(safely{})
	server.Use(scoped{})
	server.SetDisableSuggestion(!options.Introspection)
	if options.Introspection {
		server.Use(extension.Introspection{})
	}
	shown := presenter{log: log}
	server.SetErrorPresenter(shown.present)
	server.SetRecoverFunc(Recovered)
	server.AroundResponses(judge)
	most := atLeastOne(options.MaxRows, DefaultMaxRows)
	plans := &plans{}
	server.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
			return streamed(ctx, plans, &operation{graph: g, most: most, audit: options.Audit, fault: shown.report, holder: cursorHolder(ctx)}, next)
		}
		b := newBatch(g, most)
		return audited(b, options.Audit, next(withBatch(ctx, b)))
	})
	return server
}

func rootOf(g *graph.Graph, options Options) *root {
	r := &root{graph: g, version: options.Version, audit: options.Audit, streams: options.Streams}
	if r.streams != nil {
		r.log = r.streams.Log
	} else {
		r.log = stream.NewLog(g.Store, g.Clock)
	}
	return r
}

func atLeastOne(number, otherwise int) int {
	if number < 1 {
		return otherwise
	}
	return number
}

// refusal answers requests that no other transport takes: another method, or another type of body.
type refusal struct{}

// Supports takes whatever is left.
func (refusal) Supports(*http.Request) bool { return true }

// Do says how to ask.
func (refusal) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	status := http.StatusMethodNotAllowed
	if r.Method == http.MethodPost {
		status = http.StatusUnsupportedMediaType
	} else {
		w.Header().Set("Allow", "GET, POST")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	refused := graph.Error{Code: graph.CodeBadRequest, Message: "send a query by POST as application/json, or by GET in the parameter query"}
	writeResponse(w, exec.DispatchError(r.Context(), gqlerror.List{gqlerror.Wrap(&refused)}))
}
