package neo4jserver

import (
	"context"
	"errors"
	"testing"
)

func TestWithoutANeo4jThatAnswersTestsFail(t *testing.T) {
	t.Setenv(uriVariable, "bolt://127.0.0.1:1")
	if _, err := startShared(t.Context(), nil); err == nil {
		t.Fatal("nobody answers, and that is no error")
	}
	if err := stopShared(); err != nil {
		t.Fatal(err)
	}
}

// mayBeEmptiedIfOurs is a part of TestAServer; the database is empty before and after it.
func mayBeEmptiedIfOurs(t *testing.T, server *Server) {
	type recognise = []func(context.Context, *Server) (bool, error)
	never := func(context.Context, *Server) (bool, error) { return false, nil }
	always := func(context.Context, *Server) (bool, error) { return true, nil }
	broken := errors.New("broken")
	fails := func(context.Context, *Server) (bool, error) { return false, broken }

	if err := mayBeEmptied(t.Context(), server, recognise{fails}); err != nil {
		t.Errorf("an empty database was looked at: %v", err)
	}
	count(t, server.URI, server, "CREATE (n:Precious) RETURN count(n) AS n")
	defer count(t, server.URI, server, "MATCH (n:Precious) DELETE n RETURN count(n) AS n")
	if err := mayBeEmptied(t.Context(), server, recognise{never}); err == nil {
		t.Error("a database that nobody recognises may be emptied")
	}
	if err := mayBeEmptied(t.Context(), server, recognise{never, always}); err != nil {
		t.Errorf("one that is recognised may not: %v", err)
	}
	if err := mayBeEmptied(t.Context(), server, recognise{fails, always}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
