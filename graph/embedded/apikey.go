package embedded

import (
	"context"

	"valueweb/graph"
)

// Key implements graph.Keyring.
func (s *Store) Key(ctx context.Context, id string) (*graph.APIKey, error) {
	key, _ := lookup[*graph.APIKey](s.current.Load(), graph.KindAPIKey, id)
	return key, ctx.Err()
}

// keyFilter narrows keys to those of a partner.
func (s *sight) keyFilter(f *filter, q graph.Filter) error {
	if q.Partner == "" {
		return nil
	}
	if partner := s.find(graph.KindPartner, q.Partner); partner == nil {
		return graph.NotFound("filter.partner", graph.KindPartner, q.Partner)
	}
	test(f, func(k *graph.APIKey) bool { return k.Partner == q.Partner })
	if f.gather == nil {
		f.gather = gatherIndex(s.state, keysByPartner, q.Partner)
	}
	return nil
}
