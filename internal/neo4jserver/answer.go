package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A PasswordError says that a server answers but does not take the user and password.
type PasswordError struct {
	URI, User string
	Err       error
}

func (e *PasswordError) Error() string {
	return fmt.Sprintf("%s refuses the password of %s: %v", e.URI, e.User, e.Err)
}

func (e *PasswordError) Unwrap() error { return e.Err }

// Answers asks the server for `RETURN 1` and says what is wrong if it does not come. A refused password is
// a *PasswordError.
func (s *Server) Answers(ctx context.Context) error {
	driver, err := s.driver()
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	_, err = scalar[int64](ctx, driver, "RETURN 1 AS value")
	var refused *neo4j.Neo4jError
	if errors.As(err, &refused) && strings.HasPrefix(refused.Code, "Neo.ClientError.Security.") {
		return &PasswordError{URI: s.URI, User: s.User, Err: err}
	}
	return err
}

// empty says whether the database holds no node at all.
func (s *Server) empty(ctx context.Context) (bool, error) {
	driver, err := s.driver()
	if err != nil {
		return false, err
	}
	defer driver.Close(ctx)
	nodes, err := scalar[int64](ctx, driver, "MATCH (n) RETURN count(n) AS value")
	return nodes == 0, err
}

func (s *Server) driver() (neo4j.DriverWithContext, error) {
	driver, err := neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth(s.User, s.Password, ""))
	if err != nil {
		return nil, fmt.Errorf("open a driver for %s: %w", s.URI, err)
	}
	return driver, nil
}

// scalar is the only value of the only row.
func scalar[T neo4j.RecordValue](ctx context.Context, driver neo4j.DriverWithContext, cypher string) (T, error) {
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	var value T
	result, err := session.Run(ctx, cypher, nil)
	if err != nil {
		return value, fmt.Errorf("ask %q: %w", cypher, err)
	}
	record, err := result.Single(ctx)
	if err != nil {
		return value, fmt.Errorf("ask %q: %w", cypher, err)
	}
	value, _, err = neo4j.GetRecordValue[T](record, "value")
	return value, err
}

const (
	// startTimeout bounds a start that neither answers nor ends; 5 to 9 s are usual, more after a crash.
	startTimeout = 3 * time.Minute
	// askEvery is how often a starting server is asked.
	askEvery = 50 * time.Millisecond
	// askTimeout is how long one such question may take: the first after a start takes seconds.
	askTimeout = 30 * time.Second
)

// waitUntilItAnswers returns when the server answers. A server that ends meanwhile or refuses the password
// is an error at once.
func (s *Server) waitUntilItAnswers(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("no answer within %s", startTimeout))
	defer cancel()
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until %s answers: %w%s", s.URI, context.Cause(ctx), s.home.lastWords())
		case <-s.process.done:
			return fmt.Errorf("it ended before it answered (%v)%s", s.process.err, s.home.lastWords())
		case <-ticker.C:
		}
		if !s.listens(ctx) {
			continue
		}
		var refused *PasswordError
		if err := s.askOnce(ctx); err == nil {
			return nil
		} else if errors.As(err, &refused) {
			return fmt.Errorf("%w; the data in %s was begun with another password", err, s.home.folder)
		}
	}
}

func (s *Server) askOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return s.Answers(ctx)
}

// listens says whether somebody listens at the port: it is cheaper than a driver that retries.
func (s *Server) listens(ctx context.Context) bool {
	uri, err := url.Parse(s.URI)
	if err != nil {
		return false
	}
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", uri.Host)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}
