package neo4jserver

import (
	"cmp"
	"context"
	"fmt"
	"os"
)

// The variables that name a server which runs already.
const (
	uriVariable      = "VALUEWEB_NEO4J_URI"
	userVariable     = "VALUEWEB_NEO4J_USER"
	passwordVariable = "VALUEWEB_NEO4J_PASSWORD"
)

// Variables name the server to another process, as one that is given to it.
func (s *Server) Variables() []string {
	return []string{uriVariable + "=" + s.URI, userVariable + "=" + s.User, passwordVariable + "=" + s.Password}
}

func isGiven() bool { return os.Getenv(uriVariable) != "" }

// Given is the server that VALUEWEB_NEO4J_URI names, with VALUEWEB_NEO4J_USER ("neo4j" if empty) and
// VALUEWEB_NEO4J_PASSWORD, once it has answered. Without the variable it is nil and no error.
func Given(ctx context.Context) (*Server, error) {
	if !isGiven() {
		return nil, nil
	}
	s := &Server{
		URI: os.Getenv(uriVariable), User: cmp.Or(os.Getenv(userVariable), User), Password: os.Getenv(passwordVariable),
		Given: true,
	}
	if err := s.askOnce(ctx); err != nil {
		return nil, fmt.Errorf("ask the Neo4j that %s names: %w", uriVariable, err)
	}
	return s, nil
}
