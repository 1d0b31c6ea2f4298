package resolvers

import (
	"context"

	"valueweb/graph"
)

// ExplainAccess answers which rule shows a node to a viewer, or keeps it from the viewer.
func (q query) ExplainAccess(ctx context.Context, viewer, gid string) (*graph.AccessExplanation, error) {
	asking, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	of, ok := graph.ParseViewer(viewer)
	if !ok {
		e := graph.Invalid("viewer", "there is no such viewer: write OPERATOR, ANALYST, PARTNER:<id> or CUSTOMER:<id>")
		e.Allowed = []string{"OPERATOR", "ANALYST", "PARTNER:<id>", "CUSTOMER:<id>"}
		return nil, e
	}
	explained, err := q.graph.ExplainAccess(ctx, asking, of, gid)
	return &explained, err
}
