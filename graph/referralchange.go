package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// The fields of the inputs of referrals.
const (
	inputReferral = "input.referral"
	inputFrom     = "input.from"
	inputTo       = "input.to"
)

// Introduction is what is said of a referral when it is sent.
type Introduction struct {
	From, To             string
	Customer, Competency string // empty: not stated
	Value                *Money // nil: not stated
}

// Outcome is how a referral closes, as its recipient tells it.
type Outcome struct {
	State   ReferralState // ReferralWon or ReferralLost
	Value   *Money
	Revalue bool // Value takes the place of what it was worth
}

// ReferralChanged is what a change of a referral came to.
type ReferralChanged struct {
	Changed[*Referral]
	Child *Referral // that a forwarding has made; nil after other changes
}

// SendReferral introduces a customer to a partner. A partner sends for itself, and naming another is FORBIDDEN; an
// operator names who sends. What is named must be there for the viewer (NOT_FOUND), and the partners must be ACTIVE and
// two (VALIDATION).
func (g *Graph) SendReferral(ctx context.Context, v Viewer, c Creation, in Introduction) (ReferralChanged, error) {
	return g.refer(ctx, v, c, func(ctx context.Context, w *referring) (done ReferralChanged, err error) {
		if in.From, err = v.sendsFor(in.From); err != nil {
			return done, err
		}
		done.Node, err = w.send(ctx, in, nil)
		return done, err
	})
}

// AnswerReferral is the answer of the recipient to a referral that is NEW, through the 14th day after it was sent; later
// it is INVALID_TRANSITION, whatever the clock has come to.
func (g *Graph) AnswerReferral(ctx context.Context, v Viewer, e Edit, accept bool) (ReferralChanged, error) {
	change := DeclineReferral
	if accept {
		change = AcceptReferral
	}
	return g.changeReferral(ctx, v, Creation{}, e, func(ctx context.Context, w *referring) (done ReferralChanged, err error) {
		referral, step, err := w.find(ctx, e, change)
		if err != nil {
			return done, err
		}
		done.Node = referral
		return done, w.move(ctx, referral, step, w.today)
	})
}

// ForwardReferral passes an ACTIVE referral on to a partner, with its customer, and with its competency or a narrower
// one. It is VALIDATION where the partner is in the chain already, or the chain is as long as it may be.
func (g *Graph) ForwardReferral(ctx context.Context, v Viewer, c Creation, e Edit, in Introduction) (ReferralChanged, error) {
	return g.changeReferral(ctx, v, c, e, func(ctx context.Context, w *referring) (done ReferralChanged, err error) {
		parent, step, err := w.find(ctx, e, ForwardReferral)
		if err != nil {
			return done, err
		}
		if in, err = w.passedOn(ctx, parent, in); err != nil {
			return done, err
		}
		done.Node = parent
		if err := w.move(ctx, parent, step, w.today); err != nil {
			return done, err
		}
		done.Child, err = w.send(ctx, in, parent)
		return done, err
	})
}

// CloseReferral is the outcome of an ACTIVE referral, as its recipient tells it. Those that it passes on close with it.
func (g *Graph) CloseReferral(ctx context.Context, v Viewer, e Edit, outcome Outcome) (ReferralChanged, error) {
	change := WinReferral
	switch {
	case outcome.State == ReferralLost && outcome.Value != nil:
		return ReferralChanged{}, Invalid("input.value", "a referral that is LOST is worth nothing more; leave the value out")
	case outcome.State == ReferralLost:
		change = LoseReferral
	case outcome.State != ReferralWon:
		e := Invalid("input.outcome", "%q is no outcome", outcome.State)
		e.Allowed = namesOf([]ReferralState{ReferralWon, ReferralLost})
		return ReferralChanged{}, e
	}
	if err := CheckAmount("input.value", outcome.Value); err != nil {
		return ReferralChanged{}, err
	}
	return g.changeReferral(ctx, v, Creation{}, e, func(ctx context.Context, w *referring) (done ReferralChanged, err error) {
		referral, step, err := w.find(ctx, e, change)
		if err != nil {
			return done, err
		}
		if outcome.Revalue {
			referral.Value = outcome.Value
		}
		done.Node = referral
		return done, w.move(ctx, referral, step, w.today)
	})
}

// changeReferral carries out a change of a referral that exists. A conflict tells what has changed.
func (g *Graph) changeReferral(ctx context.Context, v Viewer, c Creation, e Edit, do func(context.Context, *referring) (ReferralChanged, error)) (ReferralChanged, error) {
	done, err := g.refer(ctx, v, c, do)
	if failure, ok := AsError(err); ok && failure.Stale != nil {
		err = g.tellChanged(ctx, v, failure, KindReferral, e)
	}
	return done, err
}

