package transport

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"

	"valueweb/graph"
	"valueweb/resolvers"
)

// Verifier tells from a token on whose behalf a request asks. The error is UNAUTHENTICATED or UNAVAILABLE.
type Verifier interface {
	Viewer(ctx context.Context, token string) (graph.Viewer, error)
}

// asHeader chooses the viewer while the server is open for development.
const asHeader = "X-Valueweb-As"

// asChosen asks on behalf of the viewer whom the header chooses, by default the operator: while the server is
// open for development whoever reaches it may be anybody. Whoever brings an API key asks by it, whatever it chooses;
// other tokens are not checked here, and must not look as if they had been.
func (c Config) asChosen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if values := r.Header.Values("Authorization"); strings.Join(values, "") != "" {
			token, ok := bearer(values)
			if !ok || !c.isKey(token) {
				WriteError(w, http.StatusUnauthorized, &graph.Error{Code: graph.CodeUnauthenticated, Message: "this server knows no keys but its API keys: it is open for development; send one of these, or no Authorization"})
				return
			}
			c.let(w, r, c.APIKeys, token, next)
			return
		}
		viewer, ok := chosen(r.Header.Values(asHeader))
		if !ok {
			WriteError(w, http.StatusForbidden, &graph.Error{
				Code: graph.CodeForbidden, Field: asHeader, Allowed: []string{"OPERATOR", "ANALYST", "PARTNER:<id>", "CUSTOMER:<id>"},
				Message: "there is no such viewer: write OPERATOR, ANALYST, PARTNER:<id> or CUSTOMER:<id>",
			})
			return
		}
		next.ServeHTTP(w, r.WithContext(resolvers.WithViewer(r.Context(), viewer)))
	})
}

// chosen reads a viewer such as PARTNER:acme; nobody is named: the operator.
func chosen(values []string) (graph.Viewer, bool) {
	if len(values) == 0 || len(values) == 1 && values[0] == "" {
		return graph.Operator, true
	}
	viewer, ok := graph.ParseViewer(values[0])
	return viewer, ok && len(values) == 1
}

// public are the routes that tell nothing of the graph: probes ask them, who have no token.
var public = []string{"/healthz", "/readyz", "/schema.graphqls", "/"}

// asToken asks on behalf of the viewer whose token the request brings.
func (c Config) asToken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		values := r.Header.Values("Authorization")
		if len(values) == 0 && slices.Contains(public, r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		token, ok := bearer(values)
		if !ok {
			refuseToken(w, r, c.Log, graph.Unauthenticated(nil, "who asks must say so: send the header Authorization: Bearer TOKEN, once"))
			return
		}
		keys := c.Keys
		if c.isKey(token) {
			keys = c.APIKeys
		}
		c.let(w, r, keys, token, next)
	})
}

// isKey reports whether a token is one of an API key, of which this server knows any.
func (c Config) isKey(token string) bool { return c.APIKeys != nil && graph.IsKeyToken(token) }

// let lets a request in on behalf of the viewer of its token. Of a token that does not count the log has one line,
// which does not hold it.
func (c Config) let(w http.ResponseWriter, r *http.Request, keys Verifier, token string, next http.Handler) {
	viewer, err := keys.Viewer(r.Context(), token)
	if err != nil {
		refuseToken(w, r, c.Log, err)
		return
	}
	next.ServeHTTP(w, r.WithContext(resolvers.WithViewer(r.Context(), viewer)))
}

// bearer is the token of an Authorization header (RFC 6750, 2.1).
func bearer(values []string) (string, bool) {
	if len(values) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}

func refuseToken(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	failure, ok := graph.AsError(err)
	if !ok {
		failure = graph.Unauthenticated(err, "the token does not count here")
	}
	log.WarnContext(r.Context(), "a request was not let in", "reason", failure.Message, "cause", causeOf(failure), "path", r.URL.Path, "request", resolvers.RequestID(r.Context()))
	if failure.Code == graph.CodeUnauthenticated {
		w.Header().Set("WWW-Authenticate", `Bearer realm="valueweb"`)
	}
	WriteError(w, statusOf(failure.Code), failure)
}

// CheckListen refuses an address that is not loopback if there is no key to check tokens with: everybody who
// reaches the server would be the operator.
func CheckListen(address string, keyed bool) error {
	host, _, err := net.SplitHostPort(address)
	switch {
	case err != nil:
		return fmt.Errorf("%q is no address to listen on; write host:port, such as 127.0.0.1:8080", address)
	case keyed || slices.Contains(local, host):
		return nil
	case host == "":
		return fmt.Errorf("%q would listen on every address of this machine, and whoever reaches a server without a key is its operator: set VALUEWEB_JWT_SECRET or VALUEWEB_JWKS_URL, or write 127.0.0.1%s", address, address)
	}
	return fmt.Errorf("%q is not localhost, 127.0.0.1 or [::1], and whoever reaches a server without a key is its operator: set VALUEWEB_JWT_SECRET or VALUEWEB_JWKS_URL, or listen on one of these, such as 127.0.0.1:8080", address)
}
