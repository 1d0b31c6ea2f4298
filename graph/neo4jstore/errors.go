package neo4jstore

import (
	"context"
	"errors"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

// What clients are told. The cause goes to the log: it names hosts, users and statements.
const (
	tellAway    = "the database does not answer; try again in a moment"
	tellBusy    = "the database cannot take this now; try again in a moment"
	tellRefused = "the database refuses this server, whose log says why"
)

// failure is an error of the driver as one of the closed list. Expected errors, and those of the context,
// stay as they are. Work that ran out of time while its context has some left was bounded here, as a start is:
// then the database is away.
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
	if isAway(err) {
		return graph.Unavailable(err, tellAway)
	}
	return err
}

// isAway reports whether nobody answered: no connection, one that broke, or one on which nothing came.
func isAway(err error) bool {
	var away *neo4j.ConnectivityError
	var limit *neo4j.TransactionExecutionLimit
	var closed *neo4j.UsageError // of a driver that was closed meanwhile; statements are the program's own
	return errors.As(err, &away) || errors.As(err, &limit) || errors.As(err, &closed) || errors.Is(err, context.DeadlineExceeded)
}

// answeredFailure is what the database itself objected to.
func answeredFailure(answered *neo4j.Neo4jError, err error) error {
	switch code := answered.Code; {
	case strings.HasPrefix(code, "Neo.ClientError.Security."), strings.HasPrefix(code, "Neo.ClientError.Database."):
		return graph.Unavailable(err, tellRefused)
	case strings.HasPrefix(code, "Neo.TransientError."), strings.HasPrefix(code, "Neo.ClientError.Cluster."), strings.HasPrefix(code, "Neo.ClientError.Transaction."),
		strings.HasPrefix(code, "Neo.DatabaseError.General."), strings.HasPrefix(code, "Neo.DatabaseError.Database."), strings.HasPrefix(code, "Neo.DatabaseError.Transaction."):
		return graph.Unavailable(err, tellBusy)
	}
	return err
}

// isExpected reports whether an error is one that clients are told.
func isExpected(err error) bool {
	_, ok := graph.AsError(err)
	return ok
}