// refer carries out a change of referrals in one transaction, unless the same creation has done so before.
func (g *Graph) refer(ctx context.Context, v Viewer, c Creation, do func(context.Context, *referring) (ReferralChanged, error)) (ReferralChanged, error) {
	if err := v.refers(); err != nil {
		return ReferralChanged{}, err
	}
	var done ReferralChanged
	var before *Receipt
	seq, err := g.Store.Write(ctx, v, func(ctx context.Context, tx Tx) (err error) {
		w := &referring{deed: newDeed(tx), viewer: v, today: g.Today()}
		if before, err = c.recall(ctx, tx, v); err != nil {
			return err
		}
		if before != nil {
			done, err = w.recalled(ctx, before.Node, c)
			return err
		}
		if done, err = do(ctx, w); err != nil {
			return err
		}
		if err := w.carryOut(ctx); err != nil {
			return err
		}
		return c.keep(ctx, tx, v, done.made())
	})
	if err != nil {
		return ReferralChanged{}, g.suggest(ctx, v, err)
	}
	done.Seq = seq
	if before != nil {
		done.Seq = before.Seq
	}
	return done, nil
}

// made is the referral that a creation has made.
func (c ReferralChanged) made() *Referral {
	if c.Child != nil {
		return c.Child
	}
	return c.Node
}

// refers refuses whoever takes no part in referrals, whatever they are about.
func (v Viewer) refers() error {
	if v.Validate() != nil || v.Role == RoleAnalyst {
		return &Error{Code: CodeForbidden, Message: "referrals are sent and answered by partners"}
	}
	return v.Within(ScopeRefer)
}

// sendsFor is who sends a referral, where an input names somebody or nobody.
func (v Viewer) sendsFor(named string) (string, error) {
	switch {
	case v.Role == RolePartner && (named == "" || named == v.Organisation):
		return v.Organisation, nil
	case v.Confined():
		return "", &Error{Code: CodeForbidden, Field: inputFrom, Message: "referrals are sent by partners, each for itself"}
	case named == "":
		return "", Invalid(inputFrom, "an operator names the partner that sends the referral")
	}
	return named, nil
}

// A referring is a change of referrals under way.
type referring struct {
	*deed
	viewer Viewer
	today  Date
}

// recalled is what a creation came to before, as it stands now.
func (w *referring) recalled(ctx context.Context, gid string, c Creation) (done ReferralChanged, err error) {
	_, id, _ := ParseGID(gid)
	made, err := w.seen(ctx, "input.clientToken", KindReferral, id)
	if err != nil {
		return done, err
	}
	done.Node = made.(*Referral)
	if done.Node.Parent == "" {
		return done, nil
	}
	done.Child = done.Node
	parent, err := w.seen(ctx, inputReferral, KindReferral, done.Child.Parent)
	if err != nil {
		return done, err
	}
	done.Node = parent.(*Referral)
	return done, nil
}

// seen returns a node that the viewer may read, as it stood when the transaction began.
func (w *referring) seen(ctx context.Context, field string, kind Kind, id string) (Node, error) {
	nodes, err := w.tx.Read(ctx, w.viewer, kind, []string{id})
	if err != nil {
		return nil, err
	}
	if nodes[0] == nil {
		return nil, NotFound(field, kind, id)
	}
	return nodes[0], nil
}

// find returns a copy of the referral that is to be changed, and the step that the change is.
func (w *referring) find(ctx context.Context, e Edit, change ReferralChange) (*Referral, ReferralStep, error) {
	var none ReferralStep
	if _, err := w.seen(ctx, inputReferral, KindReferral, e.ID); err != nil {
		return nil, none, err
	}
	node, err := w.read(ctx, KindReferral, e.ID)
	if err != nil {
		return nil, none, err
	}
	referral := *node.(*Referral)
	if !change.by().is(w.viewer, &referral) {
		return nil, none, &Error{Code: CodeForbidden, Field: inputReferral, Message: "a referral is answered, forwarded and closed by its recipient"}
	}
	if err := e.current(&referral); err != nil {
		return nil, none, err
	}
	step, err := w.step(&referral, change)
	return &referral, step, err
}

