package resolvers

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/graph/stream"
	"valueweb/internal/audit"
	"valueweb/internal/gql"
)

// A transport of streams takes an operation like this: it gives the operation a context with a CursorHolder in it, which
// it closes once nobody reads the stream any more; it hands the operation to the executor, and asks
// the handler for one message after the other. Where the handler returns nil there is no message now, until the holder
// says that there may be one (Wait, Call), or the stream is over, and the holder says why it ended. What is answered may
// be what others are answered, too: it is copied, and the holder fills in what is the viewer's own (Fill). Heartbeats are
// messages like all others. A subscription that comes without a holder is refused: whoever carries it could only carry
// its first message.

// What ends a stream from the side of the server. Beside these it is ended by the errors of whoever may not ask:
// FORBIDDEN once its organisation takes no part, UNAUTHENTICATED once its token or its key counts no more.
var (
	// ErrResume ends the stream of a reader that is too slow. The client subscribes again with its last cursor.
	ErrResume = stream.ErrResume
	// ErrStopped ends every stream of a server that stops.
	ErrStopped = stream.ErrStopped
)

type (
	resumeKey       struct{}
	cursorHolderKey struct{}
)

// WithResume names the message after which a stream goes on, as the Last-Event-ID of a browser does: it wins over
// the argument after.
func WithResume(ctx context.Context, cursor string) context.Context {
	return context.WithValue(ctx, resumeKey{}, cursor)
}

// resumeFrom is the cursor of WithResume, or else the argument of the client.
func resumeFrom(ctx context.Context, after *string) string {
	if cursor, ok := ctx.Value(resumeKey{}).(string); ok && cursor != "" {
		return cursor
	}
	return stated(after)
}

// CursorHolder says where a stream stands, to whoever carries it.
type CursorHolder struct {
	exec   graphql.GraphExecutor
	mu     sync.Mutex
	cursor stream.Cursor
	places []int                // where it is to be filled in
	stream *stream.Subscription // nil: there is none
	plan   *plan                // nil: there is none, or it was closed
	over   bool
	err    error
}

// WithCursorHolder makes the holder of one operation, which the executor is to answer. Whoever passes it to a
// subscription can carry a stream.
func WithCursorHolder(ctx context.Context, exec graphql.GraphExecutor) (context.Context, *CursorHolder) {
	holder := &CursorHolder{exec: exec}
	return context.WithValue(ctx, cursorHolderKey{}, holder), holder
}

// cursorHolder is the holder of an operation, nil where there is none.
func cursorHolder(ctx context.Context) *CursorHolder {
	holder, _ := ctx.Value(cursorHolderKey{}).(*CursorHolder)
	return holder
}

// Cursor is that of the message that was answered last; empty before the first, and where the operation is no
// subscription.
func (h *CursorHolder) Cursor() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.cursor.String()
}

// Fill fills the cursor into a copy of the data that was answered last, which others are answered as well.
func (h *CursorHolder) Fill(data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range h.places {
		copy(data[at:], h.cursor[:])
	}
}

// Opened says whether the subscription was taken, which it is before the handler is asked for the first message: what
// was not, is answered with the errors that say why.
func (h *CursorHolder) Opened() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stream != nil
}

// Wait returns once there may be a message to ask for, or with the context.
func (h *CursorHolder) Wait(ctx context.Context) { h.opened().Wait(ctx) }

// Call has a function called whenever there may be a message to ask for, see [stream.Subscription.Call].
func (h *CursorHolder) Call(reader func()) { h.opened().Call(reader) }

// Ready reports whether there may be a message to ask for now.
func (h *CursorHolder) Ready() bool { return h.opened().Ready() }

// AtHand reports whether the next message can be answered without asking the store.
func (h *CursorHolder) AtHand() bool {
	h.mu.Lock()
	s, of := h.stream, h.plan
	h.mu.Unlock()
	if of == nil || !of.alike {
		return false
	}
	made, ok := s.AtHand(of)
	return ok && made.(*form) != nil
}

// Behind reports whether the log must be read for the next message, which may take a while.
func (h *CursorHolder) Behind() bool { return h.opened().Behind() }

// opened is the stream, of which there is one.
func (h *CursorHolder) opened() *stream.Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stream
}

// Over says whether there is no further message.
func (h *CursorHolder) Over() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.over
}

// Err says why a stream is over: errors.Is finds ErrResume and ErrStopped, graph.AsError the code of others.
// It is nil where the operation is complete, as a query is after its answer, and where its context was cancelled.
func (h *CursorHolder) Err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// StreamCursor is the cursor of the message that was answered last by the operation of a context.
func StreamCursor(ctx context.Context) string {
	if holder := cursorHolder(ctx); holder != nil {
		return holder.Cursor()
	}
	return ""
}

func (h *CursorHolder) open(o *operation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stream, h.plan = o.stream, o.plan
}

// Close ends the stream, if there is one: whoever carries it calls it once nobody reads it any more.
func (h *CursorHolder) Close() {
	h.mu.Lock()
	s, of := h.stream, h.plan
	h.plan = nil
	h.mu.Unlock()
	if of != nil {
		s.Close()
		of.leave()
	}
}

func (h *CursorHolder) answered(cursor stream.Cursor, places []int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cursor, h.places = cursor, places
}

func (h *CursorHolder) ended(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over, h.err = true, err
}

// messageTimeout bounds the work for one message of a stream, as a query is bounded.
const messageTimeout = 30 * time.Second

