package resolvers

import (
	"context"
	"strings"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// altered answers a mutation of an opportunity, which is the level that everything below it is loaded for.
func altered(ctx context.Context, change func(v graph.Viewer) (graph.OpportunityChanged, error)) (*graph.OpportunityChanged, error) {
	b, viewer, err := changing(ctx)
	if err != nil {
		return nil, err
	}
	return rooted(ctx, func(l *level) (*graph.OpportunityChanged, error) {
		done, err := change(viewer)
		if err != nil {
			return nil, err
		}
		nodes := []graph.Node{done.Opportunity}
		if done.Invitation != nil {
			nodes = append(nodes, done.Invitation)
		}
		b.learn(nodes)
		for _, node := range nodes {
			l.items = append(l.items, node)
		}
		return &done, nil
	})
}

// PostOpportunity posts an opportunity or drafts it.
func (m mutation) PostOpportunity(ctx context.Context, input gql.PostOpportunityInput) (*graph.OpportunityChanged, error) {
	to, err := addressees(input.Audience)
	if err != nil {
		return nil, err
	}
	posting := graph.Posting{
		Title: input.Title, Customer: given(input.Customer), Site: given(input.Site), Point: input.Point.Value(),
		Needs: needsOf(input.Needs), Value: input.Value.Value(), Audience: *to, Owner: given(input.Owner), Draft: given(input.Draft),
	}
	c := creation(ctx, input.ClientToken)
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.PostOpportunity(ctx, v, c, posting)
	})
}

// addressees reads to whom an opportunity is addressed.
func addressees(input *gql.AudienceInput) (*graph.Addressees, error) {
	to := &graph.Addressees{All: given(input.All), Partners: input.Partners.Value()}
	chosen := input.Filter.Value()
	if chosen == nil {
		return to, nil
	}
	filter, err := partnerFilter(chosen)
	if err != nil {
		return nil, withinInput("input.audience.", err)
	}
	to.Filter = &filter
	return to, nil
}

// withinInput says the whole path of a field at fault.
func withinInput(prefix string, err error) error {
	e, ok := graph.AsError(err)
	if !ok || strings.HasPrefix(e.Field, prefix) {
		return err
	}
	told := *e
	told.Field = prefix + e.Field
	return &told
}

// PublishOpportunity publishes a draft.
func (m mutation) PublishOpportunity(ctx context.Context, input gql.PublishOpportunityInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.PublishOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion))
	})
}

// EditOpportunity changes an opportunity.
func (m mutation) EditOpportunity(ctx context.Context, input gql.EditOpportunityInput) (*graph.OpportunityChanged, error) {
	var to *graph.Addressees
	if input.Audience.IsSet() {
		chosen := input.Audience.Value()
		if chosen == nil {
			return nil, graph.Invalid("input.audience", "audience is required, and cannot be cleared; leave it out to leave it as it is")
		}
		var err error
		if to, err = addressees(chosen); err != nil {
			return nil, err
		}
	}
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.EditOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion), func(o *graph.Opportunity) error {
			return revise(o, input)
		}, to)
	})
}

// revise takes over what an input changes of an opportunity.
func revise(o *graph.Opportunity, input gql.EditOpportunityInput) error {
	if err := patchRequired("title", input.Title, &o.Title); err != nil {
		return err
	}
	patchText(input.Title, &o.Title)
	patch(input.Customer, &o.Customer)
	patch(input.Site, &o.Site)
	patch(input.ClosedOn, &o.ClosedOn)
	patchSet(input.SharedIn, &o.SharedIn)
	if input.Point.IsSet() {
		o.Point = input.Point.Value()
	}
	if input.Value.IsSet() {
		o.Value = input.Value.Value()
	}
	if input.Needs.IsSet() {
		o.Needs = needsOf(input.Needs.Value())
	}
	return nil
}

// SubmitOpportunity hands an opportunity in for registration.
func (m mutation) SubmitOpportunity(ctx context.Context, input gql.SubmitOpportunityInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.SubmitOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion))
	})
}

// ReviewOpportunity decides about a registration.
func (m mutation) ReviewOpportunity(ctx context.Context, input gql.ReviewOpportunityInput) (*graph.OpportunityChanged, error) {
	decision := graph.Decision{Review: input.Decision, Fields: input.Fields.Value(), Note: given(input.Note)}
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.ReviewOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion), decision)
	})
}

// WithdrawOpportunity takes a registration back.
func (m mutation) WithdrawOpportunity(ctx context.Context, input gql.WithdrawOpportunityInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.WithdrawOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion))
	})
}

// Invite asks a partner to join an opportunity.
func (m mutation) Invite(ctx context.Context, input gql.InviteInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.Invite(ctx, v, edit(input.Opportunity, input.ExpectedVersion), input.Partner)
	})
}

// AnswerInvitation accepts an invitation or declines it.
func (m mutation) AnswerInvitation(ctx context.Context, input gql.AnswerInvitationInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.AnswerInvitation(ctx, v, edit(input.Invitation, input.ExpectedVersion), input.Accept, given(input.Reason))
	})
}

// ClaimOpportunity takes the lead of an opportunity.
func (m mutation) ClaimOpportunity(ctx context.Context, input gql.ClaimOpportunityInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.ClaimOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion), given(input.Partner))
	})
}

// AdvanceOpportunity takes an opportunity to its next stage.
func (m mutation) AdvanceOpportunity(ctx context.Context, input gql.AdvanceOpportunityInput) (*graph.OpportunityChanged, error) {
	step := graph.Advance{To: input.To, Value: input.Value.Value(), ClosedOn: given(input.ClosedOn)}
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.AdvanceOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion), step)
	})
}

// LoseOpportunity gives an opportunity up.
func (m mutation) LoseOpportunity(ctx context.Context, input gql.LoseOpportunityInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.LoseOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion), input.Reason, given(input.ClosedOn))
	})
}

// LeaveOpportunity takes the viewer's partner off an opportunity.
func (m mutation) LeaveOpportunity(ctx context.Context, input gql.LeaveOpportunityInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.LeaveOpportunity(ctx, v, edit(input.Opportunity, input.ExpectedVersion), given(input.Partner))
	})
}

// RemoveMember takes a partner off an opportunity.
func (m mutation) RemoveMember(ctx context.Context, input gql.RemoveMemberInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.RemoveMember(ctx, v, edit(input.Opportunity, input.ExpectedVersion), input.Partner)
	})
}

// OfferTransfer offers an opportunity to a partner.
func (m mutation) OfferTransfer(ctx context.Context, input gql.OfferTransferInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.OfferTransfer(ctx, v, edit(input.Opportunity, input.ExpectedVersion), input.To)
	})
}

// AnswerTransfer takes an opportunity over, or turns the offer down.
func (m mutation) AnswerTransfer(ctx context.Context, input gql.AnswerTransferInput) (*graph.OpportunityChanged, error) {
	return altered(ctx, func(v graph.Viewer) (graph.OpportunityChanged, error) {
		return m.graph.AnswerTransfer(ctx, v, edit(input.Opportunity, input.ExpectedVersion), input.Accept)
	})
}
