package embedded

import (
	"context"

	"valueweb/graph"
)

// Issue implements graph.Ticketer.
func (s *Store) Issue(ctx context.Context, t graph.Ticket) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := s.journal.beside(true, func(kept shelves) error { return kept.tickets.put(t.Digest, t.Until, t) })
	if err != nil {
		return graph.Unavailable(err, "the ticket could not be written: %v", err)
	}
	return nil
}

// Redeem implements graph.Ticketer. What is kept beside the graph is written by one at a time.
func (s *Store) Redeem(ctx context.Context, digest string) (*graph.Ticket, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var ticket graph.Ticket
	found := false
	err := s.journal.beside(true, func(kept shelves) (err error) {
		if found, err = kept.tickets.read(digest, &ticket); !found || err != nil {
			return err
		}
		return kept.tickets.take(digest)
	})
	switch {
	case err != nil:
		return nil, graph.Unavailable(err, "the ticket could not be taken: %v", err)
	case !found || !s.clock().Before(ticket.Until):
		return nil, nil
	}
	ticket.Until = ticket.Until.UTC()
	if !ticket.Viewer.Expires.IsZero() {
		ticket.Viewer.Expires = ticket.Viewer.Expires.UTC()
	}
	return &ticket, nil
}
