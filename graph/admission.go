package graph

import (
	"context"
	"fmt"
	"slices"
)

// How a partner comes into the network and goes out of it (3-lifecycle.md, Partners): a table.

// What becomes of a partner; behind its kind it is a type of event.
const (
	Applied        = "applied"
	Approved       = "approved"
	SuspendedEvent = "suspended"
	LeftEvent      = "left"
)

// partnerSteps are what a partner can become from what it is, and what the log calls it. What has left stays so.
var partnerSteps = map[PartnerStatus]map[PartnerStatus]string{
	Pending:   {Active: Approved, Suspended: SuspendedEvent, Left: LeftEvent},
	Active:    {Suspended: SuspendedEvent, Left: LeftEvent},
	Suspended: {Active: Approved, Left: LeftEvent},
	Left:      {},
}

// partnerStep refuses a status that a partner cannot come to. It leaves by being retired, for then its day is told.
func partnerStep(before, after Node) error {
	now := after.(*Partner)
	leaves := now.Status == Left && now.RetiredOn.IsZero()
	if isNew(before) {
		if leaves {
			e := Invalid("status", "a new partner has not LEFT yet")
			e.Allowed = namesOf([]PartnerStatus{Pending, Active, Suspended})
			return e
		}
		return nil
	}
	was := before.(*Partner)
	switch {
	case was.Status == now.Status:
		return nil
	case leaves:
		return &Error{Code: CodeInvalidTransition, Field: "status", Message: "a partner leaves by retirePartner", Allowed: was.steps(Left)}
	}
	return was.canBecome("status", now.Status)
}

// partnerEvent is what became of a partner: how the log calls its step, or, where it made none, how it calls any
// node's.
func partnerEvent(before, after Node, became string) string {
	now := after.(*Partner)
	if isNew(before) {
		if became == Created && now.Status == Pending {
			return Applied
		}
		return became
	}
	if step := partnerSteps[before.(*Partner).Status][now.Status]; step != "" {
		return step
	}
	return became
}

// canBecome refuses a status that is no step away.
func (p *Partner) canBecome(field string, to PartnerStatus) error {
	if partnerSteps[p.Status][to] != "" {
		return nil
	}
	return &Error{
		Code: CodeInvalidTransition, Field: field, Allowed: p.steps(""),
		Message: fmt.Sprintf("the partner is %s, and cannot become %s from that", p.Status, to),
	}
}

// steps are what the partner can become, but for one.
func (p *Partner) steps(besides PartnerStatus) []string {
	var allowed []string
	for _, status := range PartnerStatuses {
		if partnerSteps[p.Status][status] != "" && status != besides {
			allowed = append(allowed, string(status))
		}
	}
	return allowed
}

// Apply enters a partner that is PENDING until an operator approves it: by an operator, or by a partner whose
// organisation the network does not know yet, which becomes its id. One that it knows is INVALID_TRANSITION.
func (g *Graph) Apply(ctx context.Context, v Viewer, c Creation, profile *Partner) (Changed[*Partner], error) {
	if v.Validate() != nil || v.Confined() && v.Role != RolePartner {
		return Changed[*Partner]{}, &Error{Code: CodeForbidden, Message: "only partners and operators apply"}
	}
	if err := v.Within(ScopePost); err != nil {
		return Changed[*Partner]{}, err
	}
	if v.Role == RolePartner && profile.ID != "" && profile.ID != v.Organisation {
		return Changed[*Partner]{}, forbidden(inputID, "a partner applies as itself; leave the id out")
	}
	t := changeables[KindPartner]
	return create(ctx, g, v, c, KindPartner, func(ctx context.Context, a author) (*Partner, error) {
		fresh := t.copied(profile).(*Partner)
		fresh.Status = Pending
		if err := t.checked(fresh); err != nil {
			return fresh, err
		}
		if v.Role == RolePartner {
			fresh.ID = v.Organisation
			if err := a.isUnknown(ctx); err != nil {
				return fresh, err
			}
		}
		return fresh, t.name(ctx, a, fresh)
	})
}

// isUnknown refuses a partner that the network knows.
func (a author) isUnknown(ctx context.Context) error {
	known, err := a.fact(ctx, KindPartner, a.viewer.Organisation)
	if err != nil || known == nil {
		return err
	}
	if _, err := a.sees(ctx, KindPartner, a.viewer.Organisation); err != nil {
		return err // it takes no part any more, and is told so as everywhere
	}
	return known.(*Partner).canBecome("", Pending)
}

// Approve lets a partner take part: one that is PENDING or SUSPENDED becomes ACTIVE. For operators.
func (g *Graph) Approve(ctx context.Context, v Viewer, e Edit) (Changed[*Partner], error) {
	return g.admit(ctx, v, e, Active)
}

