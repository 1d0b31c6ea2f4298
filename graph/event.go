package graph

import "time"

// The types of event that exist so far.
const (
	EventImportApplied       = "import.applied"
	EventOpportunityImported = "opportunity.imported"
	EventReferralImported    = "referral.imported"
)

// Event is an entry of the append-only log. It is written in the transaction of the change it tells of.
type Event struct {
	Seq     int64     `cbor:"1,keyasint"` // gapless, in commit order
	Type    string    `cbor:"2,keyasint"`
	At      time.Time `cbor:"3,keyasint"`
	Actor   string    `cbor:"4,keyasint"`
	Subject string    `cbor:"5,keyasint,omitempty"` // gid; empty where the event tells of many
	Version int       `cbor:"6,keyasint,omitempty"` // of the subject
	Changes []string  `cbor:"7,keyasint,omitempty"` // gids of every node that changed
}
