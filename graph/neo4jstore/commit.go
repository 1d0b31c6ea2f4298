package neo4jstore

import (
	"context"
	"crypto/rand"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

var (
	beginCommit  = filed("commit-begin")
	endCommit    = filed("commit-end")
	settleCommit = filed("commit-settle")
)

// announce tells all readers, before a transaction is committed, that it will be. It returns the token with
// which the end is told. Whoever calls holds the lock of the log.
func (s *Store) announce(ctx context.Context) (token string, err error) {
	token = rand.Text()
	return token, s.mark(ctx, beginCommit, token)
}

// conclude tells all readers that a transaction has been committed. Where that fails, readers find out with
// the log locked, and tell the others.
func (s *Store) conclude(ctx context.Context, token string) {
	if token == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
	defer cancel()
	_ = s.mark(ctx, endCommit, token)
}

// mark writes in a transaction of its own, over a connection that no reader or writer can take.
func (s *Store) mark(ctx context.Context, what statement, token string) error {
	session := s.marks.NewSession(ctx, neo4j.SessionConfig{
		DatabaseName: s.options.Database, AccessMode: neo4j.AccessModeWrite, BookmarkManager: s.bookmarks,
	})
	defer s.closed(ctx, session)
	_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return managed{s, tx}.ask(ctx, what, map[string]any{"token": token})
	})
	return err
}

// takeTurn waits until no other transaction of this store is under way: writers that wait in the database
// would each hold a connection.
func (s *Store) takeTurn(ctx context.Context) (end func(), err error) {
	select {
	case s.writing <- struct{}{}:
		return func() { <-s.writing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
