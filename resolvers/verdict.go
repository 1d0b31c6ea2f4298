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
		v.Unavailable = len(response.Errors) > 0 && onlyUnavailable(response) && empty(response.Data)
	}
	return response
}

func onlyUnavailable(response *graphql.Response) bool {
	for _, e := range response.Errors {
		if e == nil {
			continue
		}
		if e.Extensions["code"] != string(graph.CodeUnavailable) {
			return false
		}
	}
	return true
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