// step is the row of the lifecycle that a change by hand is, in the state of a referral.
func (w *referring) step(r *Referral, change ReferralChange) (ReferralStep, error) {
	refused := &Error{Code: CodeInvalidTransition, Field: inputReferral, Message: fmt.Sprintf("a referral that is %s cannot be %s", r.State, change.done())}
	if !r.LiveAt(w.today) {
		refused.Message = fmt.Sprintf("the referral was retired on %s, and what is retired is not changed any more", r.RetiredOn)
		return ReferralStep{}, refused
	}
	facts := referralFacts{referral: r, today: w.today}
	for _, step := range referralSteps(r.State, change.by()) {
		switch allowed := step.allows(facts); {
		case allowed && step.Change == change:
			return step, nil
		case allowed:
			refused.Allowed = append(refused.Allowed, string(step.Then))
		default:
			refused.Message = fmt.Sprintf("a referral that is %s is answered %s, which was on %s", r.State, step.If.Words, r.SentOn)
		}
	}
	if r.State == ReferralForwarded {
		refused.Message = "a referral that is FORWARDED closes with the one that passes it on"
	}
	return ReferralStep{}, refused
}

// move takes a step, on a day. Those that the referral passes on close with it.
func (w *referring) move(ctx context.Context, r *Referral, step ReferralStep, on Date) error {
	before, err := w.read(ctx, KindReferral, r.ID)
	if err != nil {
		return err
	}
	r.State = step.Then
	if step.In == ReferralNew && step.By == ByRecipient {
		r.AnsweredOn = on
	}
	if r.State.Closed() {
		r.ClosedOn = on
	}
	w.put(r, step.Event, changeables[KindReferral].differing(before, r))
	if !r.State.Closed() || r.Parent == "" {
		return nil
	}
	return w.closeParent(ctx, r.Parent)
}

// closeParent closes a referral that was passed on once its children say how, on the day on which the last of them
// closed.
func (w *referring) closeParent(ctx context.Context, id string) error {
	node, err := w.read(ctx, KindReferral, id)
	if err != nil {
		return err
	}
	parent := *node.(*Referral)
	if !parent.LiveAt(w.today) {
		return nil
	}
	children, err := w.related(ctx, ReferralChildren, id)
	if err != nil {
		return err
	}
	facts, on := referralFacts{referral: &parent, today: w.today}, Date(0)
	for _, child := range children {
		timeline := child.(*Referral).Timeline()
		facts.children, on = append(facts.children, timeline.State), max(on, timeline.Closing())
	}
	for _, step := range referralSteps(parent.State, WithChild) {
		if step.allows(facts) {
			return w.move(ctx, &parent, step, on)
		}
	}
	return nil
}

// send makes a referral that is NEW; the parent is the one that it passes on, nil for none.
func (w *referring) send(ctx context.Context, in Introduction, parent *Referral) (*Referral, error) {
	if err := CheckAmount("input.value", in.Value); err != nil {
		return nil, err
	}
	from, to, err := w.ends(ctx, in, parent)
	if err != nil {
		return nil, err
	}
	r := &Referral{From: in.From, To: in.To, Customer: in.Customer, Competency: in.Competency, Value: in.Value, SentOn: w.today}
	if err := w.named(ctx, r, parent); err != nil {
		return nil, err
	}
	r.Synthetic = from.Synthetic || to.Synthetic
	if parent != nil {
		r.Parent = parent.ID
	}
	if r.ID, err = changeables[KindReferral].free(ctx, w.tx, Operator, r, w.today); err != nil {
		return nil, err
	}
	step := referralSteps("", BySender)[0]
	r.State = step.Then
	w.put(r, step.Event, changeables[KindReferral].differing((*Referral)(nil), r))
	return r, nil
}

// ends returns the two partners that a referral joins. The parent says who sends, where there is one.
func (w *referring) ends(ctx context.Context, in Introduction, parent *Referral) (from, to *Partner, err error) {
	field := inputFrom
	if parent != nil {
		field = inputReferral
	}
	sender, err := w.seen(ctx, field, KindPartner, in.From)
	if err != nil {
		return nil, nil, err
	}
	recipient, err := w.seen(ctx, inputTo, KindPartner, in.To)
	if err != nil {
		return nil, nil, err
	}
	from, to = sender.(*Partner), recipient.(*Partner)
	switch {
	case from.ID == to.ID:
		err = Invalid(inputTo, "a partner sends no referral to itself")
	case to.Status != Active:
		err = Invalid(inputTo, "the partner %q is %s: referrals are sent to ACTIVE ones", to.ID, to.Status)
	case from.Status != Active && w.viewer.Confined():
		err = &Error{Code: CodeForbidden, Message: fmt.Sprintf("the partner %q is %s: referrals are sent by ACTIVE ones", from.ID, from.Status)}
	case from.Status != Active:
		err = Invalid(field, "the partner %q is %s: referrals are sent by ACTIVE ones", from.ID, from.Status)
	}
	return from, to, err
}

