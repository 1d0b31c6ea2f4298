package resolvers

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// Verdict is what whoever carries an answer must know of it before the first byte goes out.
type Verdict struct {
	// Unavailable: nothing was answered, and that only because what is needed is away for now.
	Unavailable bool
}

type verdictKey struct{}

// WithVerdict asks for the verdict on the answer to a request.
func WithVerdict(ctx context.Context, v *Verdict) context.Context {
	return context.WithValue(ctx, verdictKey{}, v)
}

// judge fills in the verdict, where one is asked for.
func judge(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if v, asked := ctx.Value(verdictKey{}).(*Verdict); asked && response != nil {
		v.Unavailable = onlyUnavailable(response) && empty(response.Data)
	}
	return response
}

// onlyUnavailable reports whether something was away and nothing else went wrong: what ran out of time beside
// it was waiting for the same.
func onlyUnavailable(response *graphql.Response) bool {
	away := false
	for _, e := range response.Errors {
		if e == nil {
			continue
		}
		switch e.Extensions["code"] {
		case string(graph.CodeUnavailable):
			away = true
		case string(graph.CodeTimeout):
		default:
			return false
		}
	}
	return away
}

// empty reports whether no root field was answered.
func empty(data json.RawMessage) bool {
	if data = bytes.TrimSpace(data); len(data) == 0 || bytes.Equal(data, []byte("null")) {
		return true
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return false
	}
	for _, value := range fields {
		if !bytes.Equal(value, []byte("null")) {
			return false
		}
	}
	return true
}
