package resolvers

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/graph/stream"
	"valueweb/internal/gql"
)

// Events answers with a page of the log.
func (q query) Events(ctx context.Context, types []string, after *string, first *int) (*gql.EventConnection, error) {
	page, err := q.page(ctx, stream.Interest{Topic: stream.Everything, Types: types}, after, first)
	if err != nil {
		return nil, err
	}
	edges, nodes := told(page, eventMessage, func(cursor string, m *gql.EventMessage) *gql.EventEdge {
		return &gql.EventEdge{Cursor: cursor, Node: m}
	})
	return &gql.EventConnection{Edges: edges, Nodes: nodes, PageInfo: logInfo(page)}, nil
}

// OpportunityEvents answers with a page of what happened to opportunities.
func (q query) OpportunityEvents(ctx context.Context, filter *gql.OpportunityFilter, after *string, first *int) (*gql.OpportunityEventConnection, error) {
	interest, err := opportunityInterest(filter)
	if err != nil {
		return nil, err
	}
	page, err := q.page(ctx, interest, after, first)
	if err != nil {
		return nil, err
	}
	edges, nodes := told(page, opportunityEvent, func(cursor string, m *gql.OpportunityEvent) *gql.OpportunityEventEdge {
		return &gql.OpportunityEventEdge{Cursor: cursor, Node: m}
	})
	return &gql.OpportunityEventConnection{Edges: edges, Nodes: nodes, PageInfo: logInfo(page)}, nil
}

// ReferralEvents answers with a page of what happened to referrals.
func (q query) ReferralEvents(ctx context.Context, after *string, first *int) (*gql.ReferralEventConnection, error) {
	page, err := q.page(ctx, stream.Interest{Topic: stream.Referrals}, after, first)
	if err != nil {
		return nil, err
	}
	edges, nodes := told(page, referralEvent, func(cursor string, m *gql.ReferralEvent) *gql.ReferralEventEdge {
		return &gql.ReferralEventEdge{Cursor: cursor, Node: m}
	})
	return &gql.ReferralEventConnection{Edges: edges, Nodes: nodes, PageInfo: logInfo(page)}, nil
}

// page reads a page of the log, whose subjects are the level that everything below is loaded for.
func (q query) page(ctx context.Context, interest stream.Interest, after *string, first *int) (*stream.Page, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	return rooted(ctx, func(l *level) (*stream.Page, error) {
		page, err := q.log.Page(ctx, viewer, interest, stated(after), *orElse(first, 100))
		if err != nil {
			return nil, q.graph.Suggest(ctx, viewer, err)
		}
		b := batchFrom(ctx)
		for _, m := range page.Messages {
			nodes := nodesOf(m)
			l.add(nodes)
			b.learn(nodes)
			if graphql.AnyFieldRequested(ctx, "nodes.subject", "edges.node.subject") {
				b.handOut(nodes...)
			}
		}
		return page, nil
	})
}

// told are the edges and the nodes of a page of the log.
func told[M, E any](page *stream.Page, message func(stream.Message) *M, edge func(cursor string, m *M) *E) (edges []*E, nodes []*M) {
	edges, nodes = make([]*E, len(page.Messages)), make([]*M, len(page.Messages))
	for i, m := range page.Messages {
		nodes[i] = message(m)
		edges[i] = edge(m.Cursor.String(), nodes[i])
	}
	return edges, nodes
}

// logInfo says where a page of the log begins, and where it was read up to.
func logInfo(page *stream.Page) *gql.PageInfo {
	info := &gql.PageInfo{HasNextPage: page.HasNext, HasPreviousPage: page.HasPrevious, EndCursor: &page.End}
	if len(page.Messages) > 0 {
		start := page.Messages[0].Cursor.String()
		info.StartCursor = &start
	}
	return info
}

// opportunityInterest reads a filter of opportunities.
func opportunityInterest(input *gql.OpportunityFilter) (stream.Interest, error) {
	interest := stream.Interest{Topic: stream.Opportunities}
	if input == nil {
		return interest, nil
	}
	stages := input.Stages.Value()
	if err := known("filter.stages", stages, graph.Stages); err != nil {
		return interest, err
	}
	interest.Filter = stream.Filter{Competency: given(input.Competency), Region: given(input.Region), Countries: input.Countries.Value(), Stages: stages}
	place := graph.Filter{}
	if err := nearOf(&place, input.Near.Value(), input.RadiusKm.Value()); err != nil {
		return interest, err
	}
	interest.Filter.Near, interest.Filter.RadiusKm = place.Near, place.RadiusKm
	return interest, nil
}

func opportunityEvent(m stream.Message) *gql.OpportunityEvent {
	o, _ := m.Subject.(*graph.Opportunity)
	return &gql.OpportunityEvent{
		Cursor: m.Cursor.String(), Seq: strconv.FormatInt(m.Seq, 10), Type: m.Type, At: m.At,
		Opportunity: o, Invitation: m.Invitation, Version: versionOf(m), Changed: m.Changed,
	}
}

func referralEvent(m stream.Message) *gql.ReferralEvent {
	r, _ := m.Subject.(*graph.Referral)
	return &gql.ReferralEvent{
		Cursor: m.Cursor.String(), Seq: strconv.FormatInt(m.Seq, 10), Type: m.Type, At: m.At, Referral: r, Version: versionOf(m), Changed: m.Changed,
	}
}

func eventMessage(m stream.Message) *gql.EventMessage {
	return &gql.EventMessage{
		Cursor: m.Cursor.String(), Seq: strconv.FormatInt(m.Seq, 10), Type: m.Type, At: m.At, Subject: m.Subject, Version: versionOf(m), Changed: m.Changed,
	}
}

func versionOf(m stream.Message) *int {
	if m.Version == 0 {
		return nil
	}
	return &m.Version
}
