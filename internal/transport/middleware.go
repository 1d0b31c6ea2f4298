package transport

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/google/uuid"

	"valueweb/graph"
	"valueweb/resolvers"
)

// identify gives every request an id: the client's, if it is one that can stand in a log, else a new one.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !plainID(id) {
			id = uuid.NewString()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(resolvers.WithRequestID(r.Context(), id)))
	})
}

// plainID reports whether a text is 1..64 letters, digits, dots, dashes or underscores.
func plainID(id string) bool {
	for _, c := range id {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// record writes one line a request to the log.
func record(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &responseRecorder{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		level := slog.LevelDebug
		if seen.status >= 400 {
			level = slog.LevelInfo
		}
		log.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "status", seen.status,
			"bytes", seen.bytes, "took", time.Since(start).Round(time.Microsecond).String(), "request", resolvers.RequestID(r.Context()))
	})
}

// responseRecorder remembers what was answered.
type responseRecorder struct {
	http.ResponseWriter
	status, bytes int // status 0: nothing was sent yet
}

func (r *responseRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *responseRecorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += n
	return n, err
}

// Unwrap gives http.ResponseController the writer beneath.
func (r *responseRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// recovered answers a panic with INTERNAL and keeps the server running. An answer that was begun is broken
// off: it must not look whole.
func recovered(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p != http.ErrAbortHandler {
				log.ErrorContext(r.Context(), "panic", "error", fmt.Sprint(p), "request", resolvers.RequestID(r.Context()), "stack", string(debug.Stack()))
			}
			if begun, ok := w.(*responseRecorder); p == http.ErrAbortHandler || ok && begun.status != 0 {
				panic(http.ErrAbortHandler)
			}
			WriteError(w, http.StatusInternalServerError, &graph.Error{Code: graph.CodeInternal, Message: "something went wrong on the server; its log names this request"})
		}()
		next.ServeHTTP(w, r)
	})
}

// local are the names by which the server answers.
var local = []string{"localhost", "127.0.0.1", "::1", "[::1]"}

// onlyLocal refuses a Host header of elsewhere: while the server is open for development, a page of a
// foreign site must not reach it by a name that it made point here.
func onlyLocal(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !slices.Contains(local, host) {
			WriteError(w, http.StatusMisdirectedRequest, &graph.Error{Code: graph.CodeForbidden, Message: "this server is open for development and answers only as localhost, 127.0.0.1 or [::1]"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// notFromElsewhere refuses what a browser sends for a page of a foreign site, such as an image whose
// address is a query: its page could not read the answer, yet would make the server work for it. Pages of
// the origins that may read answers are let through.
func notFromElsewhere(origins []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-Fetch-Site") == "cross-site" && !slices.Contains(origins, r.Header.Get("Origin")) {
			WriteError(w, http.StatusForbidden, &graph.Error{Code: graph.CodeForbidden, Message: "a page of another site may not ask this server; name its origin with --allow-origin"})
			return
		}
		next.ServeHTTP(w, r)
	})
}
