package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// What is common to all changes of opportunities: one transaction, in which the opportunity is found with the eyes of
// who changes it, the row of the table is picked, what the client asks for is done, the conditions of the row are
// looked at, and the nodes that changed are put with their events.
//
// What is refused is refused in this order: what the viewer cannot read is NOT_FOUND, what it may not do FORBIDDEN,
// another version than the expected one CONFLICT, what is retired or does not follow from how things stand
// INVALID_TRANSITION, and then what the conditions say.

// OpportunityChanged is what a change of an opportunity came to, as far as who made it is told of it.
type OpportunityChanged struct {
	Opportunity *Opportunity
	Invitation  *Invitation // the one that the change was about; nil: none
	Seq         int64       // of the last event of the log
}

// alteration is a change that is asked for.
type alteration struct {
	change     OpportunityChange
	edit       Edit
	invitation bool // the edit names an invitation to the opportunity
	// stage and review are what it shall become where the change leaves a choice, and field is where the input says so.
	stage  Stage
	review Review
	field  string
	// does changes the copy at hand as the client asks.
	does func(ctx context.Context, h *hand) error
}

// hand is an opportunity in the transaction that changes it.
type hand struct {
	*Graph
	tx     Tx
	viewer Viewer
	today  Date
	before *Opportunity // as it stands; nil: it is new
	after  *Opportunity // as it is to be
	// customer is the one of the opportunity, or of its site: before the change, and once it is put, after it.
	customer string
	invited  *Invitation // the invitation that the change is about, as it is to be; nil: none
	lapsed   []Node      // invitations that end with it
	joins    bool        // the change makes somebody a member
}

// The fields of the input of a change.
const (
	inputOpportunity = "input.opportunity"
	inputInvitation  = "input.invitation"
)

// alter carries out a change.
func (g *Graph) alter(ctx context.Context, v Viewer, a alteration) (OpportunityChanged, error) {
	rows := stepsOf(a.change)
	if err := rows.admit(v); err != nil {
		return OpportunityChanged{}, err
	}
	var h *hand
	seq, err := g.Store.Write(ctx, v, func(ctx context.Context, tx Tx) error {
		h = g.hand(tx, v)
		return h.carryOut(ctx, rows, a)
	})
	if err != nil {
		return OpportunityChanged{}, g.suggest(ctx, v, g.tellStale(ctx, v, a, h, err))
	}
	return g.told(ctx, h, seq)
}

// hand begins a change in a transaction.
func (g *Graph) hand(tx Tx, v Viewer) *hand {
	return &hand{Graph: g, tx: tx, viewer: v, today: g.Today()}
}

// carryOut makes the change in its transaction.
func (h *hand) carryOut(ctx context.Context, rows steps, a alteration) error {
	if err := h.takesPart(ctx); err != nil {
		return err
	}
	if err := h.find(ctx, a); err != nil {
		return err
	}
	if err := h.mayMake(rows[0]); err != nil {
		return err
	}
	if a.change == ClaimOpportunity { // whoever comes second is told that, whatever version it has seen
		if err := leadFree(ctx, h); err != nil {
			return err
		}
	}
	if err := h.isCurrent(a); err != nil {
		return err
	}
	if err := h.isLive(); err != nil {
		return err
	}
	step, err := rows.pick(h.before, orWord(a.field, inputOpportunity), a.stage, a.review)
	if err != nil {
		return err
	}
	if err := h.isPending(step); err != nil {
		return err
	}
	return h.take(ctx, step, a.does)
}

// take takes a step: what the client asks for, what the row says, its conditions, and the writing.
func (h *hand) take(ctx context.Context, step Step, does func(context.Context, *hand) error) error {
	if does != nil {
		if err := does(ctx, h); err != nil {
			return err
		}
	}
	h.become(step)
	for _, guard := range step.Guards {
		if err := guard(ctx, h); err != nil {
			return err
		}
	}
	return h.put(ctx, step)
}

// become brings the nodes at hand to where a row leads.
func (h *hand) become(step Step) {
	if step.Stage != "" {
		h.after.Stage = step.Stage
	}
	if step.Review != "" {
		h.after.Review = step.Review
	}
	if step.Answer != "" && h.invited != nil {
		h.invited.State = step.Answer
	}
}

