package neo4jstore

import (
	"context"
	"sync"
	"time"

	"valueweb/graph"
)

var (
	readEvents  = moment("events", file("events"))
	readHistory = moment("history", file("history"))
	readOldest  = moment("oldest", file("oldest"))
)

// Events implements graph.Watcher. Only what follows without a gap is handed out.
func (s *Store) Events(ctx context.Context, v graph.Viewer, after int64, limit int) ([]graph.Event, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	var events []graph.Event
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, readEvents, map[string]any{"after": max(0, after), "limit": max(0, limit)})
		if err != nil {
			return err
		}
		answer := found.list("answer")
		forgotten, _ := answer[0].(int64)
		events = contiguous(answer[1].([]any), max(0, after, forgotten))
		return nil
	})
	return events, err
}

// contiguous reads events after a seq, up to the first gap.
func contiguous(list []any, after int64) []graph.Event {
	var events []graph.Event
	for _, value := range list {
		event := eventOf(value)
		if event.Seq <= after { // it is being let go of
			continue
		}
		if event.Seq != after+1 {
			break
		}
		after = event.Seq
		events = append(events, event)
	}
	return events
}

// eventOf reads an event.
func eventOf(value any) graph.Event {
	fields, _ := value.(map[string]any)
	r := row(fields)
	return graph.Event{
		Seq: int64(r.integer("seq")), Type: r.text("type"), At: r.instant("at"), Actor: r.text("actor"),
		Subject: r.text("subject"), Version: r.integer("version"), Changes: texts[string](r, "changes"), Fields: texts[string](r, "fields"),
	}
}

// History implements graph.Watcher.
func (s *Store) History(ctx context.Context, v graph.Viewer, gid string, after int) ([]graph.Event, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	var events []graph.Event
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, readHistory, map[string]any{"subject": gid, "after": after})
		events = nil // it may be read more than once
		for _, value := range found.list("answer") {
			events = append(events, eventOf(value))
		}
		return err
	})
	return events, err
}

// pollEvery is how often the log is looked at for the changes of other servers, while anybody waits.
const pollEvery = 100 * time.Millisecond

// tail tells those who wait that the log has grown: at once where this store wrote, else as soon as it is
// seen in the database.
type tail struct {
	store   *Store
	cancel  context.CancelFunc
	stopped chan struct{}
	wanted  chan struct{} // holds a token while anybody waits

	mu      sync.Mutex
	course  course
	waiting int
	grown   chan struct{} // closed and replaced whenever seq grows
}

func (s *Store) follow() *tail {
	ctx, cancel := context.WithCancel(context.Background())
	t := &tail{store: s, cancel: cancel, stopped: make(chan struct{}), wanted: make(chan struct{}, 1), grown: make(chan struct{})}
	go t.run(ctx)
	return t
}

// run polls while anybody waits.
func (t *tail) run(ctx context.Context) {
	defer close(t.stopped)
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.wanted:
		}
		for t.anybody() {
			t.poll(ctx)
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}
}

func (t *tail) anybody() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waiting > 0
}

// poll looks at the log once. Where the database is away the next look is as good.
func (t *tail) poll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	_, _ = t.store.Seq(ctx) // which tells how far the log has come
}

// reached tells how far the log has come.
func (t *tail) reached(now course) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.seq > t.course.seq {
		t.course = now
		close(t.grown)
		t.grown = make(chan struct{})
	}
}

func (t *tail) close() {
	t.cancel()
	<-t.stopped
}

// seen is how far the log has come, as far as it is known without asking.
func (t *tail) seen() course {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.course
}

// Oldest implements graph.Watcher.
func (s *Store) Oldest(ctx context.Context) (oldest int64, err error) {
	_, err = s.view(ctx, graph.Operator, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, readOldest, nil)
		oldest = int64(found.within("answer").integer("forgotten")) + 1
		return err
	})
	return oldest, err
}

// Deployment implements graph.Watcher.
func (s *Store) Deployment(ctx context.Context) (name string, err error) {
	_, err = s.view(ctx, graph.Operator, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, readOldest, nil)
		name = found.within("answer").text("deployment")
		return err
	})
	return name, err
}

// Await implements graph.Watcher.
func (s *Store) Await(ctx context.Context, after int64) error {
	t := s.tail
	t.wait(1)
	defer t.wait(-1)
	for {
		t.mu.Lock()
		seq, grown := t.course.seq, t.grown
		t.mu.Unlock()
		if seq > after {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		case <-t.stopped:
			return graph.Unavailable(nil, "the store is closed")
		}
	}
}

func (t *tail) wait(by int) {
	t.mu.Lock()
	t.waiting += by
	t.mu.Unlock()
	if by > 0 {
		select {
		case t.wanted <- struct{}{}:
		default: // it is awake, or will be
		}
	}
}
