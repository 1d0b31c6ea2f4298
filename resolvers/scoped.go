package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
)

// scoped refuses a query of a program whose API key has not the scope to read, and a subscription where it has not the
// scope to subscribe. What a mutation needs it says itself.
type scoped struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = scoped{}

// ExtensionName names the extension.
func (scoped) ExtensionName() string { return "Scoped" }

// Validate accepts every schema.
func (scoped) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext changes nothing; it refuses what the key may not ask.
func (scoped) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	viewer, err := ViewerFrom(ctx)
	if err != nil || operation.Operation.Operation == ast.Mutation {
		return nil // without a viewer no field is answered
	}
	needed := graph.ScopeRead
	if operation.Operation.Operation == ast.Subscription {
		needed = graph.ScopeSubscribe
	}
	if err := viewer.Within(needed); err != nil {
		return gqlerror.Wrap(err)
	}
	return nil
}
