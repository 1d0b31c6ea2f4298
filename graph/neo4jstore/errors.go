package neo4jstore

import (
	"context"
	"errors"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

// failure is an error of the driver as one of the closed list. Expected errors, and those of the context,
// stay as they are.
func failure(ctx context.Context, err error) error {
	switch {
	case err == nil || isExpected(err):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	var answered *neo4j.Neo4jError
	if errors.As(err, &answered) {
		return answeredFailure(answered, err)
	}
	var limit *neo4j.TransactionExecutionLimit
	if neo4j.IsConnectivityError(err) || errors.As(err, &limit) || neo4j.IsRetryable(err) {
		return graph.Unavailable(err, "the database does not answer; try again in a moment")
	}
	return err
}

// answeredFailure is what the database itself objected to.
func answeredFailure(answered *neo4j.Neo4jError, err error) error {
	switch code := answered.Code; {
	case strings.HasPrefix(code, "Neo.ClientError.Security."):
		return graph.Unavailable(err, "the database does not accept user and password of this server")
	case code == "Neo.ClientError.Database.DatabaseNotFound":
		return graph.Unavailable(err, "the database server has no database of the name that this server was given")
	case strings.HasPrefix(code, "Neo.TransientError."), strings.HasPrefix(code, "Neo.ClientError.Cluster."),
		strings.HasPrefix(code, "Neo.DatabaseError.General."), strings.HasPrefix(code, "Neo.ClientError.Transaction."):
		return graph.Unavailable(err, "the database cannot take this now; try again in a moment")
	}
	return err
}

// isExpected reports whether an error is one that clients are told.
func isExpected(err error) bool {
	_, ok := graph.AsError(err)
	return ok
}
