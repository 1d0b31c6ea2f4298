package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/storetest/every"
)

func TestAStreamTellsInTheOrderOfTheLogWhatTheViewerMayRead(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		operator, owner, other := w.subscribe(graph.Operator, Interest{}, ""), w.subscribe(partnerOf("acme"), Interest{}, ""), w.subscribe(partnerOf("bolt"), Interest{}, "")
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
		w.gets(other, "opportunity.posted", "invitation.created")
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

func TestAFilterIsReadByTheTaxonomyAndTheMapOfTheMoment(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		filters := map[string]Filter{
			"it": {Competency: "it"}, "edge": {Competency: "edge"}, "print": {Competency: "print"},
			"west": {Region: "west"}, "europe": {Region: "europe"}, "swiss": {Countries: []string{"CH", "AT"}}, "french west": {Region: "west", Countries: []string{"FR"}},
			"lost": {Stages: []graph.Stage{graph.Lost}}, "open": {Stages: []graph.Stage{graph.Prospect, graph.Qualified}},
			"near bern": {Near: &graph.Place{Point: &bern}, RadiusKm: 10}, "near lyon": {Near: &graph.Place{Site: "shop-lyon"}, RadiusKm: 10},
			"lyon far": {Near: &graph.Place{Customer: "shop"}, RadiusKm: 300}, "anywhere": {Near: &graph.Place{Point: &lyon}}, "half the globe": {Near: &graph.Place{Point: &lyon}, RadiusKm: 15000},
			"all of it": {Competency: "cloud", Region: "europe", Countries: []string{"CH"}, Stages: []graph.Stage{graph.Prospect}, Near: &graph.Place{Point: &bern}, RadiusKm: 1},
			"none":      {},
		}
		streams := map[string]*Subscription{}
		for name, filter := range filters {
			streams[name] = w.subscribe(graph.Operator, Interest{Filter: filter}, "")
		}
		count := func(expected ...string) {
			t.Helper()
			for name, s := range streams {
				messages, err := w.drain(s)
				if told := len(messages) == 1; err != nil || told != slices.Contains(expected, name) || len(messages) > 1 {
					t.Errorf("%s is told of %d, %v", name, len(messages), err)
				}
				page, err := w.feed.Page(t.Context(), graph.Operator, Interest{Filter: filters[name]}, "", 1000)
				if seq, _ := store.Seq(t.Context()); err != nil || slices.ContainsFunc(page.Messages, func(m Message) bool { return m.Seq == seq }) != slices.Contains(expected, name) {
					t.Errorf("%s: the page is %+v, %v", name, page, err)
				}
			}
		}
		w.put("opportunity.posted", posting("gap"))
		count("it", "west", "europe", "swiss", "open", "near bern", "lyon far", "anywhere", "half the globe", "all of it", "none")
		w.put("competency.updated", &graph.Competency{Meta: id("cloud"), Name: "Cloud", Broader: []string{"print"}})
		w.put("region.updated", &graph.Region{Meta: id("west"), Name: "West", Countries: []string{"FR", "CH"}})
		moved := posting("gap")
		moved.Stage = graph.Qualified
		w.put("opportunity.stageChanged", moved)
		count("print", "west", "swiss", "open", "near bern", "lyon far", "anywhere", "half the globe", "none")
		w.put("site.updated", &graph.Site{Meta: id("bank-bern"), Customer: "bank", Country: "FR", Location: lyon})
		lost := posting("gap")
		lost.Stage = graph.Lost
		w.put("opportunity.lost", lost)
		count("print", "west", "french west", "lost", "near lyon", "lyon far", "anywhere", "half the globe", "none")
		pointed := posting("gap")
		pointed.Stage, pointed.Site, pointed.Point = graph.Lost, "", &graph.Point{Lat: -bern.Lat, Lng: bern.Lng - 180} // the other side of the globe
		w.put("opportunity.updated", pointed)
		count("print", "west", "french west", "lost", "anywhere", "none")
		w.put("site.updated", &graph.Site{Meta: id("bank-bern"), Country: "FR", Location: lyon})
		homeless := posting("gap")
		homeless.Stage, homeless.Site = graph.Lost, ""
		w.put("opportunity.updated", homeless)
		count("print", "lost", "none")
	})
}

