package neo4jstore

import (
	"context"
	"sync"

	"valueweb/graph"
)

func writeAPIKey(n *graph.APIKey, p properties, l links) {
	p.text("name", n.Name)
	p.text("digest", n.Digest)
	p.instant("expiresAt", n.ExpiresAt)
	p.instant("revokedAt", n.RevokedAt)
	listed(p, "scopes", n.Scopes)
	l.one("partner", n.Partner)
}

func readAPIKey(r row, meta graph.Meta) *graph.APIKey {
	return &graph.APIKey{
		Meta: meta, Partner: r.text("partner"), Name: r.text("name"), Scopes: texts[graph.Scope](r, "scopes"), Digest: r.text("digest"),
		ExpiresAt: r.instant("expiresAt"), RevokedAt: r.instant("revokedAt"),
	}
}

// Key implements graph.Keyring. A key that was read counts until the log is seen to have grown: on this server at
// once, where another one wrote as soon as the tail sees it. An id that names no key is not kept: there is no end of
// such ids.
func (s *Store) Key(ctx context.Context, id string) (*graph.APIKey, error) {
	if key := s.keys.known(id, s.tail.seen().seq); key != nil {
		return key, nil
	}
	var key *graph.APIKey
	seq, err := s.view(ctx, graph.Operator, func(ctx context.Context, r sight) error {
		found, err := read(ctx, r, graph.KindAPIKey, []string{id})
		key, _ = found[id].(*graph.APIKey)
		return err
	})
	if err != nil {
		return nil, err
	}
	if key != nil {
		s.keys.keep(key, seq)
	}
	return key, nil
}

// mostKeys bounds how many keys are kept.
const mostKeys = 1000

// keyring keeps keys, each with the seq as of which it was read.
type keyring struct {
	mu sync.Mutex
	of map[string]keyAt
}

type keyAt struct {
	key *graph.APIKey
	seq int64
}

// known returns a key that is no older than a seq, nil where none is kept.
func (k *keyring) known(id string, seq int64) *graph.APIKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	if kept := k.of[id]; kept.seq >= seq {
		return kept.key
	}
	return nil
}

// keep keeps a key. Where there are too many, another is let go.
func (k *keyring) keep(key *graph.APIKey, seq int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil {
		k.of = map[string]keyAt{}
	}
	for other := range k.of {
		if len(k.of) < mostKeys {
			break
		}
		delete(k.of, other)
	}
	k.of[key.ID] = keyAt{key, seq}
}
