// Package auth tells from a token on whose behalf a request asks: it verifies JSON Web Tokens (RFC 7519) by a
// shared secret or by the keys that their issuer publishes (RFC 7517), and mints such tokens for development.
package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"

	"valueweb/graph"
)

// Settings say which tokens count.
type Settings struct {
	Secret   string // of HS256, shared with whoever mints tokens
	JWKSURL  string // where the issuer publishes its keys
	Issuer   string // that tokens must name; empty: any, with a secret only
	Audience string // likewise
}

// minSecret is the shortest secret: a key of HS256 has at least as many bits as its hash (RFC 7518, 3.2).
const minSecret = 32

// Configured reports whether there is anything to check a token with.
func (s Settings) Configured() bool { return s.Secret != "" || s.JWKSURL != "" }

// Validate reports why tokens cannot be checked so. Keys that an issuer publishes sign tokens for all of its
// programs, so that those for this one must be told apart.
func (s Settings) Validate() error {
	switch {
	case s.Secret != "" && s.JWKSURL != "":
		return errors.New("tokens are checked by a secret or by the keys of an issuer: set VALUEWEB_JWT_SECRET or VALUEWEB_JWKS_URL, not both")
	case s.Secret != "" && len(s.Secret) < minSecret:
		return fmt.Errorf("VALUEWEB_JWT_SECRET has %d bytes, and anybody could find it out; take %d or more, such as the output of openssl rand -hex 32", len(s.Secret), minSecret)
	case s.JWKSURL != "" && !isURL(s.JWKSURL):
		return fmt.Errorf("VALUEWEB_JWKS_URL is %q, which is no address of https, such as https://login.example.com/.well-known/jwks.json", s.JWKSURL)
	case s.JWKSURL != "" && (s.Issuer == "" || s.Audience == ""):
		return errors.New("with VALUEWEB_JWKS_URL say whose tokens count, and which of them: set VALUEWEB_JWT_ISSUER and VALUEWEB_JWT_AUDIENCE")
	case !s.Configured() && (s.Issuer != "" || s.Audience != ""):
		return errors.New("VALUEWEB_JWT_ISSUER and VALUEWEB_JWT_AUDIENCE say which tokens count, and there is no key to check them with: set VALUEWEB_JWT_SECRET or VALUEWEB_JWKS_URL")
	}
	return nil
}

// isURL reports whether a text is an address of https, or of http on this machine, where a test may listen.
func isURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
}

// Claims is what a token says.
type Claims struct {
	jwt.RegisteredClaims
	Role         graph.Role `json:"role"`
	Organisation string     `json:"org,omitempty"`
}

// Verifier tells viewers from tokens.
type Verifier struct {
	parser *jwt.Parser
	keys   func(ctx context.Context) jwt.Keyfunc
	away   func() bool // are there no keys, because the issuer has not answered yet?
}

// clockSkew is how far the clock of an issuer may be from ours.
const clockSkew = 30 * time.Second

// The algorithms that count. They are pinned by the kind of key: what a token says of itself decides nothing,
// or a public key could be passed off as a secret.
var (
	secretAlgorithms = []string{"HS256"}
	publicAlgorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)

// How the keys of an issuer are kept. A key that is not known yet has them fetched anew, so that a rotation is
// followed at once, but no more often than tokens with invented keys may make us ask. While the issuer does not
// answer, the keys that are known count on.
const (
	keysEvery      = 15 * time.Minute
	keysTimeout    = 5 * time.Second
	unknownEvery   = 10 * time.Second
	unknownBurst   = 3
	unknownWaitMax = 2 * time.Second
)

// New makes a verifier, which follows the keys of an issuer until the context ends. An issuer that does not
// answer at first is asked again with the first token.
func New(ctx context.Context, settings Settings, log *slog.Logger) (*Verifier, error) {
	if err := settings.Validate(); err != nil {
		return nil, err
	}
	algorithms := publicAlgorithms
	if settings.Secret != "" {
		algorithms = secretAlgorithms
	}
	options := []jwt.ParserOption{jwt.WithValidMethods(algorithms), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(clockSkew)}
	if settings.Issuer != "" {
		options = append(options, jwt.WithIssuer(settings.Issuer))
	}
	if settings.Audience != "" {
		options = append(options, jwt.WithAudience(settings.Audience))
	}
	v := &Verifier{parser: jwt.NewParser(options...), away: func() bool { return false }}
	if settings.Secret != "" {
		secret := []byte(settings.Secret)
		v.keys = func(context.Context) jwt.Keyfunc { return func(*jwt.Token) (any, error) { return secret, nil } }
		return v, nil
	}
	published, err := follow(ctx, settings.JWKSURL, log)
	if err != nil {
		return nil, err
	}
	v.keys = published.KeyfuncCtx
	v.away = func() bool {
		keys, err := published.Storage().KeyReadAll(ctx)
		return err != nil || len(keys) == 0
	}
	return v, nil
}

