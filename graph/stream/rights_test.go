package stream

import (
	"errors"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/storetest/every"
)

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

func TestAnInvitationIsJudgedByWhatItsOpportunityIsWhenItIsDelivered(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	o := posting("gap")
	o.Audience, o.Members = graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"coil"}}, []string{"bolt"}
	w.put("opportunity.posted", o)
	w.settled()
	s := w.subscribe(partnerOf("bolt"), Interest{Topic: Everything, Types: []string{"invitation.created"}}, "")
	w.put("invitation.created", &graph.Invitation{Meta: id("asks"), Opportunity: "gap", Partner: "coil", State: graph.InvitationPending})
	w.settled()
	left := *o
	left.Members = nil
	w.put("member.left", &left)
	w.settled()
	if w.read(partnerOf("bolt"), graph.KindInvitation, "asks") != nil {
		t.Fatal("who has left may read it")
	}
	w.gets(s)
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
