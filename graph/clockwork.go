package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// DefaultRetention is how long events are kept where nothing else is said.
const DefaultRetention = 30 * 24 * time.Hour

// clockViewer makes the changes that nobody but time makes.
var clockViewer = Viewer{Role: RoleOperator, Subject: "clock"}

// dueAtOnce is how many things the clock ends in one transaction: other writers wait no longer than that takes.
const dueAtOnce = 200

// EventProtectionLapsed is the type of event that the clock alone brings about; those of referrals and invitations
// stand in their lifecycles.
const EventProtectionLapsed = "opportunity.protectionLapsed"

// Tick does what the passing of time asks for: referrals and invitations that were not answered in time expire,
// protections that are over lapse, and the log lets go of what is older than the retention. Every server ticks; each
// thing is ended once, for it is looked at again in the transaction that ends it. How often and how late the clock ticks
// makes no difference to what stands in the graph.
func (g *Graph) Tick(ctx context.Context) error {
	for before := []string(nil); ; {
		today := g.Today()
		due, err := g.Store.Due(ctx, clockViewer, DueQuery{SentBefore: today.AddDays(-AnswerDays), ProtectedBy: today, Limit: dueAtOnce})
		switch {
		case err != nil:
			return fmt.Errorf("find what is due: %w", err)
		case len(due) == 0:
			return g.forget(ctx)
		case slices.Equal(due, before):
			return errors.Join(fmt.Errorf("the clock cannot end %d things, the first of them %s", len(due), due[0]), g.forget(ctx))
		}
		if err := g.end(ctx, due, today); err != nil {
			return fmt.Errorf("end what is due: %w", err)
		}
		before = due
	}
}

// forget lets go of what is kept for a time only.
func (g *Graph) forget(ctx context.Context) error {
	var before time.Time
	if g.Retention > 0 {
		before = g.Clock().Add(-g.Retention)
	}
	if err := g.Store.Forget(ctx, clockViewer, before); err != nil {
		return fmt.Errorf("let go of old events: %w", err)
	}
	return nil
}

// end ends those of some nodes that are still due, in one transaction.
func (g *Graph) end(ctx context.Context, due []string, today Date) error {
	_, err := g.Store.Write(ctx, clockViewer, func(ctx context.Context, tx Tx) error {
		w := &referring{deed: newDeed(tx), viewer: clockViewer, today: today}
		nodes, err := w.lookAhead(ctx, due)
		if err != nil {
			return err
		}
		for _, node := range nodes {
			if err := w.end(ctx, node); err != nil {
				return err
			}
		}
		return w.carryOut(ctx)
	})
	return err
}

// lookAhead returns the nodes of some gids, and reads what may change with them: the chains of referrals, level by
// level, so that the number of calls does not grow with that of the nodes.
func (w *referring) lookAhead(ctx context.Context, gids []string) ([]Node, error) {
	ids := map[Kind][]string{}
	for _, gid := range gids {
		if kind, id, ok := ParseGID(gid); ok {
			ids[kind] = append(ids[kind], id)
		}
	}
	var all []Node
	for _, kind := range Kinds {
		if err := w.look(ctx, kind, ids[kind]...); err != nil {
			return nil, err
		}
		for _, id := range ids[kind] {
			if node := w.known[GID(kind, id)]; node != nil {
				all = append(all, node)
			}
		}
	}
	for level := ids[KindReferral]; len(level) > 0; {
		var parents []string
		for _, id := range level {
			if r, ok := w.known[GID(KindReferral, id)].(*Referral); ok && r.Parent != "" {
				parents = append(parents, r.Parent)
			}
		}
		if err := w.look(ctx, KindReferral, parents...); err != nil {
			return nil, err
		}
		if err := w.follow(ctx, ReferralChildren, parents...); err != nil {
			return nil, err
		}
		level = parents
	}
	return all, nil
}

// end ends a node that is due; one that is not, because somebody else was faster, is left alone.
func (w *referring) end(ctx context.Context, node Node) error {
	switch n := node.(type) {
	case *Referral:
		return w.expire(ctx, n)
	case *Invitation:
		if since := n.WaitsSince(); !since.IsZero() && w.today > since.AddDays(AnswerDays) {
			expired := *n
			expired.State = InvitationExpired
			w.put(&expired, EventInvitationExpired, []string{"state"})
		}
	case *Opportunity:
		if !n.ProtectedUntil.IsZero() && n.ProtectedUntil <= w.today {
			lapsed := *n
			lapsed.ProtectedUntil = 0
			w.put(&lapsed, EventProtectionLapsed, []string{"protectedUntil"})
		}
	}
	return nil
}

// expire ends a referral that was not answered in time, on the first day on which it could not be answered any more.
func (w *referring) expire(ctx context.Context, n *Referral) error {
	for _, step := range referralSteps(n.State, ByClock) {
		if !n.WaitsSince().IsZero() && step.allows(referralFacts{referral: n, today: w.today}) {
			expired := *n
			return w.move(ctx, &expired, step, n.SentOn.AddDays(AnswerDays+1))
		}
	}
	return nil
}
