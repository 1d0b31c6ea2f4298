package transport

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/resolvers"
)

// outlet is where the answers to an operation go.
type outlet interface {
	// open is told that a stream begins, whose first message may be long in coming.
	open()
	// next takes an answer, with the cursor behind it, if it has one. An error: nobody takes any more.
	next(response *graphql.Response, cursor string) error
	// fail is told why there is no answer, or no further one, in the words of the presenter.
	fail(errors gqlerror.List)
	// end is told why the server ends a stream that it could have gone on with; fail says it in the words of the
	// presenter.
	end(why error, present func() gqlerror.List)
	// complete is told that all was answered.
	complete()
}

// perform answers an operation until it is complete, or its context is cancelled: a query or a mutation with one
// answer, within QueryTimeout, a subscription with all that come. A panic is an answer as well.
func perform(ctx context.Context, exec graphql.GraphExecutor, request *graphql.RawParams, out outlet) {
	defer func() {
		if p := recover(); p != nil {
			out.fail(presented(ctx, exec, resolvers.Recovered(ctx, p)))
		}
	}()
	ctx, holder := resolvers.WithCursorHolder(graphql.StartOperationTrace(ctx))
	operation, refused := exec.CreateOperationContext(ctx, request)
	if refused != nil {
		out.fail(exec.DispatchError(graphql.WithOperationContext(ctx, operation), refused).Errors)
		return
	}
	if operation.Operation.Operation != ast.Subscription {
		within, cancel := context.WithTimeout(ctx, QueryTimeout)
		defer cancel()
		once(within, exec, operation, out)
		return
	}
	follow(ctx, exec, operation, holder, out)
}

// once answers a query or a mutation.
func once(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, out outlet) {
	responses, inner := exec.DispatchOperation(ctx, operation)
	response := responses(inner)
	if response == nil { // its time was over before it began
		response = exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
	}
	if out.next(response, "") == nil {
		out.complete()
	}
}

// follow answers a subscription. One that is refused has no answer but its errors.
func follow(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, holder *resolvers.CursorHolder, out outlet) {
	responses, inner := exec.DispatchOperation(ctx, operation)
	taken := holder.Opened()
	if taken {
		out.open()
	}
	for {
		holder.Wait(ctx)
		response := responses(inner)
		if response == nil || ctx.Err() != nil {
			break
		}
		if !taken && len(response.Errors) > 0 {
			out.fail(response.Errors)
			return
		}
		taken = true
		if out.next(response, holder.Cursor()) != nil {
			return
		}
	}
	switch err := holder.Err(); {
	case err != nil:
		out.end(err, func() gqlerror.List { return presented(ctx, exec, err) })
	case ctx.Err() == nil:
		out.complete()
	}
}

// presented is an error in the words of the presenter.
func presented(ctx context.Context, exec graphql.GraphExecutor, err error) gqlerror.List {
	return exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}).Errors
}
