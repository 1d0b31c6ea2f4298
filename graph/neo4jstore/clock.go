package neo4jstore

import (
	"context"
	"time"

	"valueweb/graph"
)

var (
	readDue        = moment("due", file("due"))
	forgetEvents   = filed("forget-events")
	forgetReceipts = filed("forget-receipts")
	forgetTickets  = filed("forget-tickets")
)

// Due implements graph.Clockwork.
func (s *Store) Due(ctx context.Context, v graph.Viewer, q graph.DueQuery) ([]string, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	var due []string
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, readDue, map[string]any{
			"sentBefore": dateParam(q.SentBefore), "protectedBy": dateParam(q.ProtectedBy), "limit": int64(max(0, q.Limit)),
		})
		due = texts[string](found, "answer")
		return err
	})
	return due, err
}

// forgetAtOnce is how much is let go of in one transaction, which holds up writers.
const forgetAtOnce = 2000

// Forget implements graph.Clockwork.
func (s *Store) Forget(ctx context.Context, v graph.Viewer, before time.Time) error {
	if err := admit(ctx, v); err != nil {
		return err
	}
	now := s.options.Clock().UTC()
	for _, old := range []struct {
		what   statement
		before time.Time
	}{{forgetEvents, before.UTC()}, {forgetReceipts, now.Add(-graph.ReceiptRetention)}, {forgetTickets, now}} {
		for gone := forgetAtOnce; gone == forgetAtOnce; {
			found, err := s.beside(ctx, old.what, map[string]any{"before": old.before, "limit": int64(forgetAtOnce)})
			if err != nil {
				return err
			}
			gone = found.integer("gone")
		}
	}
	return nil
}
