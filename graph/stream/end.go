package stream

import "valueweb/graph"

// What ends a stream from the side of the server, beside the errors of the store.
var (
	// ErrResume ends the stream of a reader that is too slow: it resumes from its last cursor.
	ErrResume = &graph.Error{Code: graph.CodeUnavailable, Message: "resume: this reader is too slow for the stream; subscribe again with the last cursor"}
	// ErrStopped ends every stream of a server that stops. Another server, or the next one, resumes them.
	ErrStopped = &graph.Error{Code: graph.CodeUnavailable, Message: "this server stops; subscribe again with the last cursor"}
	// ErrExpired ends the stream of a viewer whose token counts no more.
	ErrExpired = &graph.Error{Code: graph.CodeUnauthenticated, Message: "the token has expired; ask for a new one, and subscribe again with the last cursor"}
	// ErrRevoked ends the stream of a program whose API key was taken back.
	ErrRevoked = &graph.Error{Code: graph.CodeUnauthenticated, Message: "the API key was revoked; ask for a new one"}
)
