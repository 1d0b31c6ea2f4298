package stream

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/storetest/every"
)

func TestAStreamTellsInTheOrderOfTheLogWhatTheViewerMayRead(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		operator, owner := w.subscribe(graph.Operator, Interest{}, ""), w.subscribe(partnerOf("acme"), Interest{}, "")
		bank, shop := w.subscribe(customerViewer("bank"), Interest{}, ""), w.subscribe(customerViewer("shop"), Interest{}, "")
		studies := w.subscribe(analyst, Interest{}, "")
		o := posting("gap")
		o.Audience = graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"coil"}}
		first := w.put("opportunity.posted", o)
		w.put("invitation.created", &graph.Invitation{Meta: id("asks"), Opportunity: "gap", Partner: "bolt", State: graph.InvitationPending})
		draft := posting("draft")
		draft.Stage = graph.Draft
		w.put("opportunity.drafted", draft)
		w.put("partner.updated", &graph.Partner{Meta: id("coil"), Name: "Coil & Sons", Status: graph.Active})
		messages := w.gets(operator, "opportunity.posted", "invitation.created", "opportunity.drafted")
		if m := messages[0]; m.Seq != first || m.Version != 1 || m.Subject.Header().ID != "gap" || m.Invitation != nil || m.At.IsZero() {
			t.Errorf("the message is %+v", m)
		}
		if m := messages[1]; m.Subject.Header().ID != "gap" || m.Invitation == nil || m.Invitation.ID != "asks" {
			t.Errorf("the message of an invitation is %+v", m)
		}
		w.gets(owner, "opportunity.posted", "invitation.created", "opportunity.drafted")
		w.gets(bank, "opportunity.posted", "invitation.created")
		w.gets(shop)
		w.gets(studies)
		// The invitation lets bolt read the opportunity, also where the message tells of what was before.
		w.gets(w.subscribe(partnerOf("bolt"), Interest{}, beginning), "opportunity.posted", "invitation.created")
		w.gets(w.subscribe(partnerOf("coil"), Interest{}, beginning), "opportunity.posted")
		w.gets(w.subscribe(partnerOf("dyne"), Interest{}, beginning))
	})
}

func TestReferralsReachTheEndsOfTheirChain(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		streams := map[string]*Subscription{"": w.subscribe(graph.Operator, Interest{Topic: Referrals}, "")}
		for _, partner := range []string{"acme", "bolt", "coil", "dyne"} {
			streams[partner] = w.subscribe(partnerOf(partner), Interest{Topic: Referrals}, "")
		}
		bank := w.subscribe(customerViewer("bank"), Interest{Topic: Referrals}, "")
		shop := w.subscribe(customerViewer("shop"), Interest{Topic: Referrals}, "")
		day := graph.NewDate(2026, 11, 1)
		w.put("referral.sent", &graph.Referral{Meta: id("one"), From: "acme", To: "bolt", Customer: "bank", State: graph.ReferralForwarded, SentOn: day})
		w.put("referral.sent", &graph.Referral{Meta: id("two"), From: "bolt", To: "coil", Customer: "bank", State: graph.ReferralActive, SentOn: day, Parent: "one"})
		w.put("opportunity.posted", posting("gap"))
		won := &graph.Referral{Meta: id("two"), From: "bolt", To: "coil", Customer: "bank", State: graph.ReferralWon, SentOn: day, ClosedOn: day, Parent: "one", Value: &graph.Money{Amount: "5", Currency: "CHF"}}
		if _, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			if _, err := tx.Put(ctx, []graph.Node{won}); err != nil {
				return err
			}
			return tx.Log(ctx, graph.Event{Type: "referral.won", Subject: won.GID(), Changes: tx.Changed(), Fields: []string{"state", "value", "closedOn"}})
		}); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{"", "acme", "bolt"} {
			messages := w.gets(streams[who], "referral.sent", "referral.sent", "referral.won")
			told := []string{"state", "value", "closedOn"}
			if who == "acme" { // it passed the referral on, and is no end of this one
				told = []string{"state", "closedOn"}
			}
			if last := messages[2]; !slices.Equal(last.Changed, told) || last.Subject.(*graph.Referral).State != graph.ReferralWon {
				t.Errorf("%q is told of %v", who, last.Changed)
			}
		}
		w.gets(streams["coil"], "referral.sent", "referral.won")
		w.gets(streams["dyne"])
		w.gets(bank, "referral.sent", "referral.sent", "referral.won")
		w.gets(shop)
	})
}

func TestEventsAreOfTheTypesAskedForAndImportsAreForOperators(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		all := Interest{Topic: Everything}
		operator, partner := w.subscribe(graph.Operator, all, ""), w.subscribe(partnerOf("bolt"), all, "")
		some := w.subscribe(partnerOf("bolt"), Interest{Topic: Everything, Types: []string{"site.*", "partner.updated"}}, "")
		w.put("wall.created", &graph.Wall{Meta: id("wall"), Partner: "coil", Customer: "shop"})
		w.put("site.created", &graph.Site{Meta: id("square"), Location: bern})
		seq := w.put(graph.EventImportApplied, &graph.Site{Meta: id("park"), Location: bern})
		w.put("partner.updated", &graph.Partner{Meta: id("coil"), Name: "Coil & Sons", Status: graph.Active})
		messages := w.gets(operator, "wall.created", "site.created", graph.EventImportApplied, "partner.updated")
		if m := messages[2]; m.Subject != nil || m.Version != 0 || m.Seq != seq || !slices.Equal(m.Changed, []string{"Site:park"}) {
			t.Errorf("the message of an import is %+v", m)
		}
		w.gets(partner, "site.created", "partner.updated")
		w.gets(some, "site.created", "partner.updated")
	})
}

