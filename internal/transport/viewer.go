package transport

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
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
		if ticket, ok := ticketOf(r); ok {
			c.let(w, r, tickets{c.Graph}, ticket, next)
			return
		}
		viewer, ok := chosen(r.Header.Values(asHeader))
		if !ok {
			WriteError(w, http.StatusForbidden, errNoSuchViewer)
			return
		}
		next.ServeHTTP(w, r.WithContext(resolvers.WithViewer(r.Context(), viewer)))
	})
}

var errNoSuchViewer = &graph.Error{
	Code: graph.CodeForbidden, Field: asHeader, Allowed: []string{"OPERATOR", "ANALYST", "PARTNER:<id>", "CUSTOMER:<id>"},
	Message: "there is no such viewer: write OPERATOR, ANALYST, PARTNER:<id> or CUSTOMER:<id>",
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
		if len(values) == 0 && r.URL.Path == streamPath {
			if ticket, ok := ticketOf(r); ok {
				c.let(w, r, tickets{c.Graph}, ticket, next)
				return
			}
			if isSocket(r) { // it says who asks in its first message
				next.ServeHTTP(w, r)
				return
			}
		}
		token, ok := bearer(values)
		if !ok {
			refuseToken(w, r, c.Log, errNoToken)
			return
		}
		c.let(w, r, c.keysOf(token), token, next)
	})
}

var errNoToken = graph.Unauthenticated(nil, "who asks must say so: send the header Authorization: Bearer TOKEN, once")

// keysOf is by what a token is checked.
func (c Config) keysOf(token string) Verifier {
	if c.isKey(token) {
		return c.APIKeys
	}
	return c.Keys
}

// introduced is on whose behalf the client of a WebSocket asks, by what it says in connection_init, which counts
// before what it said with the upgrade: before is the viewer of that, nil where it said nothing.
func (c Config) introduced(ctx context.Context, before *graph.Viewer, authorization, as string) (graph.Viewer, error) {
	if authorization != "" {
		token, ok := bearer([]string{authorization})
		if !ok || c.Keys == nil && !c.isKey(token) {
			return graph.Viewer{}, graph.Unauthenticated(nil, "authorization is Bearer TOKEN, with a token that counts here")
		}
		return c.keysOf(token).Viewer(ctx, token)
	}
	if c.Keys == nil && as != "" {
		viewer, ok := chosen([]string{as})
		if !ok {
			return graph.Viewer{}, errNoSuchViewer
		}
		return viewer, nil
	}
	if before == nil {
		return graph.Viewer{}, graph.Unauthenticated(nil, "who asks must say so: send authorization: Bearer TOKEN with connection_init")
	}
	return *before, nil
}

// streamPath is where streams are opened.
const streamPath = "/graphql"

// ticketOf is the ticket in the address of a request that opens a stream; others take none.
func ticketOf(r *http.Request) (string, bool) {
	if r.URL.Path != streamPath || r.Method != http.MethodGet || !isStream(r) {
		return "", false
	}
	query := r.URL.Query()
	return query.Get("ticket"), query.Has("ticket")
}

// tickets let in once who was given one.
type tickets struct{ graph *graph.Graph }

// Viewer is on whose behalf a ticket lets in.
func (t tickets) Viewer(ctx context.Context, text string) (graph.Viewer, error) {
	return t.graph.Redeem(ctx, text)
}

// noTokenInAddress refuses tokens in an address: they would stand in histories and logs.
func noTokenInAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		for _, name := range []string{"access_token", "authorization", "token"} {
			if query.Has(name) {
				WriteError(w, http.StatusUnauthorized, &graph.Error{Code: graph.CodeUnauthenticated, Field: name, Message: "a token must not stand in an address, which is kept in logs: send it in the header Authorization, or open a stream by a ticket of createStreamTicket"})
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// fromHere reports whether a request comes from a page of this server, or of an origin that may read answers, or
// from no page at all. Browsers let any page open a WebSocket anywhere, and say in a header whose page it is.
func (c Config) fromHere(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(c.Origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
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
