package embedded

import (
	"context"

	"valueweb/graph"
)

var _ graph.Snapshotter = (*Store)(nil)

// Snapshot implements graph.Snapshotter: a state is never changed once it is published.
func (s *Store) Snapshot(ctx context.Context, v graph.Viewer) (graph.Snapshot, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	return snapshot{s.current.Load()}, nil
}

type snapshot struct{ state *state }

func (s snapshot) Seq() int64 { return s.state.seq }

func (s snapshot) List(ctx context.Context, v graph.Viewer, q graph.ListQuery) (graph.Page, error) {
	if err := admit(ctx, v); err != nil {
		return graph.Page{}, err
	}
	return s.state.everything().list(q)
}
