package resolvers

import "context"

type requestKey struct{}

// WithRequestID names a request, in the log and in the error that tells a client of a fault of the service.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID is the name of the request, empty where it has none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
