package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

func TestServersOfAnotherMajorVersionAreRefused(t *testing.T) {
	for version, known := range map[string]bool{"5.26.12": true, "5.1.0": true, "5": true, "4.4.38": false, "2025.01.0": false, "50.1": false, "": false} {
		err := supported(version)
		if (err == nil) != known {
			t.Errorf("%q: %v", version, err)
		}
		if e, ok := graph.AsError(err); err != nil && (!ok || e.Code != graph.CodeUnavailable || !strings.Contains(e.Message, version)) {
			t.Errorf("%q: %v", version, err)
		}
	}
}

func TestFailuresOfTheDatabaseAreUnavailableAndTellClientsNoCause(t *testing.T) {
	limit := &neo4j.TransactionExecutionLimit{Cause: "timeout", Errors: []error{errors.New("dial tcp 10.0.0.7:7687")}}
	away := &neo4j.ConnectivityError{Inner: io.EOF}
	for _, err := range []error{
		away, fmt.Errorf("list: %w", away), limit, context.DeadlineExceeded,
		&neo4j.Neo4jError{Code: "Neo.ClientError.Security.Unauthorized", Msg: "neo4j"}, &neo4j.Neo4jError{Code: "Neo.ClientError.Security.AuthenticationRateLimit"},
		&neo4j.Neo4jError{Code: "Neo.TransientError.General.DatabaseUnavailable"}, &neo4j.Neo4jError{Code: "Neo.ClientError.Database.DatabaseNotFound"},
		&neo4j.Neo4jError{Code: "Neo.TransientError.Transaction.DeadlockDetected"}, &neo4j.Neo4jError{Code: "Neo.ClientError.Transaction.TransactionTimedOut"},
		&neo4j.Neo4jError{Code: "Neo.DatabaseError.Transaction.TransactionCommitFailed"}, &neo4j.UsageError{Message: "Pool closed"},
	} {
		e, ok := graph.AsError(failure(context.Background(), err))
		if !ok || e.Code != graph.CodeUnavailable || strings.Contains(e.Message, "Neo") || strings.Contains(e.Message, "10.0.0.7") || e.Unwrap() == nil {
			t.Errorf("%v: %v", err, e)
		}
	}
	for _, err := range []error{io.ErrUnexpectedEOF, &neo4j.Neo4jError{Code: "Neo.ClientError.Statement.SyntaxError"}} { // a client's body; a fault of this program
		if _, ok := graph.AsError(failure(context.Background(), err)); ok {
			t.Errorf("%v is told to clients", err)
		}
	}
}

func TestWhatIsAnsweredMayTakeLongAndWhatIsNotMayNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := bounded(t.Context())
		defer cancel()
		for range 10 {
			time.Sleep(patienceTime - time.Second)
			heard(ctx)
		}
		if ctx.Err() != nil || silent(ctx, nil) != nil {
			t.Fatal("it was ended while the database answered")
		}
		time.Sleep(patienceTime)
		synctest.Wait()
		e, ok := graph.AsError(silent(ctx, io.ErrUnexpectedEOF))
		if ctx.Err() == nil || !ok || e.Code != graph.CodeUnavailable {
			t.Errorf("%v %v", ctx.Err(), e)
		}
	})
}
