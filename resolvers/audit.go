package resolvers

import (
	"context"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/internal/audit"
	"valueweb/internal/gql"
)

// audited notes who was handed out which customers in an answer, before it leaves.
func audited(b *batch, recorder *audit.Recorder, answer graphql.ResponseHandler) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		response := answer(ctx)
		customers := b.handedOut()
		if len(customers) == 0 || response == nil || empty(response.Data) {
			return response
		}
		if viewer, err := ViewerFrom(ctx); err == nil {
			recorder.Handed(viewer, customers...)
		}
		return response
	}
}

// handedOut lists the customers that the answer holds.
func (b *batch) handedOut() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Keys(b.handed))
}

// AccessLog answers who was handed out which customers. What this server has noted is written first, so that it is
// in the answer.
func (q query) AccessLog(ctx context.Context, customer, viewer *string, from, to *graph.Date, first *int, after *string) (*gql.AccessLogConnection, error) {
	asking, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	args := graph.AccessArgs{
		AccessQuery: graph.AccessQuery{Customer: stated(customer), Viewer: stated(viewer), From: stated(from), To: stated(to), Total: graphql.FieldRequested(ctx, "totalCount")},
		First:       first, After: stated(after),
	}
	page, err := rooted(ctx, func(l *level) (*graph.ListedAccesses, error) {
		if !asking.Confined() {
			q.audit.Flush(ctx)
		}
		page, err := q.graph.CustomerAccesses(ctx, asking, args)
		if err != nil {
			return nil, err
		}
		for i := range page.Accesses {
			l.items = append(l.items, &page.Accesses[i])
		}
		return page, nil
	})
	if err != nil {
		return nil, err
	}
	return accessLog(page), nil
}

func accessLog(page *graph.ListedAccesses) *gql.AccessLogConnection {
	log := &gql.AccessLogConnection{
		Edges: []*gql.AccessLogEdge{}, Nodes: []*graph.CustomerAccess{}, PageInfo: pageInfo(page.Cursors, page.HasPrevious, page.HasNext), TotalCount: page.Total,
	}
	for i, cursor := range page.Cursors {
		log.Edges = append(log.Edges, &gql.AccessLogEdge{Cursor: cursor, Node: &page.Accesses[i]})
		log.Nodes = append(log.Nodes, &page.Accesses[i])
	}
	return log
}

type customerAccessResolver struct{}

func (customerAccessResolver) Customer(ctx context.Context, a *graph.CustomerAccess) (*graph.Customer, error) {
	return one[*graph.Customer](ctx, a.Customer, func(a *graph.CustomerAccess) []string { return []string{a.Customer} })
}
