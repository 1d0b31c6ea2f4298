package graph

import "time"

// ReceiptRetention is how long it is known what came of a change that brought a token of its client.
const ReceiptRetention = 30 * 24 * time.Hour

// Receipt says what came of a creation that brought a token of its client: whoever sends the same once more is told
// so, and nothing is made twice.
type Receipt struct {
	Key  string    `cbor:"1,keyasint"` // a digest of the organisation, the mutation and the token
	Body string    `cbor:"2,keyasint"` // a digest of what was asked for
	Node string    `cbor:"3,keyasint"` // gid of what was made
	Seq  int64     `cbor:"4,keyasint"` // of the last event of the creation
	At   time.Time `cbor:"5,keyasint"`
}