// takesPart refuses a partner that is not ACTIVE: one that is PENDING reads, and changes nothing.
func (h *hand) takesPart(ctx context.Context) error {
	if h.viewer.Role != RolePartner {
		return nil
	}
	me, err := fact[*Partner](ctx, h.tx, KindPartner, h.viewer.Organisation)
	if err != nil || me != nil && me.Status == Active {
		return err
	}
	return &Error{Code: CodeForbidden, Message: "only partners that are ACTIVE take part in opportunities"}
}

// find finds the opportunity, and the invitation where one is named, with the eyes of the viewer.
func (h *hand) find(ctx context.Context, a alteration) error {
	id := a.edit.ID
	if a.invitation {
		invitation, err := h.seen(ctx, KindInvitation, id, inputInvitation)
		if err != nil {
			return err
		}
		h.invited = copyOf[Invitation](invitation).(*Invitation)
		id = h.invited.Opportunity
	}
	if _, err := h.seen(ctx, KindOpportunity, id, inputOpportunity); err != nil {
		return err
	}
	var err error
	if h.before, err = fact[*Opportunity](ctx, h.tx, KindOpportunity, id); err != nil {
		return err
	}
	h.after = copyOf[Opportunity](h.before).(*Opportunity)
	h.customer, err = h.customerOf(ctx, h.before)
	return err
}

// seen is a node as the viewer is told of it, NOT_FOUND where it may not read it.
func (h *hand) seen(ctx context.Context, kind Kind, id, field string) (Node, error) {
	nodes, err := h.tx.Read(ctx, h.viewer, kind, []string{id})
	if err != nil {
		return nil, err
	}
	if nodes[0] == nil {
		return nil, NotFound(field, kind, id)
	}
	return nodes[0], nil
}

// fact is a node as it is, whoever may read it; none: there is none.
func fact[N Node](ctx context.Context, tx Tx, kind Kind, id string) (N, error) {
	var none N
	if id == "" {
		return none, nil
	}
	nodes, err := tx.Read(ctx, Operator, kind, []string{id})
	if err != nil || nodes[0] == nil {
		return none, err
	}
	return nodes[0].(N), nil
}

// mayMake refuses whoever is no part of the opportunity that makes such a change.
func (h *hand) mayMake(step Step) error {
	if !h.viewer.Confined() || slices.ContainsFunc(step.By, h.plays) {
		return nil
	}
	return &Error{
		Code: CodeForbidden, Field: inputOpportunity,
		Message: fmt.Sprintf("only %s may %s the opportunity", strings.Join(namesOf(step.By), " and "), step.Change),
	}
}

// plays reports whether the viewer plays a part in the opportunity.
func (h *hand) plays(part Part) bool {
	me, o := h.viewer, h.before
	switch part {
	case TheOwner:
		return (&Access{Viewer: me}).Owner(o, h.customer)
	case TheLead:
		return me.Is(o.Lead)
	case AMember:
		return slices.ContainsFunc(o.Members, me.Is)
	case TheInvitee:
		return h.invited != nil && me.Is(h.invited.Partner)
	case TheNewOwner:
		return me.Is(o.TransferTo)
	case AReader:
		return me.Role == RolePartner && !me.Is(o.Owner)
	}
	return false
}

// customerOf is the customer of an opportunity, or of its site.
func (h *hand) customerOf(ctx context.Context, o *Opportunity) (string, error) {
	site, err := fact[*Site](ctx, h.tx, KindSite, o.Site)
	if err != nil || o.Customer != "" || site == nil {
		return o.Customer, err
	}
	return site.Customer, nil
}

// isCurrent refuses a change of another version than the one that is expected.
func (h *hand) isCurrent(a alteration) error {
	var node Node = h.before
	if a.invitation {
		node = h.invited
	}
	return a.edit.current(node)
}

// isLive refuses to change what is retired: the opportunity, or the invitation to it.
func (h *hand) isLive() error {
	if h.invited != nil {
		if err := notRetired(h.invited, h.today, inputInvitation); err != nil {
			return err
		}
	}
	return notRetired(h.before, h.today, inputOpportunity)
}

