package graph

import "time"

// TicketLifetime is how long a ticket can be redeemed.
const TicketLifetime = time.Minute

// Ticket lets whoever holds it ask once on behalf of a viewer: it stands in an address, where a token must not.
type Ticket struct {
	Digest string    `cbor:"1,keyasint"` // of its text, which is kept nowhere
	Viewer Viewer    `cbor:"2,keyasint"`
	Until  time.Time `cbor:"3,keyasint"` // it can be redeemed before
}
