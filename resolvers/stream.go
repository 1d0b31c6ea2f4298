package resolvers

import (
	"context"
	"sync"

	"valueweb/graph/stream"
)

// A transport of streams takes an operation like this: it gives the operation a context of its own, which it cancels
// once nobody reads the stream any more, with a CursorHolder in it; it hands the operation to the executor, and asks
// the handler for one message after the other until the handler returns nil. Then the holder says why the stream
// ended. Heartbeats are messages like all others. A subscription that comes without a holder is refused: whoever
// carries it could only carry its first message.

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
	mu     sync.Mutex
	cursor string
	opened bool
	err    error
}

// WithCursorHolder makes the holder of one operation. Whoever passes it to a subscription can carry a stream.
func WithCursorHolder(ctx context.Context) (context.Context, *CursorHolder) {
	holder := &CursorHolder{}
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
	return h.cursor
}

// Opened says whether the subscription was taken, which it is before the handler is asked for the first message: what
// was not, is answered with the errors that say why.
func (h *CursorHolder) Opened() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.opened
}

// Err says why the handler returned nil: errors.Is finds ErrResume and ErrStopped, graph.AsError the code of others.
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

func (h *CursorHolder) open() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.opened = true
}

func (h *CursorHolder) answered(cursor string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cursor = cursor
}

func (h *CursorHolder) ended(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.err = err
}
