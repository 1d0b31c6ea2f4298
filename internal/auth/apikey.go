package auth

import (
	"context"
	"fmt"
	"time"

	"valueweb/graph"
)

// Keys tells viewers from the tokens of API keys.
type Keys struct {
	Ring  graph.Keyring
	Clock func() time.Time
	// Used is told of every key that is let in.
	Used func(id string)
}

// Viewer is on whose behalf the token of a key asks: the partner of the key, within its scopes. The error is
// UNAUTHENTICATED, in the same words for a key that there is not and for one that the token does not prove, or
// UNAVAILABLE; its cause is for the log. Neither holds the secret.
func (k Keys) Viewer(ctx context.Context, token string) (graph.Viewer, error) {
	id, secret, ok := graph.SplitKeyToken(token)
	if !ok {
		return graph.Viewer{}, unproven(nil)
	}
	key, err := k.Ring.Key(ctx, id)
	switch {
	case err != nil:
		return graph.Viewer{}, err
	case key == nil:
		return graph.Viewer{}, unproven(nil)
	case !key.Proves(secret):
		return graph.Viewer{}, unproven(of(key))
	case !key.RevokedAt.IsZero():
		return graph.Viewer{}, graph.Unauthenticated(of(key), "the API key was revoked; ask for a new one")
	case key.ExpiredAt(k.Clock()):
		return graph.Viewer{}, graph.Unauthenticated(of(key), "the API key has expired; ask for a new one")
	}
	k.Used(key.ID)
	viewer := key.Viewer()
	viewer.Expires = key.ExpiresAt
	return viewer, nil
}

// unproven is what is told of a key that is not proven, or is none.
func unproven(cause error) error {
	return graph.Unauthenticated(cause, "the API key does not count here")
}

// of names a key for the log.
func of(key *graph.APIKey) error { return fmt.Errorf("key %s of %s", key.ID, key.Partner) }
