package graph

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
)

// A cursor is opaque to clients: the kind of answer, a digest of the question and viewer that it belongs
// to, and the place in the order, as base64url JSON.
type cursor struct {
	Question string `json:"q"`
	Key      Key    `json:"k"`
	// Of a ranked answer: what the first page pinned, and a digest of the facts then.
	AsOf   Date    `json:"d,omitempty"`
	Radius float64 `json:"r,omitempty"` // kilometres; -1: anywhere
	Facts  string  `json:"f,omitempty"`
	Score  float64 `json:"s,omitempty"`
}

// maxCursor is the longest text that can be a cursor: an id and a folded name fit into it.
const maxCursor = 16 << 10

func (c cursor) encode() string {
	text, err := json.Marshal(c)
	if err != nil { // no value of the struct can fail: numbers are finite
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// decodeCursor reads a cursor and checks that it belongs to a question.
func decodeCursor(field, text, question string) (cursor, error) {
	var c cursor
	if len(text) > maxCursor {
		return c, Invalid(field, "this is no cursor: it is too long")
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return c, Invalid(field, "this is no cursor of an earlier page")
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil || decoder.More() || c.Question == "" {
		return c, Invalid(field, "this is no cursor of an earlier page")
	}
	if c.Question != question {
		return c, Invalid(field, "this cursor belongs to another question: ask the question that it came from, or start again without it")
	}
	return c, nil
}

// questionDigest is what binds a cursor to a question and a viewer.
func questionDigest(v Viewer, what string, question any) string {
	text, err := json.Marshal([]any{v, what, question})
	if err != nil {
		panic(err) // questions are plain structs of finite numbers
	}
	return digest(text)
}

// digest is a short name for bytes: 96 bits of SHA-256.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// radiusMark writes a radius so that JSON can carry anywhere.
func radiusMark(km float64) float64 {
	if math.IsInf(km, 1) {
		return -1
	}
	return km
}
