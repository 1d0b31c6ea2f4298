package resolvers

import (
	"context"
	"strconv"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// Status answers what serves the graph, and how much it holds.
func (q query) Status(ctx context.Context) (*gql.Status, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	store, err := q.graph.Store.Status(ctx, viewer)
	if err != nil {
		return nil, err
	}
	status := &gql.Status{
		Engine:      store.Engine,
		Format:      store.Format,
		Seq:         strconv.FormatInt(store.Seq, 10),
		ReflectsSeq: strconv.FormatInt(q.graph.Network.Seq(), 10),
		Version:     q.version,
	}
	if viewer.Confined() {
		return status, nil
	}
	for _, kind := range graph.Kinds {
		status.Counts = append(status.Counts, &gql.NodeCount{Type: kind, Count: store.Counts[kind]})
	}
	return status, nil
}
