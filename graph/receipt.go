package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// ReceiptRetention is how long it is known what came of a creation that brought a token of its client.
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

// maxClientToken is the length in bytes of the longest token of a client.
const maxClientToken = 200

// Creation names a creation in the words of the client that asks for it, so that it can ask again when it does not
// know what came of it. Without a token it is not named, and asked for twice it is done twice.
type Creation struct {
	Mutation string
	Token    string
	Body     json.RawMessage // what is asked for: of two that are equal, so are these
}

// key is under which the receipt of a creation is kept: tokens are those of an organisation and a mutation.
func (c Creation) key(v Viewer) string {
	text, err := json.Marshal([]string{string(v.Role), v.Organisation, c.Mutation, c.Token})
	if err != nil {
		panic(err) // texts can be written
	}
	return digest(text)
}

// recall returns what came of the same creation before, nil if it is new. TOKEN_REUSED where the token came with
// something else.
func (c Creation) recall(ctx context.Context, tx Tx, v Viewer) (*Receipt, error) {
	if c.Token == "" {
		return nil, nil
	}
	if len(c.Token) > maxClientToken {
		return nil, Invalid("input.clientToken", "the token is %d bytes long; %d are allowed", len(c.Token), maxClientToken)
	}
	receipt, err := tx.Receipt(ctx, c.key(v))
	if err != nil || receipt == nil {
		return nil, err
	}
	if receipt.Body != digest(c.Body) {
		return nil, &Error{Code: CodeTokenReused, Field: "input.clientToken", Message: fmt.Sprintf("the token %q came with another input before; take a new token for something new", shorten(c.Token))}
	}
	return receipt, nil
}

// keep keeps what the creation has made.
func (c Creation) keep(ctx context.Context, tx Tx, v Viewer, made Node) error {
	if c.Token == "" {
		return nil
	}
	return tx.Keep(ctx, Receipt{Key: c.key(v), Body: digest(c.Body), Node: made.GID()})
}