// current refuses another version of a node than the expected one.
func (e Edit) current(node Node) error {
	version := node.Header().Version
	if e.ExpectedVersion == nil || *e.ExpectedVersion == version {
		return nil
	}
	return &Error{
		Code: CodeConflict, Field: "input.expectedVersion", Stale: &Stale{CurrentVersion: version},
		Message: fmt.Sprintf("the %s has version %d, not %d: somebody else has changed it; read it again", node.Kind().noun(), version, *e.ExpectedVersion),
	}
}

// isPending refuses an answer to an invitation that was answered, or is over.
func (h *hand) isPending(step Step) error {
	if step.Invitation == "" || h.invited.State == step.Invitation {
		return nil
	}
	return &Error{Code: CodeInvalidTransition, Field: inputInvitation, Message: fmt.Sprintf("the invitation is %s: it is answered no more", h.invited.State)}
}

// put writes what is at hand, and tells of it where anything differs.
func (h *hand) put(ctx context.Context, step Step) error {
	of := changeables[KindOpportunity]
	var err error
	if h.customer, err = h.customerOf(ctx, h.after); err != nil {
		return err
	}
	nodes := []Node{h.after}
	if h.invited != nil {
		nodes = append(nodes, h.invited)
	}
	refusals, err := h.tx.Put(ctx, append(nodes, h.lapsed...))
	if err != nil {
		return err
	}
	for _, refusal := range refusals {
		if refusal != nil {
			return of.refused(refusal)
		}
	}
	changed := h.tx.Changed()
	if len(changed) == 0 {
		h.after = h.before
		return nil
	}
	for _, event := range h.events(step, changed) {
		if err := h.tx.Log(ctx, event); err != nil {
			return err
		}
	}
	return nil
}

// events tell of a step. One about an invitation tells of what else changed with it, unless it makes a member: that
// has an event of its own, about the opportunity.
func (h *hand) events(step Step, changed []string) []Event {
	about := Event{Type: step.Event, Subject: h.after.GID(), Changes: changed, Fields: changeables[KindOpportunity].differing(h.was(), h.after)}
	if step.Answer == "" {
		return []Event{about}
	}
	answer := Event{Type: step.Event, Subject: h.invited.GID(), Changes: changed, Fields: answered(step)}
	if step.Besides == "" || !h.joins {
		return []Event{answer}
	}
	answer.Changes = []string{h.invited.GID()}
	about.Type, about.Changes = step.Besides, []string{h.after.GID()}
	return []Event{answer, about}
}

// was is the opportunity before, as no node where it is new.
func (h *hand) was() Node {
	if h.before == nil {
		return nil
	}
	return h.before
}

// answered are the fields of an invitation that a step changes.
func answered(step Step) []string {
	switch step.Answer {
	case InvitationPending:
		return []string{"opportunity", "partner", "state", "sentOn"}
	case InvitationDeclined:
		return []string{"state", "answeredOn", "reason"}
	}
	return []string{"state", "answeredOn"}
}

// told is what a change came to, as far as the viewer is told of it: what it has just changed it is told of, also where
// it may read it no more from now on.
func (g *Graph) told(ctx context.Context, h *hand, seq int64) (OpportunityChanged, error) {
	access, err := g.Store.Access(ctx, h.viewer)
	if err != nil {
		return OpportunityChanged{}, err
	}
	return OpportunityChanged{Opportunity: access.Told(h.after, h.customer).(*Opportunity), Invitation: h.invited, Seq: seq}, nil
}

// tellStale adds to a conflict the fields that have changed since the version that was expected, of those that the
// viewer is told of.
func (g *Graph) tellStale(ctx context.Context, v Viewer, a alteration, h *hand, err error) error {
	conflict, ok := AsError(err)
	if !ok || conflict.Stale == nil {
		return err
	}
	kind := KindOpportunity
	if a.invitation {
		kind = KindInvitation
	}
	current, t := conflict.Stale.CurrentVersion, changeables[kind]
	fields, failure := g.changedSince(ctx, Operator, GID(kind, a.edit.ID), max(0, *a.edit.ExpectedVersion), current)
	if failure != nil {
		return failure
	}
	names := t.sorted(fields)
	if !a.invitation {
		untold := v.Untold(h.before)
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(untold, name) })
	}
	told := *conflict
	told.Stale = &Stale{CurrentVersion: current, ChangedFields: names}
	return &told
}
