package auth

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"valueweb/graph"
)

const secret = "0123456789abcdef0123456789abcdef"

var settings = Settings{Secret: secret, Issuer: "https://login.example.com", Audience: "valueweb"}

func verifier(t *testing.T, s Settings) *Verifier {
	t.Helper()
	v, err := New(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// claims are those of a good token, with some changed; nil takes one away.
func claims(changed map[string]any) jwt.MapClaims {
	now := time.Now()
	all := jwt.MapClaims{
		"iss": settings.Issuer, "aud": settings.Audience, "sub": "alice", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(), "role": "OPERATOR",
	}
	for name, value := range changed {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	return all
}

func signed(t *testing.T, method jwt.SigningMethod, key any, c jwt.MapClaims, kid ...string) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	if len(kid) > 0 {
		token.Header["kid"] = kid[0]
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestATokenTellsWhoIsAsking(t *testing.T) {
	v := verifier(t, settings)
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	for name, c := range map[string]struct {
		claims map[string]any
		want   graph.Viewer
	}{
		"an operator":                {nil, graph.Viewer{Role: graph.RoleOperator, Subject: "alice"}},
		"a partner":                  {map[string]any{"role": "PARTNER", "org": "acme"}, graph.Viewer{Role: graph.RolePartner, Organisation: "acme", Subject: "alice"}},
		"a customer":                 {map[string]any{"role": "CUSTOMER", "org": "bank", "sub": nil}, graph.Viewer{Role: graph.RoleCustomer, Organisation: "bank"}},
		"an analyst":                 {map[string]any{"role": "ANALYST"}, graph.Viewer{Role: graph.RoleAnalyst, Subject: "alice"}},
		"one of several services":    {map[string]any{"aud": []string{"other", "valueweb"}}, graph.Viewer{Role: graph.RoleOperator, Subject: "alice"}},
		"a clock that is behind":     {map[string]any{"exp": ago(20 * time.Second)}, graph.Viewer{Role: graph.RoleOperator, Subject: "alice"}},
		"a clock that is ahead":      {map[string]any{"nbf": ago(-20 * time.Second), "iat": ago(-20 * time.Second)}, graph.Viewer{Role: graph.RoleOperator, Subject: "alice"}},
		"a subject of several lines": {map[string]any{"sub": "alice\nlevel=ERROR"}, graph.Viewer{Role: graph.RoleOperator, Subject: "alicelevel=ERROR"}},
	} {
		all := claims(c.claims)
		got, err := v.Viewer(t.Context(), signed(t, jwt.SigningMethodHS256, []byte(secret), all))
		c.want.Expires = time.Unix(all["exp"].(int64), 0)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

func TestATokenThatDoesNotCountIsRefusedInWords(t *testing.T) {
	v := verifier(t, settings)
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	of := func(changed map[string]any) string {
		return signed(t, jwt.SigningMethodHS256, []byte(secret), claims(changed))
	}
	good := of(nil)
	parts := strings.Split(good, ".")
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for name, c := range map[string]struct{ token, says string }{
		"expired":                      {of(map[string]any{"exp": ago(time.Minute)}), "has expired"},
		"not yet valid":                {of(map[string]any{"nbf": ago(-time.Minute)}), "does not count yet"},
		"issued in the future":         {of(map[string]any{"iat": ago(-time.Hour)}), "does not count yet"},
		"without an end":               {of(map[string]any{"exp": nil}), "must say when it expires"},
		"unsigned":                     {signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(nil)), "not signed by a key that counts"},
		"with its signature taken off": {parts[0] + "." + parts[1] + ".", "not signed by a key that counts"},
		"by another secret":            {signed(t, jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), claims(nil)), "not signed by a key that counts"},
		"by another algorithm":         {signed(t, jwt.SigningMethodHS512, []byte(secret), claims(nil)), "not signed by a key that counts"},
		"with another payload":         {parts[0] + "." + part(`{"role":"OPERATOR","exp":9999999999,"iss":"https://login.example.com","aud":"valueweb"}`) + "." + parts[2], "not signed by a key that counts"},
		"for another service":          {of(map[string]any{"aud": "other"}), "for another service"},
		"for no service":               {of(map[string]any{"aud": nil}), "for which service"},
		"of another issuer":            {of(map[string]any{"iss": "https://evil.example"}), "of another issuer"},
		"truncated":                    {good[:len(good)-8], "not signed by a key that counts"},
		"truncated to a part":          {parts[0], "three parts"},
		"empty":                        {"", "three parts"},
		"no token":                     {"a.b.c", "three parts"},
		"a megabyte":                   {strings.Repeat("a", 1<<20), "longer than any"},
		"of no role":                   {of(map[string]any{"role": nil}), "role is one of"},
		"of an unknown role":           {of(map[string]any{"role": "operator"}), "role is one of"},
		"of a role that is no text":    {of(map[string]any{"role": 1}), "three parts"},
		"of a partner of no name":      {of(map[string]any{"role": "PARTNER"}), "org the id"},
		"of an operator of a partner":  {of(map[string]any{"org": "acme"}), "org the id"},
		"of a partner of two lines":    {of(map[string]any{"role": "PARTNER", "org": "acme\nlevel=ERROR"}), "org the id"},
	} {
		viewer, err := v.Viewer(t.Context(), c.token)
		e, ok := graph.AsError(err)
		if !ok || e.Code != graph.CodeUnauthenticated || !strings.Contains(e.Message, c.says) || viewer != (graph.Viewer{}) {
			t.Errorf("%s: %+v, %v; expected: UNAUTHENTICATED … %s", name, viewer, err, c.says)
			continue
		}
		if e.Unwrap() != nil && len(c.token) > 20 && strings.Contains(e.Unwrap().Error()+e.Message, c.token) {
			t.Errorf("%s: the error holds the token: %v", name, e.Unwrap())
		}
	}
}

// issuer publishes keys.
type issuer struct {
	*httptest.Server
	keys  atomic.Value // of []jwkset.JWKMarshal
	away  atomic.Bool
	asked atomic.Int64
}

func newIssuer(t *testing.T) *issuer {
	i := &issuer{}
	i.keys.Store([]jwkset.JWKMarshal{})
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		i.asked.Add(1)
		if i.away.Load() {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		json.NewEncoder(w).Encode(map[string]any{"keys": i.keys.Load()})
	}))
	t.Cleanup(i.Close)
	return i
}

// publish replaces the keys.
func (i *issuer) publish(t *testing.T, keys map[string]any) {
	t.Helper()
	all := []jwkset.JWKMarshal{}
	for kid, key := range keys {
		k, err := jwkset.NewJWKFromKey(key, jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: kid, USE: jwkset.UseSig}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, k.Marshal())
	}
	i.keys.Store(all)
}

func (i *issuer) settings() Settings {
	return Settings{JWKSURL: i.URL + "/keys", Issuer: settings.Issuer, Audience: settings.Audience}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestTheKeysOfAnIssuerAreFollowed(t *testing.T) {
	i := newIssuer(t)
	first, second := must(rsa.GenerateKey(rand.Reader, 2048)), must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.publish(t, map[string]any{"one": first.Public()})
	v := verifier(t, i.settings())
	admitted := func(what, token string, want bool) {
		t.Helper()
		_, err := v.Viewer(t.Context(), token)
		if e, ok := graph.AsError(err); err == nil != want || err != nil && (!ok || e.Code != graph.CodeUnauthenticated) {
			t.Errorf("%s: %v, expected to be let in: %v", what, err, want)
		}
	}
	byFirst, bySecond := signed(t, jwt.SigningMethodRS256, first, claims(nil), "one"), signed(t, jwt.SigningMethodES256, second, claims(nil), "two")
	byThird := signed(t, jwt.SigningMethodEdDSA, private, claims(nil), "three")
	admitted("a published key", byFirst, true)
	admitted("a key that is not published", bySecond, false)
	admitted("a published key that the token does not name", signed(t, jwt.SigningMethodRS256, first, claims(nil)), true)
	admitted("another key by the name of the published one", signed(t, jwt.SigningMethodRS256, must(rsa.GenerateKey(rand.Reader, 2048)), claims(nil), "one"), false)
	// A public key is known to everybody: as a secret it signs nothing.
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(first.Public()))})
	admitted("the public key as a secret", signed(t, jwt.SigningMethodHS256, text, claims(nil), "one"), false)
	admitted("for another service", signed(t, jwt.SigningMethodRS256, first, claims(map[string]any{"aud": "other"}), "one"), false)

	i.publish(t, map[string]any{"two": second.Public(), "three": public}) // a rotation
	admitted("a key of the rotation", bySecond, true)
	admitted("another one", byThird, true)
	admitted("a key that was taken back", byFirst, false)

	i.away.Store(true)
	admitted("a known key while the issuer is away", bySecond, true)
	asked := i.asked.Load()
	for n := range 50 { // tokens with invented keys do not make us ask for each of them
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		token := signed(t, jwt.SigningMethodES256, second, claims(nil), "invented-"+string(rune('a'+n%26)))
		if _, err := v.Viewer(ctx, token); err == nil {
			t.Error("an invented key was let in")
		}
		cancel()
	}
	if more := i.asked.Load() - asked; more > unknownBurst {
		t.Errorf("50 tokens with invented keys made us ask the issuer %d times", more)
	}
}

