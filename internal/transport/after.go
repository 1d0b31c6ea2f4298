package transport

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"valueweb/graph"
	"valueweb/resolvers"
)

// afterHeader names a seq that the answer must reflect: a client that was answered by one server sends it to
// another one, and reads its own write there.
const afterHeader = "X-Valueweb-After"

// afterTimeout is how long a request waits for the seq. One server sees what another one wrote within a
// fraction of a second; what takes longer may take any time.
const afterTimeout = 5 * time.Second

// reader reads what was written elsewhere before it asks.
type reader struct {
	graph *graph.Graph
	log   *slog.Logger
}

// after holds a request back until the store and the network reflect the seq that it names.
func (a reader) after(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seq, refused := afterOf(r)
		if refused == nil {
			refused = a.await(r.Context(), seq)
		}
		if refused != nil {
			WriteError(w, statusOf(refused.Code), refused)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// afterOf reads the header; without one, everything is after it.
func afterOf(r *http.Request) (int64, *graph.Error) {
	values := r.Header.Values(afterHeader)
	if len(values) == 0 {
		return 0, nil
	}
	seq, err := strconv.ParseUint(values[0], 10, 63)
	if err != nil || len(values) > 1 {
		return 0, &graph.Error{Code: graph.CodeValidation, Field: afterHeader, Message: "X-Valueweb-After is one seq as an answer says it, such as 4711"}
	}
	return int64(seq), nil
}

// await waits for the network: it follows the store, and so reflects nothing that the store does not hold.
// Only where it is behind is the store asked, to tell a server that catches up from one whose store is away.
func (a reader) await(ctx context.Context, seq int64) *graph.Error {
	if seq == 0 || a.graph.Network.Seq() >= seq {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, afterTimeout)
	defer cancel()
	_, err := a.graph.Store.Seq(within)
	if err == nil {
		err = a.graph.Network.Await(within, seq)
	}
	known, ok := graph.AsError(err)
	switch {
	case err == nil:
		return nil
	case ok:
		a.log.WarnContext(ctx, "a request could not wait for a seq", "seq", seq, "error", err, "cause", causeOf(err), "request", resolvers.RequestID(ctx))
		return known
	case errors.Is(err, context.DeadlineExceeded):
		return &graph.Error{Code: graph.CodeUnavailable, Field: afterHeader, Message: "this server has not come to the seq of X-Valueweb-After yet; try again in a moment, or another server"}
	case errors.Is(err, context.Canceled):
		return &graph.Error{Code: graph.CodeTimeout, Message: "the request was given up before its answer was ready"}
	}
	a.log.ErrorContext(ctx, "a request could not wait for a seq", "seq", seq, "error", err, "request", resolvers.RequestID(ctx))
	return &graph.Error{Code: graph.CodeInternal, Message: "something went wrong in the service; its log names this request"}
}
