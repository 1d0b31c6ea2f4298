package graph

import (
	"context"
	"slices"
)

// Invite asks a partner to join an opportunity. A partner has one invitation to it: where one has expired, it is sent
// again.
func (g *Graph) Invite(ctx context.Context, v Viewer, e Edit, partner string) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: InvitePartner, edit: e, does: func(ctx context.Context, h *hand) error {
		if _, err := h.seen(ctx, KindPartner, partner, inputPartner); err != nil {
			return err
		}
		sent, err := h.invitations(ctx, partner)
		if err != nil {
			return err
		}
		h.invited = &Invitation{Meta: Meta{ID: NaturalID([]string{h.before.ID, partner})}, Opportunity: h.before.ID, Partner: partner}
		if len(sent) > 0 {
			h.invited = copyOf[Invitation](sent[0]).(*Invitation)
		}
		h.invited.SentOn, h.invited.AnsweredOn, h.invited.Reason = h.today, 0, ""
		return nil
	}})
}

// AnswerInvitation accepts an invitation, which makes its partner a member, or declines it for a reason. The edit names
// the invitation.
func (g *Graph) AnswerInvitation(ctx context.Context, v Viewer, e Edit, accept bool, reason string) (OpportunityChanged, error) {
	a := alteration{change: DeclineInvitation, edit: e, invitation: true, does: func(_ context.Context, h *hand) error {
		h.invited.AnsweredOn, h.invited.Reason = h.today, reason
		h.after.Declined = distinct(append(slices.Clone(h.before.Declined), h.invited.Partner))
		return nil
	}}
	if accept {
		a.change, a.does = AcceptInvitation, func(_ context.Context, h *hand) error {
			if reason != "" {
				return Invalid("input.reason", "whoever accepts gives no reason")
			}
			h.invited.AnsweredOn = h.today
			h.join(h.invited.Partner)
			return nil
		}
	}
	return g.alter(ctx, v, a)
}

// join makes a partner a member, unless it takes part already.
func (h *hand) join(partner string) {
	if slices.Contains(h.before.Involved(), partner) {
		return
	}
	h.after.Members, h.joins = append(slices.Clone(h.before.Members), partner), true
}

// part ends that a partner leads the opportunity or is a member, and the invitation through which it could still read
// it.
func (h *hand) part(ctx context.Context, partner string) error {
	if h.after.Lead == partner {
		h.after.Lead = ""
	}
	h.after.Members = without(h.after.Members, partner)
	sent, err := h.invitations(ctx, partner)
	for _, i := range sent {
		if i.Stands(partner) {
			over := copyOf[Invitation](i).(*Invitation)
			over.State = InvitationExpired
			h.lapsed = append(h.lapsed, over)
		}
	}
	return err
}

// without is a list without one of its texts.
func without(texts []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return text == one })
}