// follow keeps the keys that an issuer publishes.
func follow(ctx context.Context, address string, log *slog.Logger) (keyfunc.Keyfunc, error) {
	allowed := true
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{address}, keyfunc.Override{
		Client: &http.Client{Timeout: keysTimeout}, HTTPTimeout: keysTimeout, NoErrorReturnFirstHTTPReq: &allowed,
		RefreshInterval: keysEvery, RefreshUnknownKID: rate.NewLimiter(rate.Every(unknownEvery), unknownBurst), RateLimitWaitMax: unknownWaitMax,
		RefreshErrorHandlerFunc: func(string) func(context.Context, error) {
			return func(ctx context.Context, err error) {
				log.ErrorContext(ctx, "the keys of the issuer could not be fetched; those that are known count on", "address", address, "error", err)
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("follow the keys at %s: %w", address, err)
	}
	return keys, nil
}

// maxToken is the length of the longest token that is looked at, in bytes.
const maxToken = 8 << 10

// Viewer is on whose behalf a token asks. It expires when the token does, to the second: how far clocks may be apart
// decides whether a request is let in, not how long a stream goes on. The error is UNAUTHENTICATED, with what is wrong in words that are fit
// for whoever sent it, or UNAVAILABLE while there are no keys to check it with; its cause is for the log. Neither
// holds the token.
func (v *Verifier) Viewer(ctx context.Context, token string) (graph.Viewer, error) {
	if len(token) > maxToken {
		return graph.Viewer{}, graph.Unauthenticated(nil, "the token is longer than any that is issued")
	}
	var claims Claims
	if _, err := v.parser.ParseWithClaims(token, &claims, v.keys(ctx)); err != nil {
		if errors.Is(err, jwkset.ErrKeyNotFound) && v.away() {
			return graph.Viewer{}, graph.Unavailable(err, "the token cannot be checked now: its issuer does not answer; try again in a moment")
		}
		return graph.Viewer{}, graph.Unauthenticated(err, why(err))
	}
	viewer := graph.Viewer{Role: claims.Role, Organisation: claims.Organisation, Subject: printable(claims.Subject), Expires: claims.ExpiresAt.Time}
	if err := viewer.Validate(); err != nil {
		return graph.Viewer{}, graph.Unauthenticated(err, "the token says neither a role nor for whom it asks, as it must: role is one of OPERATOR, PARTNER, CUSTOMER and ANALYST, org the id of the partner or customer")
	}
	return viewer, nil
}

// why says what is wrong with a token. Only one that is signed as it must be is told more.
func why(err error) string {
	for _, c := range []struct {
		is  error
		say string
	}{
		{jwt.ErrTokenSignatureInvalid, "the token is not signed by a key that counts here"},
		{jwt.ErrTokenUnverifiable, "the token is not signed by a key that counts here"},
		{jwt.ErrTokenMalformed, "the token is none: a JSON Web Token has three parts, joined by points"},
		{jwt.ErrTokenExpired, "the token has expired; ask for a new one"},
		{jwt.ErrTokenNotValidYet, "the token does not count yet"},
		{jwt.ErrTokenUsedBeforeIssued, "the token does not count yet"},
		{jwt.ErrTokenInvalidIssuer, "the token is of another issuer"},
		{jwt.ErrTokenInvalidAudience, "the token is for another service"},
		{jwt.ErrTokenRequiredClaimMissing, "the token says too little: it must say when it expires, and for which service it is"},
	} {
		if errors.Is(err, c.is) {
			return c.say
		}
	}
	return "the token does not count here"
}

// printable is a subject as it can stand in a log: one line, and not endless.
func printable(subject string) string {
	const most = 200
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(subject, ""))
	if len(clean) > most {
		clean = strings.ToValidUTF8(clean[:most], "")
	}
	return clean
}

// Mint makes a token for a viewer that counts from now on for a while, signed with the secret.
func (s Settings) Mint(viewer graph.Viewer, now time.Time, lifetime time.Duration) (string, error) {
	if err := errors.Join(s.Validate(), viewer.Validate()); err != nil {
		return "", err
	}
	if s.Secret == "" {
		return "", errors.New("tokens are minted with the secret that they are checked by: set VALUEWEB_JWT_SECRET; with VALUEWEB_JWKS_URL the issuer mints them")
	}
	claims := Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: s.Issuer, Subject: viewer.Subject, IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(lifetime)),
		},
		Role: viewer.Role, Organisation: viewer.Organisation,
	}
	if s.Audience != "" {
		claims.Audience = jwt.ClaimStrings{s.Audience}
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(s.Secret))
}