func TestWhatChangedIsToldAsFarAsTheFieldsAre(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	owner, other, bank := w.subscribe(partnerOf("acme"), Interest{}, ""), w.subscribe(partnerOf("bolt"), Interest{}, ""), w.subscribe(customerViewer("bank"), Interest{}, "")
	o := posting("gap")
	if _, err := w.store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, []graph.Node{o}); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: "opportunity.updated", Subject: o.GID(), Changes: tx.Changed(), Fields: []string{"title", "audience", "reviewNote", "transferTo", "declined"}})
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of   *Subscription
		told []string
	}{{owner, []string{"title", "audience", "reviewNote", "transferTo", "declined"}}, {other, []string{"title"}}, {bank, []string{"title"}}} {
		if m := w.gets(c.of, "opportunity.updated")[0]; !slices.Equal(m.Changed, c.told) {
			t.Errorf("%v is told that %v changed", c.of.viewer, m.Changed)
		}
	}
}

func TestAnIdleStreamGetsHeartbeatsWithTheNewestCursor(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	s := w.subscribe(partnerOf("dyne"), Interest{Topic: Referrals}, "")
	beat := func() Message {
		t.Helper()
		w.settled()
		w.clock.pass(15 * time.Second)
		w.ticks <- w.clock.time()
		return w.next(s)
	}
	m := beat()
	if !m.Heartbeat() || m.Seq != 1 || m.Subject != nil || m.Version != 0 || len(m.Changed) > 0 || !m.At.Equal(w.clock.time()) {
		t.Errorf("the heartbeat is %+v", m)
	}
	seq := w.put("opportunity.posted", posting("gap"))
	m = beat()
	if !m.Heartbeat() || m.Seq != seq {
		t.Errorf("the heartbeat is %+v", m)
	}
	// Whoever goes on from there has missed nothing, and is not told again.
	w.put("referral.sent", &graph.Referral{Meta: id("one"), From: "acme", To: "dyne", State: graph.ReferralNew, SentOn: graph.NewDate(2026, 11, 22)})
	w.gets(w.subscribe(partnerOf("dyne"), Interest{Topic: Referrals}, m.Cursor.String()), "referral.sent")
	// A stream that was told something is not idle.
	w.gets(s, "referral.sent")
	w.clock.pass(14 * time.Second)
	w.ticks <- w.clock.time()
	w.ticks <- w.clock.time() // the first was seen
	if beats(s) {
		t.Error("there is a heartbeat too soon")
	}
	w.clock.pass(time.Second)
	w.ticks <- w.clock.time()
	if m := w.next(s); !m.Heartbeat() {
		t.Errorf("the message is %+v", m)
	}
}

// faulty is a store that is away while it is told so.
type faulty struct {
	graph.Store
	mu     sync.Mutex
	away   bool
	missed chan struct{} // holds a token once a call has failed
}

func (f *faulty) fault() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.away {
		return nil
	}
	select {
	case f.missed <- struct{}{}:
	default:
	}
	return graph.Unavailable(nil, "the database is away")
}

func (f *faulty) set(away bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = away
}

func (f *faulty) ReadFor(ctx context.Context, viewers []graph.Viewer, kind graph.Kind, id string) ([]graph.Node, error) {
	if err := f.fault(); err != nil {
		return nil, err
	}
	return f.Store.ReadFor(ctx, viewers, kind, id)
}

func (f *faulty) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	if err := f.fault(); err != nil && v.Confined() {
		return nil, err
	}
	return f.Store.Read(ctx, v, kind, ids)
}

func TestWhileTheStoreIsAwayStreamsWaitAndNothingIsSkipped(t *testing.T) {
	store := &faulty{Store: memory(t), missed: make(chan struct{}, 1)}
	w := newWorld(t, store, Options{})
	w.small()
	live, replay := w.subscribe(partnerOf("bolt"), Interest{}, ""), w.subscribe(partnerOf("coil"), Interest{}, beginning)
	store.set(true)
	for i := range 3 {
		w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
	}
	<-store.missed
	got := make(chan Message)
	for _, s := range []*Subscription{live, replay} {
		go func() {
			for {
				m, err := s.Next(t.Context())
				if err != nil {
					return
				}
				got <- m
			}
		}()
	}
	<-store.missed
	store.set(false)
	for range 6 {
		<-got
	}
	if m, err := w.drain(w.subscribe(partnerOf("bolt"), Interest{}, beginning)); err != nil || len(m) != 3 {
		t.Errorf("there are %v, %v", m, err)
	}
}
