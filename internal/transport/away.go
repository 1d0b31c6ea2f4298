package transport

import (
	"net/http"
	"strconv"

	"valueweb/graph"
	"valueweb/resolvers"
)

// retryAfter is the number of seconds after which a client may try again that was told UNAVAILABLE: a
// database that was started again takes some, and one that was busy does not.
const retryAfter = 1

// unavailable marks an answer as one that would be another in a moment: balancers then ask another server,
// and clients come back.
func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	w.WriteHeader(http.StatusServiceUnavailable)
}

// statusOf is the HTTP status of a code.
func statusOf(code graph.Code) int {
	switch code {
	case graph.CodeUnavailable:
		return http.StatusServiceUnavailable
	case graph.CodeTimeout:
		return http.StatusGatewayTimeout
	case graph.CodeInternal:
		return http.StatusInternalServerError
	case graph.CodeForbidden:
		return http.StatusForbidden
	case graph.CodeUnauthenticated:
		return http.StatusUnauthorized
	}
	return http.StatusBadRequest
}

// sayAway answers 503 where a GraphQL answer holds nothing but UNAVAILABLE. Other errors keep the status of
// GraphQL: 200, for the request was understood and its answer tells.
func sayAway(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		verdict := &resolvers.Verdict{}
		next.ServeHTTP(&judged{w, verdict}, r.WithContext(resolvers.WithVerdict(r.Context(), verdict)))
	})
}

// judged writes the status of an answer once the answer is known, which is before its first byte.
type judged struct {
	http.ResponseWriter
	verdict *resolvers.Verdict
}

func (j *judged) Write(p []byte) (int, error) {
	if j.verdict.Unavailable {
		j.verdict.Unavailable = false // a status is written once
		unavailable(j.ResponseWriter)
	}
	return j.ResponseWriter.Write(p)
}

// Unwrap gives http.ResponseController the writer beneath.
func (j *judged) Unwrap() http.ResponseWriter { return j.ResponseWriter }

// causeOf is what lies behind an error that is fit for clients, for the log; empty where nothing does.
func causeOf(err error) string {
	if e, ok := graph.AsError(err); ok && e.Unwrap() != nil {
		return e.Unwrap().Error()
	}
	return ""
}
