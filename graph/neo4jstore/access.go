package neo4jstore

import (
	"context"

	"valueweb/graph"
)

// Access implements graph.Store: operators alone read from Neo4j so far.
func (s *Store) Access(ctx context.Context, v graph.Viewer) (*graph.Access, error) {
	return nil, admit(ctx, v)
}