// Suspend bars a partner for now: one that is PENDING or ACTIVE becomes SUSPENDED. For operators.
func (g *Graph) Suspend(ctx context.Context, v Viewer, e Edit) (Changed[*Partner], error) {
	return g.admit(ctx, v, e, Suspended)
}

func (g *Graph) admit(ctx context.Context, v Viewer, e Edit, to PartnerStatus) (Changed[*Partner], error) {
	if err := v.OnlyOperators("decide who takes part"); err != nil {
		return Changed[*Partner]{}, err
	}
	return Update(ctx, g, v, e, func(p *Partner) error {
		if err := p.canBecome(e.field(), to); err != nil {
			return err
		}
		p.Status = to
		return nil
	})
}

// Verify says that a certification counts, or that it does not. For operators.
func (g *Graph) Verify(ctx context.Context, v Viewer, e Edit, verified bool) (Changed[*Certification], error) {
	if err := v.OnlyOperators("verify certifications"); err != nil {
		return Changed[*Certification]{}, err
	}
	return Update(ctx, g, v, e, func(c *Certification) error {
		c.Verified = verified
		return nil
	})
}

// Propose makes a partnership that is in force once each of its parties has accepted it. A partner that proposes is a
// party, and has accepted; of what an operator proposes all parties have to.
func (g *Graph) Propose(ctx context.Context, v Viewer, c Creation, proposed *Partnership) (Changed[*Partnership], error) {
	if v.Validate() != nil || v.Confined() && v.Role != RolePartner {
		return Changed[*Partnership]{}, &Error{Code: CodeForbidden, Message: "only partners and operators propose partnerships"}
	}
	if err := v.Within(ScopePost); err != nil {
		return Changed[*Partnership]{}, err
	}
	t := changeables[KindPartnership]
	return create(ctx, g, v, c, KindPartnership, func(ctx context.Context, a author) (*Partnership, error) {
		fresh := t.copied(proposed).(*Partnership)
		fresh.Pending = slices.DeleteFunc(slices.Clone(fresh.Parties), v.Is)
		if err := a.mayPropose(ctx, t, fresh); err != nil {
			return fresh, err
		}
		return fresh, t.name(ctx, a, fresh)
	})
}

// mayPropose refuses a partnership that is wrong, of which the author is no party, or of which a party takes no part.
func (a author) mayPropose(ctx context.Context, t changeable, fresh *Partnership) error {
	if err := t.checked(fresh); err != nil {
		return err
	}
	if err := a.takesPart(ctx, KindPartnership); err != nil {
		return err
	}
	if a.viewer.Confined() && !slices.ContainsFunc(fresh.Parties, a.viewer.Is) {
		return forbidden("input.parties", "a partner proposes partnerships of which it is a party")
	}
	if err := a.namesKnown(ctx, t, nil, fresh); err != nil {
		return err
	}
	for _, party := range fresh.Parties {
		node, err := a.fact(ctx, KindPartner, party)
		if err != nil {
			return err
		}
		if p, ok := node.(*Partner); ok && p.Status != Active {
			return Invalid("input.parties", "the partner %q is %s: who is ACTIVE joins partnerships", party, p.Status)
		}
	}
	return nil
}

// Answer is what a party says to a partnership that was proposed.
type Answer struct {
	Edit
	Party  string // for whom an operator answers; empty: the partner that asks
	Accept bool
}

// AnswerPartnership accepts a partnership for a party, or declines it: that retires it.
func (g *Graph) AnswerPartnership(ctx context.Context, v Viewer, answer Answer) (Changed[*Partnership], error) {
	party, err := answer.party(v)
	if err != nil {
		return Changed[*Partnership]{}, err
	}
	became := Updated
	if !answer.Accept {
		became = Retired
	}
	return amend(ctx, g, v, answer.Edit, toAnswer, became, func(p *Partnership) error {
		if !slices.Contains(p.Pending, party) {
			return &Error{Code: CodeInvalidTransition, Field: answer.field(), Message: fmt.Sprintf("the partnership waits for no answer of %q", party)}
		}
		if !answer.Accept {
			p.RetiredOn = g.Today()
			return nil
		}
		p.Pending = slices.DeleteFunc(slices.Clone(p.Pending), func(pending string) bool { return pending == party })
		if len(p.Pending) == 0 {
			p.Pending = nil
		}
		return nil
	})
}

// party is who answers.
func (a Answer) party(v Viewer) (string, error) {
	switch {
	case !v.Confined() && a.Party == "":
		return "", Invalid("input.partner", "say for which party you answer")
	case !v.Confined():
		return a.Party, nil
	case a.Party != "" && !v.Is(a.Party):
		return "", forbidden("input.partner", "a partner answers for itself; leave it out")
	}
	return v.Organisation, nil
}