// operation is a subscription that is answered message by message. There is no goroutine behind it: whoever carries
// the stream asks for the next message, which is fetched, put into the channel of the resolver, and answered.
type operation struct {
	graph  *graph.Graph
	most   int // nested rows in a message
	audit  *audit.Recorder
	fault  func(ctx context.Context, err error) // logs what is a fault of the service
	holder *CursorHolder                        // nil: whoever asks carries no stream
	stream *stream.Subscription                 // nil: it has not begun
	plan   *plan
}

type operationKey struct{}

// streamed answers a subscription: every message with a batch of its own, for what is true of one need not be true
// of the next, or by the answer to others who ask and are told alike. It keeps nothing of what the executor needs: that
// stands in its plan.
func streamed(ctx context.Context, plans *plans, o *operation, next graphql.OperationHandler) graphql.ResponseHandler {
	if x, ok := ctx.Value(executionKey{}).(*execution); ok {
		x.answer = next(ctx)
		return x.answer
	}
	first := &execution{}
	first.answer = next(context.WithValue(context.WithValue(ctx, operationKey{}, o), executionKey{}, first))
	if o.stream == nil {
		return first.answer // it was refused
	}
	plans.join(o, graphql.GetOperationContext(ctx), first)
	o.holder.open(o)
	return o.next
}

// next answers the next message, if there is one now.
func (o *operation) next(ctx context.Context) *graphql.Response {
	message, ok, err := o.stream.Poll(ctx)
	if err != nil {
		o.end(ctx, err)
		return nil
	}
	if !ok {
		return nil
	}
	if f := o.alike(ctx, &message); f != nil {
		o.holder.answered(message.Cursor, f.places)
		return f.response
	}
	response := o.each(ctx, message)
	if response != nil {
		o.holder.answered(message.Cursor, nil)
	}
	return response
}

// each answers a message for the viewer alone.
func (o *operation) each(ctx context.Context, message stream.Message) *graphql.Response {
	ctx, cancel := context.WithTimeout(ctx, messageTimeout)
	defer cancel()
	x := o.plan.take(ctx, o)
	if x == nil {
		return nil // the stream was given up
	}
	b := newBatch(o.graph, o.most)
	nodes := x.put(message)
	b.begin(x.place, nodes)
	if o.plan.shown {
		b.handOut(nodes...)
	}
	ctx = graphql.WithFieldContext(graphql.WithOperationContext(ctx, o.plan.operation), x.field)
	response := audited(b, o.audit, x.answer)(withBatch(ctx, b))
	if response != nil {
		response.Data = bytes.Clone(response.Data) // the next answer is written over it
		o.plan.give(x)
	}
	return response
}

// end says why there is no further message. What is nobody's business is a fault of the service.
func (o *operation) end(ctx context.Context, err error) {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		o.holder.ended(nil)
		return
	}
	if _, known := graph.AsError(err); !known {
		o.fault(ctx, err)
		err = &graph.Error{Code: graph.CodeInternal, Message: "something went wrong in the service"}
	}
	o.holder.ended(err)
}

// begin makes nodes the level that everything below a place is loaded for.
func (b *batch) begin(place string, nodes []graph.Node) {
	l := &level{ready: make(chan struct{})}
	l.add(nodes)
	close(l.ready)
	b.levels[place] = l
	b.learn(nodes)
}

// subscription resolves the fields of Subscription.
type subscription struct{ *root }

func (r *root) Subscription() gql.SubscriptionResolver { return subscription{r} }

// Opportunities streams what happens to opportunities.
func (s subscription) Opportunities(ctx context.Context, filter *gql.OpportunityFilter, after *string) (<-chan *gql.OpportunityEvent, error) {
	interest, err := opportunityInterest(filter)
	if err != nil {
		return nil, err
	}
	return subscribe(ctx, s.root, interest, after, opportunityEvent)
}

// Referrals streams what happens to referrals.
func (s subscription) Referrals(ctx context.Context, after *string) (<-chan *gql.ReferralEvent, error) {
	return subscribe(ctx, s.root, stream.Interest{Topic: stream.Referrals}, after, referralEvent)
}

// Events streams what happens.
func (s subscription) Events(ctx context.Context, types []string, after *string) (<-chan *gql.EventMessage, error) {
	return subscribe(ctx, s.root, stream.Interest{Topic: stream.Everything, Types: types}, after, eventMessage)
}

// errNoStream refuses a subscription where nothing carries its stream.
var errNoStream = &graph.Error{Code: graph.CodeBadRequest, Message: "a subscription is a stream: ask for it by WebSocket (graphql-transport-ws) or as text/event-stream"}

// subscribe begins the stream of an operation.
func subscribe[E any](ctx context.Context, r *root, interest stream.Interest, after *string, event func(stream.Message) *E) (<-chan *E, error) {
	o, _ := ctx.Value(operationKey{}).(*operation)
	if o == nil || o.holder == nil || r.streams == nil {
		return nil, errNoStream
	}
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	x := ctx.Value(executionKey{}).(*execution)
	messages := make(chan *E, 1)
	x.field, x.place, x.shown = graphql.GetFieldContext(ctx), placeOf(ctx), graphql.FieldRequested(ctx, "subject")
	x.put = func(m stream.Message) []graph.Node {
		messages <- event(m)
		return nodesOf(m)
	}
	if o.stream == nil {
		begun, err := r.streams.Subscribe(ctx, viewer, interest, resumeFrom(ctx, after))
		if err != nil {
			return nil, r.graph.Suggest(ctx, viewer, err)
		}
		o.stream = begun
	}
	return messages, nil
}

// nodesOf are the nodes that a message holds.
func nodesOf(m stream.Message) []graph.Node {
	var nodes []graph.Node
	if m.Subject != nil {
		nodes = append(nodes, m.Subject)
	}
	if m.Invitation != nil {
		nodes = append(nodes, m.Invitation)
	}
	return nodes
}
