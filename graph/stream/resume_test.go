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
			first.Cursor.String():  {"gap1", "gap2", "gap3", "gap4", "more0", "more1", "more2"},
			second.Cursor.String(): {"gap2", "gap3", "gap4", "more0", "more1", "more2"},
			beginning:              {"gap0", "gap1", "gap2", "gap3", "gap4", "more0", "more1", "more2"},
			"":                     nil,
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
	w.settled() // the buffer has run over: all but what is in it stands in the log only
	first := w.next(s)
	store.trim(5)
	page, err := w.feed.Page(t.Context(), bolt, Interest{}, beginning, 100)
	if err != nil || len(page.Messages) != 3 || page.Messages[0].Seq != 5 || page.HasPrevious {
		t.Errorf("what is kept is %+v, %v", page, err)
	}
	_, paged := w.feed.Page(t.Context(), bolt, Interest{}, first.Cursor.String(), 100)
	_, streamed := w.feed.Subscribe(t.Context(), bolt, Interest{}, first.Cursor.String())
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
	_, err := w.feed.Subscribe(t.Context(), graph.Operator, Interest{}, old.Cursor.String())
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
