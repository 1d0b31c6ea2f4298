package embedded

import (
	"context"
	"time"

	"valueweb/graph"
)

// protectedUntil is the day on which the protection of an opportunity is over.
func protectedUntil(o *graph.Opportunity) graph.Date {
	if !o.RetiredOn.IsZero() {
		return 0
	}
	return o.ProtectedUntil
}

// Due implements graph.Clockwork.
func (s *Store) Due(ctx context.Context, v graph.Viewer, q graph.DueQuery) ([]string, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	now := s.current.Load()
	var due []string
	take := func(i indexID, end string) {
		now.index[i].Scan(func(key string, node graph.Node) bool {
			if key >= end || len(due) >= q.Limit {
				return false
			}
			due = append(due, node.GID())
			return true
		})
	}
	if !q.SentBefore.IsZero() {
		take(referralsDue, dayKey(q.SentBefore))
		take(invitationsDue, dayKey(q.SentBefore))
	}
	if !q.ProtectedBy.IsZero() {
		take(protectionsDue, dayKey(q.ProtectedBy+1))
	}
	return due, nil
}

// forgetAtOnce is how much is let go of in one transaction, which holds up writers.
const forgetAtOnce = 2000

// Forget implements graph.Clockwork.
func (s *Store) Forget(ctx context.Context, v graph.Viewer, before time.Time) error {
	if err := admit(ctx, v); err != nil {
		return err
	}
	last := s.current.Load().seq // what is published: no event goes before it could be read
	for _, some := range []func() (int, error){
		func() (int, error) { return s.journal.forget(before, last, forgetAtOnce) },
		s.forgetting(func(kept shelves) (int, error) { return kept.receipts.forget(s.clock(), forgetAtOnce) }),
		s.forgetting(func(kept shelves) (int, error) { return kept.tickets.forget(s.clock(), forgetAtOnce) }),
		s.forgetting(func(kept shelves) (int, error) {
			return forget(kept.accesses, graph.Forgotten(graph.DateOf(s.clock())))
		}),
	} {
		if err := bySome(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// bySome does something until it had less to do than it does at once.
func bySome(ctx context.Context, some func() (int, error)) error {
	for {
		done, err := some()
		switch {
		case err != nil:
			return graph.Unavailable(err, "what is over could not be let go of: %v", err)
		case ctx.Err() != nil:
			return ctx.Err()
		case done < forgetAtOnce:
			return nil
		}
	}
}

// forgetting lets go of some of what is kept beside the graph, in a transaction.
func (s *Store) forgetting(some func(shelves) (int, error)) func() (int, error) {
	return func() (gone int, err error) {
		err = s.journal.beside(true, func(kept shelves) (err error) {
			gone, err = some(kept)
			return err
		})
		return gone, err
	}
}
