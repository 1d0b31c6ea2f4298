// Package scalar writes and reads the scalars of the schema that are plain Go types. A text that is not
// stated is the empty string in the domain and null in the API.
package scalar

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// MarshalString writes a text, null where it is empty. Enums are written by it too.
func MarshalString(text string) graphql.Marshaler {
	if text == "" {
		return graphql.Null
	}
	return graphql.MarshalString(text)
}

// UnmarshalString reads a text.
func UnmarshalString(v any) (string, error) { return graphql.UnmarshalString(v) }

// MarshalID writes an id, null where it is empty.
func MarshalID(id string) graphql.Marshaler { return MarshalString(id) }

// UnmarshalID reads an id: a string or an integer. An empty one names nothing and is refused rather than
// taken for absent.
func UnmarshalID(v any) (string, error) {
	id, err := graphql.UnmarshalID(v)
	if err == nil && id == "" {
		return "", graph.Invalid("", "an id is not empty; leave it out where none is meant")
	}
	return id, err
}

// MarshalCountry writes a country, null where it is empty.
func MarshalCountry(code string) graphql.Marshaler { return MarshalString(code) }

// UnmarshalCountry reads an ISO 3166-1 alpha-2 code.
func UnmarshalCountry(v any) (string, error) {
	code, err := graphql.UnmarshalString(v)
	if err == nil && !graph.IsCountry(code) {
		return "", graph.Invalid("", "%q is no country: write its two letters of ISO 3166-1, such as FR", code)
	}
	return code, err
}

// MarshalSeq writes the number of an event as a string: it may outgrow the 32 bits of an Int.
func MarshalSeq(seq int64) graphql.Marshaler {
	return graphql.MarshalString(strconv.FormatInt(seq, 10))
}

// UnmarshalSeq reads the number of an event.
func UnmarshalSeq(v any) (int64, error) { return graphql.UnmarshalInt64(v) }

// instant is ISO 8601 in UTC with exactly three decimals.
const instant = "2006-01-02T15:04:05.000Z"

// MarshalDateTime writes an instant in UTC with milliseconds, null where it is not stated.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(t.UTC().Format(instant)))
	})
}

// UnmarshalDateTime reads an instant with any offset.
func UnmarshalDateTime(v any) (time.Time, error) { return graphql.UnmarshalTime(v) }
