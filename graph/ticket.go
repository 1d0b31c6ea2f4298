package graph

import (
	"context"
	"time"
)

// TicketLifetime is how long a ticket can be redeemed.
const TicketLifetime = time.Minute

// Ticket lets whoever holds it ask once on behalf of a viewer: it stands in an address, where a token must not.
type Ticket struct {
	Digest string    `cbor:"1,keyasint"` // of its text, which is kept nowhere
	Viewer Viewer    `cbor:"2,keyasint"`
	Until  time.Time `cbor:"3,keyasint"` // it can be redeemed before
}

// TicketFor makes a ticket for a viewer, by which a stream is opened on its behalf, once: its text, which is told here
// and never again, until when it can be used, and the seq of the newest event. It can be used until an instant, a
// minute from now at most; zero: for a minute. A program needs the scope to subscribe.
func (g *Graph) TicketFor(ctx context.Context, v Viewer, wanted time.Time) (text string, until time.Time, seq int64, err error) {
	if err := v.Within(ScopeSubscribe); err != nil {
		return "", time.Time{}, 0, err
	}
	if _, err := g.Store.Access(ctx, v); err != nil {
		return "", time.Time{}, 0, err
	}
	if until, err = ticketEnd(g.Clock(), v, wanted); err != nil {
		return "", time.Time{}, 0, err
	}
	if seq, err = g.Store.Seq(ctx); err != nil {
		return "", time.Time{}, 0, err
	}
	text = newSecret()
	return text, until, seq, g.Store.Issue(ctx, Ticket{Digest: digestOf(text), Viewer: v, Until: until})
}

// ticketEnd is until when a ticket lets in that is made now.
func ticketEnd(now time.Time, v Viewer, wanted time.Time) (time.Time, error) {
	until := toMilliseconds(now.Add(TicketLifetime))
	switch {
	case wanted.IsZero():
	case !wanted.After(now):
		return until, Invalid("input.expiresAt", "the ticket would be over already")
	case wanted.After(until):
		return until, Invalid("input.expiresAt", "a ticket lets in for a minute at most")
	default:
		until = toMilliseconds(wanted)
	}
	if !v.Expires.IsZero() && v.Expires.Before(until) {
		until = toMilliseconds(v.Expires)
	}
	return until, nil
}

// errTicket is told of a ticket that was used, one that is over and one that never was, in the same words.
var errTicket = Unauthenticated(nil, "the ticket does not count: it lets in once, within a minute; make another with createStreamTicket")

// Redeem is on whose behalf a ticket lets in, which it does once: UNAUTHENTICATED after that.
func (g *Graph) Redeem(ctx context.Context, text string) (Viewer, error) {
	if len(text) != secretLength {
		return Viewer{}, errTicket
	}
	ticket, err := g.Store.Redeem(ctx, digestOf(text))
	switch {
	case err != nil:
		return Viewer{}, err
	case ticket == nil || ticket.Viewer.ExpiredAt(g.Clock()):
		return Viewer{}, errTicket
	}
	return ticket.Viewer, nil
}
