package resolvers

import (
	"context"
	"strconv"
	"time"

	"valueweb/internal/gql"
)

// CreateStreamTicket makes a ticket for a stream.
func (m mutation) CreateStreamTicket(ctx context.Context, input *gql.CreateStreamTicketInput) (*gql.CreateStreamTicketPayload, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	var wanted time.Time
	if input != nil {
		patch(input.ExpiresAt, &wanted)
	}
	text, until, seq, err := m.graph.TicketFor(ctx, viewer, wanted)
	if err != nil {
		return nil, err
	}
	return &gql.CreateStreamTicketPayload{Ticket: text, ExpiresAt: until, Seq: strconv.FormatInt(seq, 10)}, nil
}