func TestAFilterNamesWhatTheViewerMaySee(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		w.put("opportunity.posted", &graph.Opportunity{Meta: id("nowhere"), Title: "?", Owner: "acme", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll}})
		hidden := posting("hidden")
		hidden.Audience = graph.Audience{Kind: graph.AudienceNamed}
		w.put("opportunity.posted", hidden)
		for field, filter := range map[string]Filter{
			"filter.competency":       {Competency: "none"},
			"filter.region":           {Region: "none"},
			"filter.near.site":        {Near: &graph.Place{Site: "bank-bern"}},
			"filter.near.customer":    {Near: &graph.Place{Customer: "bank"}},
			"filter.near.opportunity": {Near: &graph.Place{Opportunity: "hidden"}},
		} {
			_, err := w.feed.Subscribe(t.Context(), partnerOf("bolt"), Interest{Filter: filter}, "")
			if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeNotFound || failure.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for field, filter := range map[string]Filter{
			"filter.radiusKm":         {RadiusKm: 5},
			"filter.near":             {Near: &graph.Place{}},
			"filter.near.opportunity": {Near: &graph.Place{Opportunity: "nowhere"}},
			"filter.near.site":        {Near: &graph.Place{Customer: "bank", Site: "shop-lyon"}},
		} {
			_, err := w.feed.Subscribe(t.Context(), graph.Operator, Interest{Filter: filter}, "")
			if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeValidation || failure.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		// What can match nothing is accepted.
		nothing := w.subscribe(graph.Operator, Interest{Filter: Filter{Countries: []string{"CH"}, Region: "europe", Competency: "print", Stages: []graph.Stage{graph.Draft}}}, "")
		seq := w.put("opportunity.posted", posting("gap"))
		w.gets(nothing)
		w.clock.pass(15 * time.Second)
		w.ticks <- w.clock.time()
		if m := w.next(nothing); !m.Heartbeat() || m.Seq != seq {
			t.Errorf("the message is %+v", m)
		}
	})
}

func TestAStreamGoesOnFromItsCursor(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		s := w.subscribe(partnerOf("bolt"), Interest{}, "")
		for i := range 5 {
			w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
		}
		first, second := w.next(s), w.next(s)
		s.Close()
		if _, err := s.Next(t.Context()); !errors.Is(err, context.Canceled) {
			t.Errorf("a closed stream ends with %v", err)
		}
		for i := range 3 {
			w.put("opportunity.posted", posting(fmt.Sprint("more", i)))
		}
		titles := func(messages []Message) (all []string) {
			for _, m := range messages {
				all = append(all, m.Subject.Header().ID)
			}
			return all
		}
		for cursor, expected := range map[string][]string{
			first.Cursor:  {"gap1", "gap2", "gap3", "gap4", "more0", "more1", "more2"},
			second.Cursor: {"gap2", "gap3", "gap4", "more0", "more1", "more2"},
			beginning:     {"gap0", "gap1", "gap2", "gap3", "gap4", "more0", "more1", "more2"},
			"":            nil,
		} {
			again := w.subscribe(partnerOf("bolt"), Interest{}, cursor)
			messages, err := w.drain(again)
			if got := titles(messages); err != nil || !slices.Equal(got, expected) {
				t.Errorf("after %q there come %v, %v", cursor, got, err)
			}
			page, err := w.feed.Page(t.Context(), partnerOf("bolt"), Interest{}, cursor, 100)
			if err != nil {
				t.Fatal(err)
			}
			if got := titles(page.Messages); cursor != "" && !slices.Equal(got, expected) || page.HasNext {
				t.Errorf("the page after %q holds %v, %v", cursor, got, page.HasNext)
			}
			if rest, err := w.feed.Page(t.Context(), partnerOf("bolt"), Interest{}, page.End, 100); err != nil || len(rest.Messages) > 0 || rest.HasNext || !rest.HasPrevious || rest.End != page.End {
				t.Errorf("behind the end there is %+v, %v", rest, err)
			}
		}
	})
}

