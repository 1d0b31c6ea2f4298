package graph

import "time"

// The types of event of an import.
const (
	EventImportApplied       = "import.applied"
	EventOpportunityImported = "opportunity.imported"
	EventReferralImported    = "referral.imported"
)

// What becomes of one node; behind its kind it is a type of event, see [EventOf].
const (
	Created = "created"
	Updated = "updated"
	Retired = "retired"
	Revoked = "revoked"
)

// EventOf is the type of the event that tells what became of a node: wall.created.
func EventOf(kind Kind, became string) string {
	return string(kind[0]|0x20) + string(kind[1:]) + "." + became
}

// Event is an entry of the append-only log. It is written in the transaction of the change it tells of.
type Event struct {
	Seq     int64     `cbor:"1,keyasint"` // gapless, in commit order
	Type    string    `cbor:"2,keyasint"`
	At      time.Time `cbor:"3,keyasint"`
	Actor   string    `cbor:"4,keyasint"`
	Subject string    `cbor:"5,keyasint,omitempty"` // gid; empty where the event tells of many
	Version int       `cbor:"6,keyasint,omitempty"` // of the subject
	Changes []string  `cbor:"7,keyasint,omitempty"` // gids of every node that changed
	// Fields are those of the subject that differ from what they were, as clients know them; none where the event
	// does not tell.
	Fields []string `cbor:"8,keyasint,omitempty"`
}
