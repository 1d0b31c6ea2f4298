package storetest

import (
	"fmt"
	"sync/atomic"
	"time"

	"valueweb/graph"
)

// ticket is one of a program with everything that can be said of a viewer.
func (w *World) ticket(digest string) graph.Ticket {
	now := w.clock.now().UTC().Truncate(time.Millisecond)
	return graph.Ticket{Digest: digest, Until: now.Add(graph.TicketLifetime), Viewer: graph.Viewer{
		Role: graph.RolePartner, Organisation: "acme", Subject: "ada", Key: "vw1", Scopes: graph.ScopesOf(graph.Scopes[:2]), Expires: now.Add(time.Hour),
	}}
}

// redeem takes a ticket, nil where there is none.
func (w *World) redeem(digest string) *graph.Ticket {
	w.Helper()
	ticket, err := w.Redeem(w.Context(), digest)
	w.must(err)
	return ticket
}

func ticketCases() []testCase {
	return []testCase{
		{"A ticket is redeemed once, with all that is known of its viewer", func(w *World) {
			issued := w.ticket("one")
			w.must(w.Issue(w.Context(), issued))
			w.same("another", w.redeem("two"), (*graph.Ticket)(nil))
			w.same("ticket", w.redeem("one"), &issued)
			w.same("again", w.redeem("one"), (*graph.Ticket)(nil))
			w.same("seq", w.seq(), int64(0))
		}},
		{"Viewers of every role get their tickets back", func(w *World) {
			for i, v := range []graph.Viewer{graph.Operator, {Role: graph.RoleAnalyst, Subject: "eve"}, {Role: graph.RoleCustomer, Organisation: "city"}} {
				issued := w.ticket(fmt.Sprint(i))
				issued.Viewer = v
				w.must(w.Issue(w.Context(), issued))
				w.same(v.String(), w.redeem(issued.Digest), &issued)
			}
		}},
		{"A ticket that is over is none, and is let go of", func(w *World) {
			w.must(w.Issue(w.Context(), w.ticket("one")))
			w.must(w.Issue(w.Context(), w.ticket("two")))
			w.later(graph.TicketLifetime)
			w.same("one", w.redeem("one"), (*graph.Ticket)(nil))
			w.must(w.Issue(w.Context(), w.ticket("three")))
			w.later(time.Second)
			w.must(w.Forget(w.Context(), graph.Operator, time.Time{}))
			w.same("two", w.redeem("two"), (*graph.Ticket)(nil))
			w.same("three", w.redeem("three") != nil, true)
		}},
		{"Of sixteen who redeem a ticket at once exactly one gets it", func(w *World) {
			for round := range 4 {
				digest := fmt.Sprint(round)
				w.must(w.Issue(w.Context(), w.ticket(digest)))
				var got atomic.Int64
				together(w.T, 16, func(int) error {
					ticket, err := w.Redeem(w.Context(), digest)
					if ticket != nil {
						got.Add(1)
					}
					return err
				})
				w.same("holders", got.Load(), int64(1))
			}
		}},
	}
}
