package resolvers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
)

// A presenter turns failures into what clients see: a sentence for people, and for programs a code from the
// closed list, with the argument at fault and what would be allowed there. It is the one place that does,
// and the one that logs faults of the service, whose text never reaches a client.
type presenter struct{ log *slog.Logger }

// present is the error presenter of the server.
func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	if common, ok := errors.AsType[*shared](err); ok && common.presented.Swap(true) {
		return nil // another row has said it
	}
	failure := classify(ctx, err)
	if failure.Code == graph.CodeInternal {
		p.report(ctx, err)
		failure = &graph.Error{Code: graph.CodeInternal, Message: "something went wrong in the service"}
	} else if failure.Code == graph.CodeUnavailable {
		p.report(ctx, err)
	}
	shown := &gqlerror.Error{
		Err:        err,
		Message:    failure.Message,
		Path:       graphql.GetPath(ctx),
		Extensions: map[string]any{"code": string(failure.Code)},
	}
	if reported := reportedBy(err); reported != nil {
		shown.Locations = reported.Locations
	}
	if failure.Field != "" {
		shown.Extensions["field"] = failure.Field
	}
	if failure.Stale != nil {
		shown.Extensions["currentVersion"], shown.Extensions["changedFields"] = failure.Stale.CurrentVersion, failure.Stale.ChangedFields
	}
	if len(failure.Referrers) > 0 {
		shown.Extensions["referrers"] = failure.Referrers
	}
	if failure.Oldest != "" {
		shown.Extensions["oldest"] = failure.Oldest
	}
	if len(failure.Allowed) > 0 {
		shown.Extensions["allowed"] = failure.Allowed
	}
	if id := RequestID(ctx); id != "" && failure.Code == graph.CodeInternal {
		shown.Extensions["requestId"] = id
	}
	return shown
}

// report logs a fault of the service.
func (p presenter) report(ctx context.Context, err error) {
	attributes := []any{"error", err, "cause", causeOf(err), "path", graphql.GetPath(ctx).String(), "request", RequestID(ctx)}
	if panicked, ok := errors.AsType[*panicked](err); ok {
		attributes = append(attributes, "stack", panicked.stack)
	}
	p.log.ErrorContext(ctx, "a request failed", attributes...)
}

// causeOf is what lies behind an error that is fit for clients, empty where nothing does.
func causeOf(err error) string {
	if e, ok := graph.AsError(err); ok && e.Unwrap() != nil {
		return e.Unwrap().Error()
	}
	return ""
}

// classify finds out what a failure means to a client.
func classify(ctx context.Context, err error) *graph.Error {
	reported := reportedBy(err)
	if e, ok := graph.AsError(err); ok {
		return withField(e, argumentOf(ctx, reported))
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &graph.Error{Code: graph.CodeTimeout, Message: "the answer took longer than the request may take"}
	case errors.Is(err, context.Canceled):
		return &graph.Error{Code: graph.CodeTimeout, Message: "the request was given up before its answer was ready"}
	case ofSchema(ctx):
		return &graph.Error{Code: graph.CodeForbidden, Message: "this server answers no questions about its schema; it serves it at /schema.graphqls"}
	case reported != nil && !graphql.HasOperationContext(ctx):
		return &graph.Error{Code: graph.CodeBadRequest, Message: "the request is not the JSON of a GraphQL request"}
	case reported != nil && reported.Err == nil && ofRequest(reported):
		return refused(ctx, reported)
	}
	if field := argumentOf(ctx, reported); field != "" {
		return &graph.Error{Code: graph.CodeValidation, Message: reported.Message, Field: field}
	}
	return &graph.Error{Code: graph.CodeInternal}
}

// ofSchema reports whether a question about the schema failed: it does where such questions are not answered.
func ofSchema(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Field.Field != nil && (field.Field.Name == "__schema" || field.Field.Name == "__type")
}

// reportedBy is what the GraphQL library said about a failure, nil if it said nothing.
func reportedBy(err error) *gqlerror.Error {
	reported, _ := errors.AsType[*gqlerror.Error](err)
	return reported
}

// ofRequest reports whether a request was refused before it was executed.
func ofRequest(reported *gqlerror.Error) bool {
	code, _ := reported.Extensions["code"].(string)
	return code == errcode.ParseFailed || code == errcode.ValidationFailed
}

// refused tells apart a request that cannot be read from one whose variables are at fault.
func refused(ctx context.Context, reported *gqlerror.Error) *graph.Error {
	if reported.Rule != "" || len(reported.Path) < 2 || reported.Path[0] != ast.PathName("variable") {
		return &graph.Error{Code: graph.CodeBadRequest, Message: reported.Message}
	}
	path := append(ast.Path{argumentFor(ctx, reported.Path[1])}, reported.Path[2:]...)
	return &graph.Error{Code: graph.CodeValidation, Message: fieldOf(path) + ": " + reported.Message, Field: fieldOf(path)}
}

// argumentFor is the argument of a root field that a variable is passed to, by the variable's name where
// it is passed to none.
func argumentFor(ctx context.Context, variable ast.PathElement) ast.PathElement {
	for _, selection := range graphql.GetOperationContext(ctx).Operation.SelectionSet {
		field, ok := selection.(*ast.Field)
		if !ok {
			continue
		}
		for _, argument := range field.Arguments {
			if argument.Value.Kind == ast.Variable && ast.PathName(argument.Value.Raw) == variable {
				return ast.PathName(argument.Name)
			}
		}
	}
	return variable
}

// argumentOf is the path of the argument that could not be read, without the path of the field that it is
// an argument of; empty if the failure is of another sort.
func argumentOf(ctx context.Context, reported *gqlerror.Error) string {
	field := graphql.GetFieldContext(ctx)
	if reported == nil || field == nil {
		return ""
	}
	own := len(field.Path())
	if len(reported.Path) <= own {
		return ""
	}
	return fieldOf(reported.Path[own:])
}

// fieldOf writes a path of an input as gap.needs.0.minLevel.
func fieldOf(path ast.Path) string {
	names := make([]string, len(path))
	for i, element := range path {
		names[i] = fmt.Sprint(element)
	}
	return strings.Join(names, ".")
}

// withField adds the path of an argument to an error that does not say one.
func withField(e *graph.Error, field string) *graph.Error {
	if e.Field != "" || field == "" {
		return e
	}
	located := *e
	located.Field = field
	return &located
}

// panicked is a panic of a resolver.
type panicked struct {
	value any
	stack string
}

// Error says what the panic said.
func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// Recovered is what a panic is to the presenter, which logs it and tells clients nothing of it.
func Recovered(_ context.Context, value any) error {
	return &panicked{value: value, stack: string(debug.Stack())}
}

func writeResponse(w io.Writer, response *graphql.Response) {
	// A client that is gone does not read the answer; nothing is left to be done about it.
	_ = json.NewEncoder(w).Encode(response)
}