func TestACursorFromTheFutureIsRefused(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	b, err := w.feed.binding(t.Context(), graph.Operator)
	if err != nil {
		t.Fatal(err)
	}
	_, streamed := w.feed.Subscribe(t.Context(), graph.Operator, Interest{}, b.cursor(99))
	_, paged := w.feed.Page(t.Context(), graph.Operator, Interest{}, b.cursor(99), 10)
	for _, err := range []error{streamed, paged} {
		if !refusedAs(err, graph.CodeValidation, "from the future") {
			t.Error(err)
		}
	}
	// One that another server has answered with is waited for.
	waiting := make(chan error, 1)
	go func() {
		_, err := w.feed.Subscribe(t.Context(), graph.Operator, Interest{}, b.cursor(2))
		waiting <- err
	}()
	w.put("site.created", &graph.Site{Meta: id("square"), Location: bern})
	if err := <-waiting; err != nil {
		t.Error(err)
	}
}

// trimmed is a store whose log begins later.
type trimmed struct {
	graph.Store
	mu     sync.Mutex
	oldest int64
}

func (s *trimmed) Oldest(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.oldest, nil
}

func (s *trimmed) Events(ctx context.Context, v graph.Viewer, after int64, limit int) ([]graph.Event, error) {
	oldest, _ := s.Oldest(ctx)
	return s.Store.Events(ctx, v, max(after, oldest-1), limit)
}

func (s *trimmed) trim(oldest int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oldest = oldest
}

func TestWhatTheLogDoesNotReachBackToHasExpired(t *testing.T) {
	store := &trimmed{Store: memory(t), oldest: 1}
	w := newWorld(t, store, Options{Buffer: 1})
	w.small()
	bolt := partnerOf("bolt")
	s := w.subscribe(bolt, Interest{}, "")
	for i := range 6 {
		w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
	}
	first := w.next(s) // the buffer has run over: the rest stands in the log only
	store.trim(5)
	page, err := w.feed.Page(t.Context(), bolt, Interest{}, beginning, 100)
	if err != nil || len(page.Messages) != 3 || page.Messages[0].Seq != 5 || page.HasPrevious {
		t.Errorf("what is kept is %+v, %v", page, err)
	}
	_, paged := w.feed.Page(t.Context(), bolt, Interest{}, first.Cursor, 100)
	_, streamed := w.feed.Subscribe(t.Context(), bolt, Interest{}, first.Cursor)
	_, slow := s.Next(t.Context())
	for _, err := range []error{paged, streamed, slow} {
		failure, ok := graph.AsError(err)
		if !ok || failure.Code != graph.CodeCursorExpired || failure.Field != "after" {
			t.Fatalf("the cursor of %d: %v", first.Seq, err)
		}
		again, err := w.feed.Page(t.Context(), bolt, Interest{}, failure.Oldest, 100)
		if err != nil || len(again.Messages) != 3 {
			t.Errorf("from the oldest cursor on there is %+v, %v", again, err)
		}
	}
	// Of the cursor just before the oldest event nothing is missing.
	b, _ := w.feed.binding(t.Context(), bolt)
	w.gets(w.subscribe(bolt, Interest{}, b.cursor(4)), "opportunity.posted", "opportunity.posted", "opportunity.posted")
}

