package graph

import (
	"context"
	"reflect"
	"slices"
	"strings"
)

// Guard is a condition of a step. It looks at what is at hand as it is to be, and says what is wrong.
type Guard func(ctx context.Context, h *hand) error

// postable refuses what cannot stand among postings: without a customer or a place, without needs, without an
// audience, with a closing date before its posting, or with an amount that is none. What an import left so can be
// edited all the same, as long as an edit does not touch upon it: each fault is looked at by itself, or one that was
// there before would let pass whatever an edit does elsewhere.
func postable(_ context.Context, h *hand) error {
	o, was := h.after, h.before
	if was != nil && was.Stage != o.Stage {
		was = nil // it is published, for which all must be right
	}
	for _, fault := range faultsOfPostings {
		if fault.of(o) && (was == nil || !fault.of(was)) {
			return Invalid(fault.field, "%s", fault.message)
		}
	}
	if was == nil || was.PostedOn != o.PostedOn || was.ClosedOn != o.ClosedOn {
		opened := o.PostedOn
		if opened.IsZero() {
			opened = h.today
		}
		if err := inOrder("input.closedOn", opened, o.ClosedOn); err != nil {
			return err
		}
	}
	if was == nil || !reflect.DeepEqual(was.Value, o.Value) {
		return CheckAmount("input.value", o.Value)
	}
	return nil
}

// faultsOfPostings are what can be wrong with an opportunity as a posting, whatever the day.
var faultsOfPostings = []struct {
	field, message string
	of             func(*Opportunity) bool
}{
	{"input.customer", "name a customer or a place: a site or a point", func(o *Opportunity) bool { return o.Customer == "" && o.Site == "" && o.Point == nil }},
	{"input.point", "name one place, not two: a site or a point", func(o *Opportunity) bool { return o.Site != "" && o.Point != nil }},
	{"input.needs", "name one need at least", func(o *Opportunity) bool { return len(o.Needs) == 0 }},
	{"input.audience", "say to whom it is addressed", func(o *Opportunity) bool { return o.Audience.Kind == "" }},
}

// openForEdit refuses a change of what cannot be changed while the registration stands as it does.
func openForEdit(_ context.Context, h *hand) error {
	open := h.before.EditableIn()
	for _, field := range changeables[KindOpportunity].differing(h.before, h.after) {
		if !slices.Contains(open, field) {
			return &Error{
				Code: CodeInvalidTransition, Field: "input." + field, Allowed: open,
				Message: "while its registration is " + string(h.before.Review) + ", " + field + " cannot be edited",
			}
		}
	}
	return nil
}

// complete refuses a registration that does not say what it is to protect: a customer and what it needs.
func complete(ctx context.Context, h *hand) error {
	customer, err := h.customerOf(ctx, h.after)
	switch {
	case err != nil:
		return err
	case customer == "":
		return Invalid(inputOpportunity, "a registration needs a customer: name it first")
	case len(h.after.Needs) == 0:
		return Invalid(inputOpportunity, "a registration needs what is needed: name it first")
	}
	return nil
}

// fourEyes refuses a reviewer who posted the opportunity or submitted it, under whatever role.
func fourEyes(_ context.Context, h *hand) error {
	me := h.viewer.String()
	if samePerson(me, h.before.PostedBy) || samePerson(me, h.before.SubmittedBy) {
		return &Error{Code: CodeForbidden, Field: inputOpportunity, Message: "whoever posted or submitted an opportunity does not review it: let somebody else do so"}
	}
	return nil
}

// samePerson reports whether two names of viewers are those of one: the same, or of the same subject.
func samePerson(one, other string) bool {
	_, subject, named := strings.Cut(one, " ")
	_, second, _ := strings.Cut(other, " ")
	return one == other || named && subject == second
}

// actionable refuses a request for action that does not say what to change.
func actionable(_ context.Context, h *hand) error {
	if len(h.after.ReviewFields) == 0 {
		e := Invalid("input.fields", "say which fields the owner shall change")
		e.Allowed = editable
		return e
	}
	for i, field := range h.after.ReviewFields {
		if err := oneOf(indexed("input.fields", i), field, editable); err != nil {
			return err
		}
	}
	return nil
}

