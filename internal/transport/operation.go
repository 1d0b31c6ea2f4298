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
	// next takes an answer, of a stream with its holder, which fills it in. It may wait for others until flush. An
	// error: nobody takes any more.
	next(response *graphql.Response, holder *resolvers.CursorHolder) error
	flush() error
	// ask is told that the next answer may take a while, before that; it returns what is called behind it.
	ask() (answered func())
	// fail is told why there is no answer, or no further one, in the words of the presenter.
	fail(errors gqlerror.List)
	// end is told why the server ends a stream that it could have gone on with; fail says it in the words of the
	// presenter.
	end(why error, present func() gqlerror.List)
	// complete is told that all was answered.
	complete()
}

// perform answers an operation: a query or a mutation with one answer, within QueryTimeout. A subscription goes on
// after that, where it is not refused: it is returned, and whoever performs it has it hand out its messages. A panic
// is an answer as well.
func perform(ctx context.Context, exec graphql.GraphExecutor, request *graphql.RawParams, out outlet) *following {
	defer recoverTo(ctx, exec, out)
	asked, holder := resolvers.WithCursorHolder(ctx, exec)
	asked = graphql.StartOperationTrace(asked)
	operation, refused := exec.CreateOperationContext(asked, request)
	if refused != nil {
		out.fail(exec.DispatchError(graphql.WithOperationContext(asked, operation), refused).Errors)
		return nil
	}
	if operation.Operation.Operation != ast.Subscription {
		within, cancel := context.WithTimeout(asked, QueryTimeout)
		defer cancel()
		once(within, exec, operation, out)
		return nil
	}
	answer, inner := exec.DispatchOperation(asked, operation)
	f := &following{ctx: ctx, exec: exec, answer: answer, holder: holder, out: out}
	if holder.Opened() { // its messages need nothing of what the executor has made for the operation
		out.open()
		return f
	}
	f.ctx = inner
	f.unheld()
	return nil
}

// recoverTo answers a panic.
func recoverTo(ctx context.Context, exec graphql.GraphExecutor, out outlet) {
	if p := recover(); p != nil {
		out.fail(presented(ctx, exec, resolvers.Recovered(ctx, p)))
	}
}

// once answers a query or a mutation.
func once(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, out outlet) {
	responses, inner := exec.DispatchOperation(ctx, operation)
	response := responses(inner)
	if response == nil { // its time was over before it began
		response = exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
	}
	if out.next(response, nil) == nil {
		out.complete()
	}
}

// following is a subscription that is answered message by message.
type following struct {
	ctx    context.Context
	exec   graphql.GraphExecutor
	answer graphql.ResponseHandler
	holder *resolvers.CursorHolder
	out    outlet
}

// some hands out what there is now, and reports whether that was the last of it.
func (f *following) some() (over bool) {
	over = true // where it panics, too
	defer recoverTo(f.ctx, f.exec, f.out)
	for f.holder.Ready() {
		atHand := f.holder.AtHand()
		if !atHand && f.out.flush() != nil { // nothing waits for what may take a while
			return true
		}
		response := f.ask(atHand)
		if response == nil || f.ctx.Err() != nil {
			break
		}
		if f.out.next(response, f.holder) != nil {
			return true
		}
	}
	if f.out.flush() != nil {
		return true
	}
	if f.ctx.Err() == nil && !f.holder.Over() {
		return false
	}
	f.ended()
	return true
}

// ask asks for the next answer.
func (f *following) ask(atHand bool) *graphql.Response {
	if !atHand {
		defer f.out.ask()()
	}
	return f.answer(f.ctx)
}

// ended says why there is no further message.
func (f *following) ended() {
	switch err := f.holder.Err(); {
	case err != nil:
		f.out.end(err, func() gqlerror.List { return presented(f.ctx, f.exec, err) })
	case f.ctx.Err() == nil:
		f.out.complete()
	}
}

// all hands out all messages.
func (f *following) all() {
	for !f.some() {
		f.holder.Wait(f.ctx)
	}
}

// unheld answers a subscription that has begun no stream: most often it was refused, and has no answer but its errors.
func (f *following) unheld() {
	for taken := false; ; taken = true {
		response := f.answer(f.ctx)
		if response == nil || f.ctx.Err() != nil {
			f.ended()
			return
		}
		if !taken && len(response.Errors) > 0 {
			f.out.fail(response.Errors)
			return
		}
		if f.out.next(response, f.holder) != nil || f.out.flush() != nil {
			return
		}
	}
}

// presented is an error in the words of the presenter.
func presented(ctx context.Context, exec graphql.GraphExecutor, err error) gqlerror.List {
	return exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}).Errors
}
