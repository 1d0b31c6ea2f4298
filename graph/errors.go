package graph

import (
	"errors"
	"fmt"
	"strings"
)

// Code is one of the closed list of failures that a client can tell apart.
type Code string

// The codes in use.
const (
	CodeBadRequest        Code = "BAD_REQUEST"
	CodeNotFound          Code = "NOT_FOUND"
	CodeValidation        Code = "VALIDATION"
	CodeConflict          Code = "CONFLICT"
	CodeInUse             Code = "IN_USE"
	CodeInvalidTransition Code = "INVALID_TRANSITION"
	CodeAlreadyClaimed    Code = "ALREADY_CLAIMED"
	CodeAlreadyProtected  Code = "ALREADY_PROTECTED"
	CodeTokenReused       Code = "TOKEN_REUSED"
	CodeCursorExpired     Code = "CURSOR_EXPIRED"
	CodeForbidden         Code = "FORBIDDEN"
	CodeUnauthenticated   Code = "UNAUTHENTICATED"
	CodeCostExceeded      Code = "COST_EXCEEDED"
	CodeTimeout           Code = "TIMEOUT"
	CodeUnavailable       Code = "UNAVAILABLE"
	CodeInternal          Code = "INTERNAL"
)

// Error is an expected failure: a code from the closed list, a sentence for people, and where it helps
// the input field at fault and what would be allowed there.
type Error struct {
	Code    Code
	Message string
	Field   string   // path of the input at fault, such as gap.needs.0.minLevel
	Allowed []string // what would be right there, or the nearest known ids
	// Kind and ID name what was not found, so that the nearest known can be offered.
	Kind Kind
	ID   string
	// Stale is what a CONFLICT is about.
	Stale *Stale
	// Referrers are the gids of what keeps a node IN_USE, those that the viewer may read.
	Referrers []string
	// Oldest is the cursor before the oldest event that is kept, of a CURSOR_EXPIRED.
	Oldest string
	err    error
}

// Stale says how far a node has moved on from the version that a change expected.
type Stale struct {
	CurrentVersion int
	ChangedFields  []string // since the expected version, as clients know them
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// Invalid is a VALIDATION error of an input field.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: CodeValidation, Field: field, Message: fmt.Sprintf(format, args...)}
}

// NotFound is a NOT_FOUND error of an id given in an input field.
func NotFound(field string, kind Kind, id string) *Error {
	return &Error{Code: CodeNotFound, Field: field, Kind: kind, ID: id, Message: fmt.Sprintf("there is no %s %q", kind.noun(), shorten(id))}
}

// Shorten cuts a text of a client to what an error quotes of it.
func Shorten(text string) string { return shorten(text) }

// shorten cuts a text to what an error quotes of it.
func shorten(text string) string {
	if len(text) <= MaxID {
		return text
	}
	return strings.ToValidUTF8(text[:MaxID], "") + "…"
}

// Unavailable is an UNAVAILABLE error: what is needed is away for now.
func Unavailable(err error, format string, args ...any) *Error {
	return &Error{Code: CodeUnavailable, Message: fmt.Sprintf(format, args...), err: err}
}

// Unauthenticated is an UNAUTHENTICATED error: who asks has not shown that it is who it says.
func Unauthenticated(err error, message string) *Error {
	return &Error{Code: CodeUnauthenticated, Message: message, err: err}
}

// AsError finds the Error in a chain of errors.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// noun is the kind as a word in a sentence.
func (k Kind) noun() string {
	switch k {
	case KindCustomerPartner:
		return "customer's partner"
	case KindAPIKey:
		return "API key"
	}
	return string(k[0]|0x20) + string(k[1:])
}

// Noun is the kind as a word in a sentence.
func (k Kind) Noun() string { return k.noun() }

// indexed is the path of an element of a list field.
func indexed(field string, i int) string { return fmt.Sprintf("%s.%d", field, i) }
