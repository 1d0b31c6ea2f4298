package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

// The variables that the advice of a failed start names.
const (
	userVariable     = "VALUEWEB_NEO4J_USER"
	passwordVariable = "VALUEWEB_NEO4J_PASSWORD"
	databaseVariable = "VALUEWEB_NEO4J_DATABASE"
)

// CheckURI refuses what is no address of a Neo4j server, and one that holds a user or password: addresses are
// written to logs and read off lists of processes. Its error never repeats what stands before an @.
func CheckURI(uri string) error {
	if strings.Contains(uri, "@") {
		return graph.Invalid("store", "the address %s holds a user or password: write it without, and set %s and %s", Shown(uri), userVariable, passwordVariable)
	}
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Hostname() == "" || strings.Trim(parsed.Path, "/") != "" || parsed.Fragment != "" {
		return graph.Invalid("store", "%q is no address of a Neo4j server; write one such as neo4j://graph.example.com or bolt://127.0.0.1:7687", uri)
	}
	if parsed.RawQuery != "" && !strings.HasPrefix(parsed.Scheme, "neo4j") {
		return graph.Invalid("store", "%q has a routing context, which only neo4j:// takes", uri)
	}
	return nil
}

// Shown is an address as it may be printed: without user and password.
func Shown(uri string) string {
	scheme, rest, found := strings.Cut(uri, "://")
	if at := strings.LastIndex(rest, "@"); found && at >= 0 {
		return scheme + "://…" + rest[at:]
	}
	return uri
}

// cannotOpen says in one sentence which server could not be opened, why, and what to do about it. Its text
// is for whoever starts the program, its code of the closed list.
func (s *Store) cannotOpen(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	classified := failure(ctx, err)
	if e, ok := graph.AsError(classified); ok && e.Unwrap() == nil {
		return fmt.Errorf("open %s: %w", s.options.URI, classified)
	}
	if sentence := s.obstacle(err); sentence != "" {
		return fmt.Errorf("open %s: %w", s.options.URI, graph.Unavailable(err, "%s", sentence))
	}
	return fmt.Errorf("open %s: %w", s.options.URI, classified)
}

// obstacle says what stands in the way of a start, and what to do; empty where that is not known.
func (s *Store) obstacle(err error) string {
	var answered *neo4j.Neo4jError
	if errors.As(err, &answered) {
		return s.objection(answered)
	}
	if !isAway(err) {
		return ""
	}
	switch cause := rootCause(err); {
	case strings.Contains(cause, "check that TLS is enabled"):
		return "the server does not speak TLS at this port: write neo4j:// or bolt:// without +s, or enable TLS there"
	case strings.Contains(cause, "x509:"):
		return "the certificate of the server is not trusted (" + cause + "): add its authority to this machine, or write +ssc for one that is signed by itself"
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("the server took longer than %s to answer: look whether it is starting, busy or stopped, and try again", recogniseTimeout)
	case strings.Contains(cause, "deadline exceeded"), strings.Contains(cause, "i/o timeout"), strings.Contains(cause, "HTTP"), strings.Contains(cause, "EOF"),
		strings.Contains(cause, "closed the connection"):
		return "nothing there answers as Neo4j does (" + cause + "): name the port of Bolt, 7687 if none else was chosen, and write +s if it speaks TLS"
	default:
		return "nobody answers there (" + cause + "): start Neo4j, or correct the address"
	}
}

// objection is the obstacle that a server names by a code.
func (s *Store) objection(answered *neo4j.Neo4jError) string {
	if strings.HasPrefix(answered.Code, "Neo.ClientError.Security.") && s.options.User == "" {
		return fmt.Sprintf("the server asks for a user and a password: set %s and %s", userVariable, passwordVariable)
	}
	switch answered.Code {
	case "Neo.ClientError.Security.Unauthorized":
		return fmt.Sprintf("the server refuses the password of %q: set %s and %s", s.options.User, userVariable, passwordVariable)
	case "Neo.ClientError.Security.AuthenticationRateLimit":
		return fmt.Sprintf("the server has seen too many wrong passwords of %q: wait some seconds, and set %s", s.options.User, passwordVariable)
	case "Neo.ClientError.Security.CredentialsExpired":
		return fmt.Sprintf("the password of %q must be changed first: ALTER CURRENT USER SET PASSWORD FROM … TO …", s.options.User)
	case "Neo.ClientError.Database.DatabaseNotFound":
		return fmt.Sprintf("the server has no database %q: correct %s, or leave it out for the default one", s.options.Database, databaseVariable)
	}
	if strings.HasPrefix(answered.Code, "Neo.ClientError.Security.") {
		return fmt.Sprintf("the server lets %q do less than is needed (%s): grant it to read, write and make indexes", s.options.User, answered.Msg)
	}
	if strings.HasPrefix(answered.Code, "Neo.ClientError.Statement.") || strings.HasPrefix(answered.Code, "Neo.ClientError.Schema.") {
		return "" // a fault of this program
	}
	return fmt.Sprintf("the server cannot take it now (%s): look at its log and try again", answered.Code)
}

// rootCause is the text of the last thing that went wrong, on one line, without what the driver says of its
// own tries.
func rootCause(err error) string {
	var limit *neo4j.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		return rootCause(limit.Errors[len(limit.Errors)-1])
	}
	var away *neo4j.ConnectivityError
	if errors.As(err, &away) {
		err = away.Inner
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
