package graph

import "context"

// SubmitOpportunity hands an opportunity in for registration.
func (g *Graph) SubmitOpportunity(ctx context.Context, v Viewer, e Edit) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: SubmitOpportunity, edit: e, does: func(_ context.Context, h *hand) error {
		h.after.SubmittedBy, h.after.ReviewFields, h.after.ReviewNote = signed(h.before.SubmittedBy, h.before.PostedBy, v), nil, ""
		return nil
	}})
}

// signed is who is noted to have posted or submitted an opportunity, once a viewer does so after somebody else did. Who
// is noted for the other of the two already does not take the place of somebody who is noted for this one alone: both
// names are kept, and neither reviews it.
func signed(before, other string, v Viewer) string {
	if before != "" && samePerson(v.String(), other) {
		return before
	}
	return v.String()
}

// Decision is what a reviewer says of a registration.
type Decision struct {
	Review Review
	Fields []string // that the owner shall change, of an ACTION_REQUIRED, as clients know them
	Note   string   // what the owner is told
}

// ReviewOpportunity takes a registration up, or decides about it. An approval protects for ProtectionDays.
func (g *Graph) ReviewOpportunity(ctx context.Context, v Viewer, e Edit, d Decision) (OpportunityChanged, error) {
	a := alteration{change: ReviewOpportunity, edit: e, review: d.Review, field: "input.decision"}
	a.does = func(_ context.Context, h *hand) error {
		if len(d.Fields) > 0 && d.Review != ReviewActionRequired {
			return Invalid("input.fields", "only an ACTION_REQUIRED names fields")
		}
		h.after.ReviewFields, h.after.ReviewNote = distinct(d.Fields), Normalise(d.Note)
		if d.Review == ReviewApproved {
			h.after.ProtectedUntil = h.today.AddDays(ProtectionDays)
		}
		return checkLength("input.note", MaxDescription, h.after.ReviewNote)
	}
	return g.alter(ctx, v, a)
}

// WithdrawOpportunity takes a registration back, and with it its protection.
func (g *Graph) WithdrawOpportunity(ctx context.Context, v Viewer, e Edit) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: WithdrawOpportunity, edit: e, does: func(_ context.Context, h *hand) error {
		h.after.ProtectedUntil, h.after.ReviewFields, h.after.ReviewNote = 0, nil, ""
		return nil
	}})
}
