package resolvers

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
)

// get takes queries by GET. A page of a foreign site can make a browser send such a request, so that nothing is
// changed by one.
type get struct{ transport.GET }

type byGetKey struct{}

// Do answers a query.
func (g get) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	g.GET.Do(w, r.WithContext(ByGet(r.Context())), exec)
}

// ByGet says that a request came by GET, so that nothing may be changed by it.
func ByGet(ctx context.Context) context.Context { return context.WithValue(ctx, byGetKey{}, true) }

// safely refuses what must not come as it came: mutations by GET, and subscriptions by what carries no stream.
type safely struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = safely{}

// ExtensionName names the extension.
func (safely) ExtensionName() string { return "Safely" }

// Validate accepts every schema.
func (safely) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext changes nothing; it refuses.
func (safely) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	switch asked := operation.Operation.Operation; {
	case asked == ast.Subscription && cursorHolder(ctx) == nil:
		return unexecuted(errNoStream)
	case asked == ast.Mutation && ctx.Value(byGetKey{}) != nil:
		return unexecuted(&graph.Error{Code: graph.CodeBadRequest, Message: "by GET queries are answered only; send a mutation by POST as application/json"})
	}
	return nil
}

// unexecuted is a refusal of a request that is not executed.
func unexecuted(err error) *gqlerror.Error {
	refused := gqlerror.Wrap(err)
	errcode.Set(refused, errcode.ValidationFailed)
	return refused
}