// withinItsDays refuses an answer after the last day of an invitation.
func withinItsDays(_ context.Context, h *hand) error {
	if h.invited.Over(h.today) {
		return &Error{Code: CodeInvalidTransition, Field: inputInvitation, Message: "the invitation was to be answered by " + h.invited.SentOn.AddDays(AnswerDays).String() + ": it has expired"}
	}
	return nil
}

func declinedForAReason(_ context.Context, h *hand) error {
	return aReason(h.invited.Reason, DeclineReasons)
}

func lostForAReason(_ context.Context, h *hand) error {
	return aReason(h.after.LostReason, LossReasons)
}

// aReason refuses a reason that is missing or outside its closed list.
func aReason(reason string, known []string) error {
	if reason == "" {
		e := Invalid("input.reason", "a reason is required")
		e.Allowed = known
		return e
	}
	return oneOf("input.reason", reason, known)
}

// leadFree refuses to claim what has a lead.
func leadFree(_ context.Context, h *hand) error {
	switch h.before.Lead {
	case "":
		return nil
	case h.viewer.Organisation:
		return &Error{Code: CodeAlreadyClaimed, Field: inputOpportunity, Message: "you lead the opportunity already"}
	}
	return &Error{Code: CodeAlreadyClaimed, Field: inputOpportunity, Message: "somebody else has claimed the opportunity"}
}

// valued refuses what is COMMITTED and worth nothing that is stated.
func valued(_ context.Context, h *hand) error {
	if h.after.Value == nil {
		return Invalid("input.value", "what is COMMITTED has a value: state it")
	}
	return CheckAmount("input.value", h.after.Value)
}

// keepsItsValue refuses to take the value from what is COMMITTED, which it had to have. What an import left without one
// stays so.
func keepsItsValue(_ context.Context, h *hand) error {
	if h.after.Stage == Committed && h.before.Value != nil && h.after.Value == nil {
		return Invalid("input.value", "what is COMMITTED has a value: state another, or leave it")
	}
	return nil
}

// dated refuses what is closed without a day, before it was posted, or on a day that is yet to come: until then it would
// count as open. Tomorrow is today already in the east of the world.
func dated(_ context.Context, h *hand) error {
	const field = "input.closedOn"
	switch on := h.after.ClosedOn; {
	case on.IsZero():
		return Invalid(field, "what is LAUNCHED has a day of it: state it")
	case on > h.today.AddDays(1):
		return Invalid(field, "what is %s has closed, and %s is yet to come: state the day on which it did", h.after.Stage, on)
	}
	return inOrder(field, h.after.PostedOn, h.after.ClosedOn)
}

// offered refuses an answer to an offer that nobody has made.
func offered(_ context.Context, h *hand) error {
	if h.before.TransferTo == "" {
		return &Error{Code: CodeInvalidTransition, Field: inputOpportunity, Message: "the opportunity is offered to nobody"}
	}
	return nil
}

// invitable refuses to invite whom it makes no sense to ask, and whom a wall keeps out: what keeps it out is not told.
func invitable(ctx context.Context, h *hand) error {
	who := h.invited.Partner
	p, err := fact[*Partner](ctx, h.tx, KindPartner, who)
	switch {
	case err != nil:
		return err
	case who == h.before.Owner:
		return Invalid(inputPartner, "the partner %q owns the opportunity", who)
	case slices.Contains(h.before.Engaged(), who):
		return Invalid(inputPartner, "the partner %q leads the opportunity or has joined it", who)
	}
	sent, err := h.invitations(ctx, who)
	if err != nil {
		return err
	}
	declined := slices.Contains(h.before.Declined, who)
	for _, i := range sent {
		declined = declined || i.State == InvitationDeclined
		if i.State == InvitationPending && !i.Over(h.today) {
			return Invalid(inputPartner, "the partner %q is invited already", who)
		}
	}
	kept := false
	if p.Status == Active && !declined {
		if kept, err = h.walledOff(ctx, who); err != nil {
			return err
		}
	}
	if p.Status != Active || declined || kept {
		return Invalid(inputPartner, "the partner %q cannot be invited to this opportunity", who)
	}
	return nil
}

