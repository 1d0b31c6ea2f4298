package resolvers

import (
	"context"
	"errors"

	"valueweb/graph"
)

type viewerKey struct{}

// WithViewer says on whose behalf a request asks.
func WithViewer(ctx context.Context, viewer graph.Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, viewer)
}

// errNoViewer is a mistake of the server: it let a request through without saying whose it is. Nobody
// is the viewer by default.
var errNoViewer = errors.New("the request has no viewer")

// ViewerFrom returns on whose behalf a request asks.
func ViewerFrom(ctx context.Context) (graph.Viewer, error) {
	viewer, ok := ctx.Value(viewerKey{}).(graph.Viewer)
	if !ok {
		return graph.Viewer{}, errNoViewer
	}
	return viewer, nil
}

// Viewer answers on whose behalf the request asks: FORBIDDEN where that takes no part in the network.
func (q query) Viewer(ctx context.Context) (*graph.Viewer, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := q.graph.Store.Access(ctx, viewer); err != nil {
		return nil, err
	}
	return &viewer, nil
}