func TestWhatTheStoreForgetsHasExpired(t *testing.T) {
	now := newClock()
	store := embedded.Memory(embedded.Options{Clock: now.time})
	defer store.Close()
	w := newWorld(t, store, Options{})
	w.small()
	s := w.subscribe(graph.Operator, Interest{}, "")
	w.put("opportunity.posted", posting("old"))
	old := w.next(s)
	w.put("opportunity.posted", posting("older"))
	now.pass(24 * time.Hour)
	fresh := w.put("opportunity.posted", posting("fresh"))
	if err := store.Forget(t.Context(), graph.Operator, now.time().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	_, err := w.feed.Subscribe(t.Context(), graph.Operator, Interest{}, old.Cursor)
	failure, ok := graph.AsError(err)
	if !ok || failure.Code != graph.CodeCursorExpired {
		t.Fatal(err)
	}
	for _, cursor := range []string{failure.Oldest, beginning} {
		if m := w.gets(w.subscribe(graph.Operator, Interest{}, cursor), "opportunity.posted"); m[0].Seq != fresh {
			t.Errorf("after %q there comes %+v", cursor, m)
		}
	}
}

func TestAFeedThatTheLogHasLeftBehindLosesNothingInSilence(t *testing.T) {
	store := &trimmed{Store: memory(t), oldest: 1}
	gate := &gate{Store: store, open: make(chan struct{})}
	w := newWorld(t, gate, Options{})
	s := w.subscribe(graph.Operator, Interest{}, "")
	w.fill()
	for i := range 3 {
		w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
	}
	store.trim(3)
	close(gate.open)
	_, err := s.Next(t.Context())
	if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeCursorExpired {
		t.Errorf("the stream ends with %v", err)
	}
	w.gets(w.subscribe(graph.Operator, Interest{}, beginning), "opportunity.posted", "opportunity.posted")
	later := w.subscribe(graph.Operator, Interest{}, "")
	w.put("opportunity.posted", posting("later"))
	w.gets(later, "opportunity.posted")
}

// gate holds back whoever waits for events until it is open.
type gate struct {
	graph.Store
	open chan struct{}
}

func (g *gate) Await(ctx context.Context, after int64) error {
	select {
	case <-g.open:
		return g.Store.Await(ctx, after)
	case <-ctx.Done():
		return ctx.Err()
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
	w.gets(w.subscribe(partnerOf("dyne"), Interest{Topic: Referrals}, m.Cursor), "referral.sent")
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

func TestWhatIsHiddenBeforeItIsDeliveredIsNotDelivered(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		s, other := w.subscribe(partnerOf("bolt"), Interest{}, ""), w.subscribe(partnerOf("coil"), Interest{}, "")
		w.put("opportunity.posted", posting("gap"))
		w.settled() // it waits for its readers
		w.put("wall.created", &graph.Wall{Meta: id("wall"), Partner: "bolt", Customer: "bank", Competency: "it"})
		w.gets(s)
		w.gets(other, "opportunity.posted")
		w.gets(w.subscribe(partnerOf("bolt"), Interest{}, beginning)) // replay included
		// The customer itself stays visible for what is outside of the wall.
		outside := posting("outside")
		outside.Needs = []graph.Need{{Competency: "print", MinLevel: 1}}
		w.put("opportunity.posted", outside)
		w.gets(s, "opportunity.posted")
		w.put("wall.retired", &graph.Wall{Meta: graph.Meta{ID: "wall", RetiredOn: graph.NewDate(2026, 11, 22)}, Partner: "bolt", Customer: "bank", Competency: "it"})
		w.gets(w.subscribe(partnerOf("bolt"), Interest{}, beginning), "opportunity.posted", "opportunity.posted")
		// The opportunity itself turns away from a partner while the message waits for it.
		w.put("opportunity.updated", posting("gap"))
		w.settled()
		turned := posting("gap")
		turned.Audience = graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"coil"}}
		w.put("opportunity.updated", turned)
		w.gets(s)
	})
}

func TestAPartnerThatJoinsTheAudienceHearsOfLaterEvents(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		s := w.subscribe(partnerOf("bolt"), Interest{}, "")
		o := func(title string) *graph.Opportunity {
			o := posting("gap")
			o.Title, o.Audience = title, graph.Audience{Kind: graph.AudienceFilter, Region: "west"}
			return o
		}
		w.put("opportunity.posted", o("first"))
		w.gets(s)
		w.put("office.created", &graph.Office{Meta: id("bolt-lyon"), Partner: "bolt", Country: "FR", Location: lyon})
		w.put("opportunity.updated", o("second"))
		w.gets(s, "opportunity.updated")
	})
}

