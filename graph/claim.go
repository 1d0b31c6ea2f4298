package graph

import (
	"context"
	"slices"
)

// ClaimOpportunity makes a partner the lead of an opportunity that has none: the viewer's own, or the one that an
// operator names. Of those who claim at the same time one wins, and the others are told ALREADY_CLAIMED.
func (g *Graph) ClaimOpportunity(ctx context.Context, v Viewer, e Edit, partner string) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: ClaimOpportunity, edit: e, does: func(ctx context.Context, h *hand) error {
		who, err := h.actor(ctx, partner)
		if err != nil {
			return err
		}
		if !v.Is(who) {
			if who == h.before.Owner {
				return Invalid(inputPartner, "the partner %q owns the opportunity", who)
			}
			if err := h.readableTo(ctx, who, inputPartner, "the opportunity is not addressed to the partner %q"); err != nil {
				return err
			}
		}
		h.after.Lead, h.after.Members = who, without(h.before.Members, who)
		return nil
	}})
}

// actor is the partner that a change is about: the viewer's own, or the one that an operator names.
func (h *hand) actor(ctx context.Context, named string) (string, error) {
	switch {
	case h.viewer.Confined() && named != "":
		return "", &Error{Code: CodeForbidden, Field: inputPartner, Message: "only operators act for others: leave the partner out"}
	case h.viewer.Confined():
		return h.viewer.Organisation, nil
	case named == "":
		return "", Invalid(inputPartner, "name the partner on whose behalf this is done")
	}
	_, err := h.seen(ctx, KindPartner, named, inputPartner)
	return named, err
}

// Advance is a step of an opportunity forward.
type Advance struct {
	To       Stage
	Value    *Money // of what is COMMITTED; nil: as it stands
	ClosedOn Date   // of what is LAUNCHED; zero: as it stands
}

// AdvanceOpportunity takes an opportunity one stage forward.
func (g *Graph) AdvanceOpportunity(ctx context.Context, v Viewer, e Edit, to Advance) (OpportunityChanged, error) {
	if err := oneOf("input.to", to.To, Stages); err != nil {
		return OpportunityChanged{}, err
	}
	a := alteration{change: AdvanceOpportunity, edit: e, stage: to.To, field: "input.to"}
	a.does = func(_ context.Context, h *hand) error {
		switch {
		case to.Value != nil && to.To != Committed:
			return Invalid("input.value", "the value is stated with COMMITTED; edit it otherwise")
		case !to.ClosedOn.IsZero() && to.To != Launched:
			return Invalid("input.closedOn", "the day is stated with LAUNCHED; edit it otherwise")
		}
		if to.Value != nil {
			h.after.Value = to.Value
		}
		if !to.ClosedOn.IsZero() {
			h.after.ClosedOn = to.ClosedOn
		}
		if to.To == Launched {
			h.after.TransferTo = ""
		}
		return nil
	}
	return g.alter(ctx, v, a)
}

// LoseOpportunity gives an opportunity up for a reason, on a day; none: today. Its protection ends.
func (g *Graph) LoseOpportunity(ctx context.Context, v Viewer, e Edit, reason string, on Date) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: LoseOpportunity, edit: e, does: func(_ context.Context, h *hand) error {
		if on.IsZero() {
			on = h.today
		}
		h.after.LostReason, h.after.ClosedOn, h.after.ProtectedUntil, h.after.TransferTo = reason, on, 0, ""
		return nil
	}})
}

// LeaveOpportunity takes a partner off an opportunity that it leads or has joined: the viewer's own, or the one that an
// operator names. It reads it no more, unless it is addressed all the same.
func (g *Graph) LeaveOpportunity(ctx context.Context, v Viewer, e Edit, partner string) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: LeaveOpportunity, edit: e, does: func(ctx context.Context, h *hand) error {
		who, err := h.actor(ctx, partner)
		if err != nil {
			return err
		}
		return h.takeOff(ctx, who)
	}})
}

// RemoveMember takes a partner off an opportunity that it leads or has joined.
func (g *Graph) RemoveMember(ctx context.Context, v Viewer, e Edit, partner string) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: RemoveMember, edit: e, does: func(ctx context.Context, h *hand) error {
		if !slices.Contains(h.before.Engaged(), partner) { // who takes part is removed also where it may be read no more
			if _, err := h.seen(ctx, KindPartner, partner, inputPartner); err != nil {
				return err
			}
		}
		return h.takeOff(ctx, partner)
	}})
}

func (h *hand) takeOff(ctx context.Context, partner string) error {
	if !slices.Contains(h.before.Engaged(), partner) {
		return Invalid(inputPartner, "the partner %q neither leads the opportunity nor has joined it", partner)
	}
	return h.part(ctx, partner)
}

// OfferTransfer offers an opportunity to a partner, which owns it once it accepts. An offer takes the place of the one
// before.
func (g *Graph) OfferTransfer(ctx context.Context, v Viewer, e Edit, to string) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: OfferTransfer, edit: e, does: func(ctx context.Context, h *hand) error {
		_, err := h.seen(ctx, KindPartner, to, "input.to")
		h.after.TransferTo = to
		return err
	}})
}

// AnswerTransfer takes an opportunity over that is offered, or turns the offer down. Who takes it over owns it, alone:
// it is shared only where the new owner is a party.
func (g *Graph) AnswerTransfer(ctx context.Context, v Viewer, e Edit, accept bool) (OpportunityChanged, error) {
	if !accept {
		return g.alter(ctx, v, alteration{change: DeclineTransfer, edit: e, does: func(_ context.Context, h *hand) error {
			h.after.TransferTo = ""
			return nil
		}})
	}
	return g.alter(ctx, v, alteration{change: AcceptTransfer, edit: e, does: func(ctx context.Context, h *hand) error {
		owner := h.before.TransferTo
		if owner == "" {
			return nil // which its guard refuses
		}
		h.after.Owner, h.after.TransferTo, h.after.Members = owner, "", without(h.before.Members, owner)
		return h.unshare(ctx, owner)
	}})
}

// unshare ends the sharing in partnerships of which a partner is no party.
func (h *hand) unshare(ctx context.Context, owner string) error {
	var kept []string
	for _, id := range h.before.SharedIn {
		partnership, err := fact[*Partnership](ctx, h.tx, KindPartnership, id)
		if err != nil {
			return err
		}
		if partnership != nil && slices.Contains(partnership.Parties, owner) {
			kept = append(kept, id)
		}
	}
	h.after.SharedIn = kept
	return nil
}