func TestWithoutAnyKeysATokenCannotBeCheckedNow(t *testing.T) {
	i := newIssuer(t)
	i.away.Store(true)
	v := verifier(t, i.settings()) // a server starts although its issuer is away
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	token := signed(t, jwt.SigningMethodES256, key, claims(nil), "one")
	if _, err := v.Viewer(t.Context(), token); err == nil || !strings.Contains(err.Error(), "its issuer does not answer") {
		t.Errorf("away: %v", err)
	} else if e, _ := graph.AsError(err); e.Code != graph.CodeUnavailable {
		t.Errorf("away: %s", e.Code)
	}
	i.publish(t, map[string]any{"one": key.Public()})
	i.away.Store(false)
	if viewer, err := v.Viewer(t.Context(), token); err != nil || viewer.Role != graph.RoleOperator {
		t.Errorf("back: %+v, %v", viewer, err)
	}
}

func TestSettingsThatProtectNothingAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		settings Settings
		says     string
	}{
		"two kinds of key":            {Settings{Secret: secret, JWKSURL: "https://a.example/keys", Issuer: "a", Audience: "b"}, "not both"},
		"a short secret":              {Settings{Secret: "secret"}, "32 or more"},
		"keys over a plain line":      {Settings{JWKSURL: "http://login.example.com/keys", Issuer: "a", Audience: "b"}, "no address of https"},
		"an address that is none":     {Settings{JWKSURL: "login.example.com", Issuer: "a", Audience: "b"}, "no address of https"},
		"keys for all services":       {Settings{JWKSURL: "https://login.example.com/keys", Issuer: "a"}, "VALUEWEB_JWT_AUDIENCE"},
		"keys of nobody":              {Settings{JWKSURL: "https://login.example.com/keys", Audience: "b"}, "VALUEWEB_JWT_ISSUER"},
		"an audience without any key": {Settings{Audience: "b"}, "there is no key"},
	} {
		if _, err := New(t.Context(), c.settings, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, expected: %s", name, err, c.says)
		}
	}
}