func TestAStreamEndsWithTheRightToAsk(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	key := &graph.APIKey{Meta: id("key"), Partner: "coil", Name: "CRM", Digest: "9f86d081", Scopes: graph.Scopes}
	w.put("apiKey.created", key)
	expires := acme
	expires.Expires = w.clock.time().Add(time.Minute)
	suspended, retired, program, passing := w.subscribe(partnerOf("bolt"), Interest{}, ""), w.subscribe(customerViewer("shop"), Interest{}, ""), w.subscribe(key.Viewer(), Interest{}, ""), w.subscribe(expires, Interest{}, "")
	same, operator := w.subscribe(partnerOf("coil"), Interest{}, ""), w.subscribe(graph.Operator, Interest{}, "")
	ends := func(s *Subscription, code graph.Code, sentence error) {
		t.Helper()
		w.settled()
		_, err := s.Next(t.Context())
		if failure, ok := graph.AsError(err); !ok || failure.Code != code || sentence != nil && !errors.Is(err, sentence) {
			t.Errorf("the stream of %v ends with %v", s.viewer, err)
		}
	}
	w.put("opportunity.posted", posting("gap")) // what waits for a reader is let go
	w.settled()
	w.put("partner.suspended", &graph.Partner{Meta: id("bolt"), Name: "Bolt", Status: graph.Suspended})
	ends(suspended, graph.CodeForbidden, nil)
	w.put("customer.retired", &graph.Customer{Meta: graph.Meta{ID: "shop", RetiredOn: graph.NewDate(2026, 11, 22)}, Name: "Shop"})
	ends(retired, graph.CodeForbidden, nil)
	revoked := *key
	revoked.RevokedAt = noon
	w.put("apiKey.revoked", &revoked)
	ends(program, graph.CodeUnauthenticated, ErrRevoked)
	w.settled()
	w.clock.pass(time.Minute)
	w.ticks <- w.clock.time()
	ends(passing, graph.CodeUnauthenticated, ErrExpired)
	w.gets(same, "opportunity.posted")
	w.gets(operator, "opportunity.posted")
	for _, v := range []graph.Viewer{partnerOf("bolt"), customerViewer("shop"), partnerOf("nobody"), {}} {
		_, streamed := w.feed.Subscribe(t.Context(), v, Interest{}, "")
		_, paged := w.feed.Page(t.Context(), v, Interest{}, "", 10)
		for _, err := range []error{streamed, paged} {
			if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeForbidden {
				t.Errorf("%v is refused with %v", v, err)
			}
		}
	}
	if _, err := w.feed.Subscribe(t.Context(), revoked.Viewer(), Interest{}, ""); !errors.Is(err, ErrRevoked) {
		t.Errorf("a revoked key is refused with %v", err)
	}
	w.gets(same)
	if w.feed.Close(); len(w.feed.subs)+len(w.feed.askers)+len(w.feed.keys)+len(w.feed.index.operators)+len(w.feed.index.others) > 0 {
		t.Error("a closed feed holds streams")
	}
	ends(operator, graph.CodeUnavailable, ErrStopped)
	late, err := w.feed.Subscribe(t.Context(), graph.Operator, Interest{}, "")
	if err != nil {
		t.Fatal(err)
	}
	ends(late, graph.CodeUnavailable, ErrStopped)
}

func TestASlowReaderReadsTheLogAndHoldsUpNobody(t *testing.T) {
	w := newWorld(t, memory(t), Options{Buffer: 4})
	w.small()
	slow, prompt := w.subscribe(partnerOf("bolt"), Interest{}, ""), w.subscribe(partnerOf("coil"), Interest{}, "")
	var got []Message
	for i := range 50 {
		w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
		if m := w.next(prompt); m.Subject.Header().ID != fmt.Sprint("gap", i) {
			t.Errorf("the prompt reader is told of %s", m.Subject.Header().ID)
		}
		if waiting := waitingFor(slow); waiting > 4 {
			t.Fatalf("%d messages wait", waiting)
		}
		if i%10 == 9 {
			got = append(got, w.next(slow))
		}
	}
	rest, err := w.drain(slow)
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, rest...)
	if len(got) != 50 {
		t.Fatalf("the slow reader is told of %d", len(got))
	}
	for i, m := range got {
		if m.Subject.Header().ID != fmt.Sprint("gap", i) {
			t.Errorf("the slow reader is told of %s at %d", m.Subject.Header().ID, i)
		}
	}
	if slow.Behind() {
		t.Error("a reader that has caught up is told by the feed again")
	}
}

