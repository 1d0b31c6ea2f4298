package graph

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// Scope is something that an API key lets its program do.
type Scope string

// The scopes.
const (
	ScopeRead      Scope = "READ"
	ScopePost      Scope = "POST"
	ScopeClaim     Scope = "CLAIM"
	ScopeRefer     Scope = "REFER"
	ScopeSubscribe Scope = "SUBSCRIBE"
)

// Scopes lists the scopes.
var Scopes = []Scope{ScopeRead, ScopePost, ScopeClaim, ScopeRefer, ScopeSubscribe}

// ScopeSet is some of the scopes.
type ScopeSet uint8

// ScopesOf is the set of some scopes.
func ScopesOf(scopes []Scope) ScopeSet {
	var set ScopeSet
	for i, scope := range Scopes {
		if slices.Contains(scopes, scope) {
			set |= 1 << i
		}
	}
	return set
}

// Has reports whether a scope is in the set.
func (s ScopeSet) Has(scope Scope) bool { return s&ScopesOf([]Scope{scope}) != 0 }

// List is the scopes of the set, in the order of Scopes.
func (s ScopeSet) List() []Scope {
	var list []Scope
	for _, scope := range Scopes {
		if s.Has(scope) {
			list = append(list, scope)
		}
	}
	return list
}

// APIKey lets a program ask on behalf of a partner, within some scopes. Its id is the public part of its token.
type APIKey struct {
	Meta
	Partner string  `cbor:"10,keyasint"`
	Name    string  `cbor:"11,keyasint"`
	Scopes  []Scope `cbor:"12,keyasint"`
	// Digest is the SHA-256 of the secret part of the token, in hexadecimal digits. The secret itself is kept
	// nowhere. It is random and has 256 bits, so that a slow hash would protect nothing more.
	Digest    string    `cbor:"13,keyasint"`
	ExpiresAt time.Time `cbor:"14,keyasint"` // zero: never
	RevokedAt time.Time `cbor:"15,keyasint"` // zero: not revoked
}

// Kind returns KindAPIKey.
func (*APIKey) Kind() Kind { return KindAPIKey }

// GID is unique over all kinds.
func (k *APIKey) GID() string { return GID(KindAPIKey, k.ID) }

// References lists the partner.
func (k *APIKey) References() []Reference {
	var refs references
	refs.add("partner_id", KindPartner, k.Partner)
	return refs
}

// ExpiredAt reports whether the key counts no longer at an instant, because its time is over.
func (k *APIKey) ExpiredAt(now time.Time) bool {
	return !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt)
}

// Proves reports whether a secret is that of the key. It takes as long for every secret.
func (k *APIKey) Proves(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(digestOf(secret)), []byte(k.Digest)) == 1
}

// Viewer is on whose behalf the key asks.
func (k *APIKey) Viewer() Viewer {
	return Viewer{Role: RolePartner, Organisation: k.Partner, Key: k.ID, Scopes: ScopesOf(k.Scopes)}
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// A token of a key is vw_ID_SECRET. Neither part holds an underscore.
const (
	tokenPrefix  = "vw_"
	keyIDLength  = 12 // characters of base 32
	secretBytes  = 32
	secretLength = 43 // characters of base 62
)

// IsKeyToken reports whether a token looks like that of a key: no other begins as these do.
func IsKeyToken(token string) bool { return strings.HasPrefix(token, tokenPrefix) }

// SplitKeyToken takes the token of a key apart; ok is false for what is none.
func SplitKeyToken(token string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok || len(rest) != keyIDLength+1+secretLength {
		return "", "", false
	}
	id, secret, ok = strings.Cut(rest, "_")
	return id, secret, ok && len(id) == keyIDLength
}

// newSecret makes the secret part of a token.
func newSecret() string {
	bytes := make([]byte, secretBytes)
	rand.Read(bytes) // it never fails
	digits := new(big.Int).SetBytes(bytes).Text(62)
	return strings.Repeat("0", secretLength-len(digits)) + digits
}

// newKeyID makes the id of a key.
func newKeyID() string { return strings.ToLower(rand.Text()[:keyIDLength]) }

// checkScopes refuses scopes that are none, are named twice, or are missing.
func checkScopes(scopes []Scope) error {
	if len(scopes) == 0 {
		e := Invalid("scopes", "a key has one scope at least")
		e.Allowed = namesOf(Scopes)
		return e
	}
	for i, scope := range scopes {
		if slices.Contains(scopes[:i], scope) {
			return Invalid("scopes", "the scope %s is named twice", scope)
		}
	}
	return allOf("scopes", scopes, Scopes)
}

// CreateAPIKey makes a key for a partner, and the token that proves it: whoever holds the token asks on behalf of
// the partner. It is told here and never again.
func (g *Graph) CreateAPIKey(ctx context.Context, v Viewer, key APIKey) (made Changed[*APIKey], token string, err error) {
	if err := v.OnlyOperators("administer the network"); err != nil {
		return made, "", err
	}
	if key.ExpiredAt(g.Clock()) {
		return made, "", Invalid("input.expiresAt", "the key would have expired already")
	}
	secret := newSecret()
	key.Digest, key.ExpiresAt = digestOf(secret), toMilliseconds(key.ExpiresAt)
	if made, err = Create(ctx, g, v, Creation{}, &key); err != nil {
		return made, "", err
	}
	return made, tokenPrefix + made.Node.ID + "_" + secret, nil
}

// RevokeAPIKey takes a key back: from now on it counts no more.
func (g *Graph) RevokeAPIKey(ctx context.Context, v Viewer, e Edit) (Changed[*APIKey], error) {
	return amend(ctx, g, v, e, toRetire, Revoked, func(k *APIKey) error {
		if !k.RevokedAt.IsZero() {
			return &Error{Code: CodeInvalidTransition, Field: inputID, Message: fmt.Sprintf("the API key was revoked at %s already", k.RevokedAt.Format(time.RFC3339))}
		}
		k.RevokedAt = toMilliseconds(g.Clock())
		return nil
	})
}

// toMilliseconds is an instant as the graph keeps it: in UTC, with milliseconds.
func toMilliseconds(at time.Time) time.Time { return at.UTC().Truncate(time.Millisecond) }