func TestWhatIsMintedIsTaken(t *testing.T) {
	for _, s := range []Settings{settings, {Secret: secret}} {
		v := verifier(t, s)
		for _, viewer := range []graph.Viewer{graph.Operator, {Role: graph.RolePartner, Organisation: "acme", Subject: "app 7"}, {Role: graph.RoleAnalyst}} {
			now := time.Now()
			token, err := s.Mint(viewer, now, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			viewer.Expires = now.Add(time.Minute).Truncate(time.Second)
			if got, err := v.Viewer(t.Context(), token); err != nil || got != viewer {
				t.Errorf("%+v, %v; minted for %+v", got, err, viewer)
			}
		}
		late, err := s.Mint(graph.Operator, time.Now().Add(-time.Hour), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Viewer(t.Context(), late); err == nil {
			t.Error("a token of an hour ago that counts for a minute is taken")
		}
	}
	for _, refused := range []struct {
		settings Settings
		viewer   graph.Viewer
	}{{settings, graph.Viewer{Role: "BOSS"}}, {settings, graph.Viewer{Role: graph.RolePartner}}, {Settings{}, graph.Operator}} {
		if token, err := refused.settings.Mint(refused.viewer, time.Now(), time.Minute); err == nil {
			t.Errorf("%+v: %s", refused, token)
		}
	}
}