func TestAReaderThatFallsEverFurtherBehindIsSentAway(t *testing.T) {
	w := newWorld(t, memory(t), Options{Buffer: 2, MostBehind: 20})
	w.small()
	first := w.put("opportunity.posted", posting("first"))
	for i := range 100 {
		w.put("opportunity.posted", posting(fmt.Sprint("before", i)))
	}
	b, _ := w.feed.binding(t.Context(), partnerOf("bolt"))
	replaying := w.subscribe(partnerOf("bolt"), Interest{}, b.cursor(first)) // 100 events behind from the start
	slow := w.subscribe(partnerOf("coil"), Interest{}, "")
	for i := range 30 {
		w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
	}
	w.settled()
	m := Message{}
	for i := range 2 { // what waits in the buffer is told
		if m = w.next(slow); m.Subject.Header().ID != fmt.Sprint("gap", i) {
			t.Errorf("the message is %+v", m)
		}
	}
	if _, err := slow.Next(t.Context()); !errors.Is(err, ErrResume) {
		t.Errorf("it ends with %v", err)
	}
	if again, err := w.drain(w.subscribe(partnerOf("coil"), Interest{}, m.Cursor)); err != nil || len(again) != 28 {
		t.Errorf("it goes on with %d, %v", len(again), err)
	}
	if _, err := w.drain(replaying); !errors.Is(err, ErrResume) { // the log has grown by more than it may lag
		t.Errorf("the replay ends with %v", err)
	}
	if messages, err := w.drain(w.subscribe(partnerOf("bolt"), Interest{}, b.cursor(first))); err != nil || len(messages) != 130 {
		t.Errorf("a replay is told of %d, %v", len(messages), err)
	}
}

func TestAReaderThatTakesNothingIsSentAway(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	s := w.subscribe(partnerOf("bolt"), Interest{}, "")
	w.put("opportunity.posted", posting("gap"))
	w.settled()
	w.clock.pass(time.Minute + time.Second)
	w.ticks <- w.clock.time()
	w.ticks <- w.clock.time() // the first was seen
	if waitingFor(s) > 0 {
		t.Error("what waits for a reader that takes nothing is kept")
	}
	if _, err := s.Next(t.Context()); !errors.Is(err, ErrResume) {
		t.Errorf("it ends with %v", err)
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

func TestAPageReadsABoundedPartOfTheLog(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	site := &graph.Site{Meta: id("square"), Location: bern}
	if _, err := w.store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, []graph.Node{site}); err != nil {
			return err
		}
		for range 2*mostLooked + 10 {
			if err := tx.Log(ctx, graph.Event{Type: "site.updated", Subject: site.GID(), Changes: tx.Changed()}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.put("opportunity.posted", posting("gap"))
	empty, cursor := 0, ""
	for {
		page, err := w.feed.Page(t.Context(), partnerOf("bolt"), Interest{}, cursor, 10)
		if err != nil {
			t.Fatal(err)
		}
		if page.End == cursor {
			t.Fatal("a page leads nowhere")
		}
		if cursor = page.End; len(page.Messages) == 0 {
			empty++
			continue
		}
		if len(page.Messages) != 1 || page.HasNext || empty != 1 && empty != 2 {
			t.Errorf("after %d empty pages there comes %+v", empty, page)
		}
		break
	}
	all, seqs := Interest{Topic: Everything}, []int64{}
	for cursor, more := "", true; more; {
		page, err := w.feed.Page(t.Context(), graph.Operator, all, cursor, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			seqs = append(seqs, m.Seq)
		}
		cursor, more = page.End, page.HasNext
	}
	for i, seq := range seqs {
		if seq != int64(i+1) {
			t.Fatalf("%d stands at %d", seq, i)
		}
	}
	if len(seqs) != 2*mostLooked+12 {
		t.Errorf("there are %d events", len(seqs))
	}
	for _, first := range []int{0, -1, 1001} {
		if _, err := w.feed.Page(t.Context(), graph.Operator, all, "", first); err == nil {
			t.Errorf("a page of %d is answered", first)
		}
	}
}