// named refuses a referral about a customer or competency that is not there for the viewer, or not any more. The
// customer of one that is passed on is the parent's, also where whoever passes it on is not told who that is.
func (w *referring) named(ctx context.Context, r *Referral, parent *Referral) error {
	if r.Competency != "" {
		competency, err := w.seen(ctx, "input.competency", KindCompetency, r.Competency)
		if err != nil {
			return err
		}
		if !competency.Header().LiveAt(w.today) {
			return Invalid("input.competency", "the competency %q was retired on %s", r.Competency, competency.Header().RetiredOn)
		}
	}
	if r.Customer == "" {
		return nil
	}
	if parent == nil {
		customer, err := w.seen(ctx, "input.customer", KindCustomer, r.Customer)
		if err != nil {
			return err
		}
		if !customer.Header().LiveAt(w.today) {
			return Invalid("input.customer", "the customer %q was retired on %s", r.Customer, customer.Header().RetiredOn)
		}
	}
	return w.keptOut(ctx, r)
}

// keptOut refuses a referral that its sender could not read: it has no part in what it is about. Why is not said.
func (w *referring) keptOut(ctx context.Context, r *Referral) error {
	access, err := w.tx.Access(ctx, w.viewer)
	if err != nil || access == nil || len(access.Barriers) == 0 {
		return err
	}
	node, err := w.read(ctx, KindCustomer, r.Customer)
	if err != nil {
		return err
	}
	customer := node.(*Customer)
	if slices.ContainsFunc(access.Barriers, func(b Barrier) bool { return b.Applies(customer.ID, customer.Segment) && b.KeepsOut(r.Competency) }) {
		return &Error{Code: CodeForbidden, Field: "input.competency", Message: "this partner sends no referrals about this"}
	}
	return nil
}

// passedOn is what is said of a referral that passes on another: who sends, and the customer, follow from that one.
func (w *referring) passedOn(ctx context.Context, parent *Referral, in Introduction) (Introduction, error) {
	in.From, in.Customer = parent.To, parent.Customer
	if in.Competency == "" {
		in.Competency = parent.Competency
	}
	if _, err := w.seen(ctx, inputTo, KindPartner, in.To); err != nil {
		return in, err
	}
	chain, err := w.chain(ctx, parent)
	if err != nil {
		return in, err
	}
	if slices.ContainsFunc(chain, func(r *Referral) bool { return in.To == r.From || in.To == r.To && r.ID != parent.ID }) {
		return in, w.circle(ctx, chain, in.To)
	}
	if len(chain) >= MaxChain {
		return in, Invalid(inputReferral, "the referral is the last of a chain of %d, and no chain is longer than %d", len(chain), MaxChain)
	}
	return in, w.narrowed(ctx, parent.Competency, in.Competency)
}

// chain lists a referral and those that it passes on, the first one of all first.
func (w *referring) chain(ctx context.Context, r *Referral) ([]*Referral, error) {
	chain := []*Referral{r}
	for r.Parent != "" {
		node, err := w.read(ctx, KindReferral, r.Parent)
		if err != nil {
			return nil, err
		}
		r = node.(*Referral)
		chain = append(chain, r)
	}
	slices.Reverse(chain)
	return chain, nil
}

// circle refuses to pass a referral on to a partner that is in its chain, and names the circle: the partners of it that
// the viewer may read.
func (w *referring) circle(ctx context.Context, chain []*Referral, to string) error {
	var ids []string
	for _, r := range chain {
		for _, id := range []string{r.From, r.To} {
			if len(ids) == 0 || ids[len(ids)-1] != id {
				ids = append(ids, id)
			}
		}
	}
	ids = append(ids[slices.Index(ids, to):], to)
	nodes, err := w.tx.Read(ctx, w.viewer, KindPartner, ids)
	if err != nil {
		return err
	}
	for i, node := range nodes {
		if node == nil {
			ids[i] = "…"
		}
	}
	return Invalid(inputTo, "the referral would come back to %q, which had it before: %s", to, strings.Join(slices.Compact(ids), " → "))
}

// narrowed refuses a competency that is neither another one nor narrower than it.
func (w *referring) narrowed(ctx context.Context, broad, competency string) error {
	if broad == "" || competency == broad {
		return nil
	}
	seen := map[string]bool{}
	for above := []string{competency}; len(above) > 0; above = above[1:] {
		if above[0] == broad {
			return nil
		}
		node, err := w.read(ctx, KindCompetency, above[0])
		if err != nil {
			return err
		}
		if node == nil {
			return NotFound("input.competency", KindCompetency, competency)
		}
		for _, broader := range node.(*Competency).Broader {
			if !seen[broader] {
				seen[broader] = true
				above = append(above, broader)
			}
		}
	}
	return Invalid("input.competency", "%q is not narrower than %q, which the referral is about", competency, broad)
}