// transferable refuses to offer an opportunity to itself, and to whom could not read it.
func transferable(ctx context.Context, h *hand) error {
	who := h.after.TransferTo
	if who == h.before.Owner {
		return Invalid("input.to", "the partner %q owns the opportunity already", who)
	}
	return h.readableTo(ctx, who, "input.to", "the partner %q cannot be offered this opportunity: offer it to one that is ACTIVE and takes part in it, or is addressed")
}

// joinable refuses to make a member of whom is invited, and since then is ACTIVE no more, or walled off. So it is told to
// operators, who answer for others: a partner that answers for itself has just read what it answers.
func joinable(ctx context.Context, h *hand) error {
	return h.canStill(ctx, h.invited.Partner, inputInvitation, "join the opportunity")
}

// takeable refuses to give an opportunity to whom it is offered, and since then is ACTIVE no more, or may not read it.
func takeable(ctx context.Context, h *hand) error {
	return h.canStill(ctx, h.before.TransferTo, inputOpportunity, "take the opportunity over")
}

func (h *hand) canStill(ctx context.Context, partner, field, what string) error {
	if h.viewer.Is(partner) {
		return nil
	}
	return h.readableTo(ctx, partner, field, "the partner %q cannot "+what+": it is ACTIVE no more, or may not read it")
}

// readableTo refuses a partner that is not ACTIVE, or may not read the opportunity.
func (h *hand) readableTo(ctx context.Context, partner, field, message string) error {
	p, err := fact[*Partner](ctx, h.tx, KindPartner, partner)
	if err != nil {
		return err
	}
	if p != nil && p.Status == Active {
		reads, err := h.tx.Read(ctx, Viewer{Role: RolePartner, Organisation: partner}, KindOpportunity, []string{h.before.ID})
		if err != nil || reads[0] != nil {
			return err
		}
	}
	return Invalid(field, message, partner)
}

// walledOff reports whether a wall hides the opportunity from a partner.
func (h *hand) walledOff(ctx context.Context, partner string) (bool, error) {
	access, err := h.tx.Access(ctx, Viewer{Role: RolePartner, Organisation: partner})
	if err != nil {
		return false, err
	}
	known := &lookup{ctx: ctx, tx: h.tx}
	hidden := Ruling{Access: access, Facts: known}.Withheld(access.Barriers, h.before)
	return hidden, known.err
}

// lookup looks facts up in a transaction.
type lookup struct {
	ctx context.Context
	tx  Tx
	err error // the first that a look met
}

// Node implements Facts.
func (l *lookup) Node(kind Kind, id string) Node {
	nodes, err := l.tx.Read(l.ctx, Operator, kind, []string{id})
	if err != nil {
		if l.err == nil {
			l.err = err
		}
		return nil
	}
	return nodes[0]
}

// Invited implements Facts: walls do not ask for invitations.
func (*lookup) Invited(string, string) bool { return false }

// invitations are those of a partner to the opportunity.
func (h *hand) invitations(ctx context.Context, partner string) ([]*Invitation, error) {
	var all []*Invitation
	err := each(ctx, h.tx, OpportunityInvitations, []string{h.before.ID}, func(n Node) error {
		if i := n.(*Invitation); i.Partner == partner && i.LiveAt(h.today) {
			all = append(all, i)
		}
		return nil
	})
	return all, err
}

// each calls a function for all nodes that are related to some parents.
func each(ctx context.Context, tx Tx, relation Relation, parents []string, yield func(Node) error) error {
	for _, parent := range parents {
		q := RelatedQuery{Relation: relation, Parents: []string{parent}, Page: PageQuery{First: MaxPage}}
		for more := true; more; {
			pages, err := tx.Related(ctx, Operator, q)
			if err != nil {
				return err
			}
			page := pages[0]
			for _, node := range page.Nodes {
				if err := yield(node); err != nil {
					return err
				}
			}
			if more = page.HasNext; more {
				q.Page.After = &page.Keys[len(page.Keys)-1]
			}
		}
	}
	return nil
}
