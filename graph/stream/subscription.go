package stream

import (
	"context"
	"errors"
	"sync"
	"time"

	"valueweb/graph"
)

// Subscription is one stream of what a viewer wants to be told of. It has no goroutine: its reader asks for one
// message after the other, and waits where there is none, or has itself called.
type Subscription struct {
	feed    *Feed
	viewer  graph.Viewer
	who     asker
	wants   *compiled
	binding binding
	// Of the feed: the last round in which it was found, from where on the feed tells it, and among whom it is.
	mark           uint64
	joined         int64
	party          *party
	next, previous *Subscription

	mu       sync.Mutex
	call     func()        // where there may be something for the reader; nil: it waits for wake
	wake     chan struct{} // holds a token while there may be something for the reader; nil: nobody waits
	queue    []*delivery
	room     *room // in which the queue stands unless it has grown; nil: it is empty
	position int64 // up to here everything was looked at, and is in the queue or was told
	live     bool  // whether the feed tells it; it is changed only while the feed is locked, too
	mayLag   int64 // how far it may be behind the feed while it reads the log by itself
	idle     time.Time
	beat     bool // a heartbeat is due
	err      error
}

// delivery is what waits for a reader, or for all who are told the same.
type delivery struct {
	told
	judged int64     // the newest event at the time when it was judged whether it may be told
	since  time.Time // when it came
}

// Subscribe begins a stream: after a cursor, or from now on where there is none. Close ends it.
func (f *Feed) Subscribe(ctx context.Context, v graph.Viewer, i Interest, after string) (*Subscription, error) {
	c, b, err := f.prepare(ctx, v, i)
	if err != nil {
		return nil, err
	}
	e, err := f.extent(ctx)
	if err != nil {
		return nil, err
	}
	seq := e.newest
	if after != "" {
		if seq, err = f.start(ctx, b, after, e); err != nil {
			return nil, err
		}
	}
	s := &Subscription{
		feed: f, viewer: v, who: askerOf(v), wants: c, binding: b,
		position: seq, mayLag: max(0, e.newest-seq) + f.options.MostBehind, idle: f.clock(),
	}
	f.add(s)
	if err := f.admit(ctx, v); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// admit refuses whoever may not ask any more: the feed tells it only of what changes after it knows of the stream.
func (f *Feed) admit(ctx context.Context, v graph.Viewer) error {
	if _, err := f.store.Access(ctx, v); err != nil || v.Key == "" {
		return err
	}
	key, err := f.store.Key(ctx, v.Key)
	if err == nil && (key == nil || !key.RevokedAt.IsZero()) {
		err = ErrRevoked
	}
	return err
}

// Close ends the stream. A reader that waits is let go.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.feed.end(s, context.Canceled)
}

// Next returns the next message, once there is one: an event that the viewer may be told now, or a heartbeat where
// there was none for a while. It fails with what ends the stream, and with the error of the context. One goroutine at
// a time may ask.
func (s *Subscription) Next(ctx context.Context) (Message, error) {
	for {
		message, ok, err := s.Poll(ctx)
		if ok || err != nil {
			return message, err
		}
		s.Wait(ctx)
		if ctx.Err() != nil {
			return Message{}, ctx.Err()
		}
	}
}

// Poll returns the next message if there is one now, as Next does.
func (s *Subscription) Poll(ctx context.Context) (message Message, ok bool, err error) {
	pause := time.Duration(0)
	for s.Ready() {
		message, ok, err := s.step(ctx)
		switch {
		case ok:
			return message, true, nil
		case ctx.Err() != nil:
			return Message{}, false, ctx.Err()
		case err == nil:
			pause = 0
		case passing(err):
			pause = min(max(firstPause, 2*pause), longestPause)
			rest(ctx, pause)
		default:
			s.fail(err)
			return Message{}, false, err
		}
	}
	return Message{}, false, ctx.Err()
}

// Call has a function called whenever there may be something to poll, in the place of Wait. It must return at once: it
// is called while the feed is locked, and for the first time by Call itself.
func (s *Subscription) Call(reader func()) {
	s.mu.Lock()
	s.call = reader
	s.mu.Unlock()
	reader()
}

// passing reports whether what failed may go well in a moment, because the store is away.
func passing(err error) bool {
	failure, ok := graph.AsError(err)
	if !ok {
		return errors.Is(err, context.DeadlineExceeded)
	}
	return failure.Code == graph.CodeTimeout || failure.Code == graph.CodeUnavailable && failure != ErrResume && failure != ErrStopped
}

// fail ends the stream from the side of its reader.
func (s *Subscription) fail(err error) {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.feed.end(s, err)
}

// step makes one step: it takes what waits, or reads the log.
func (s *Subscription) step(ctx context.Context) (message Message, ok bool, err error) {
	first, waits, err := s.look()
	switch {
	case err != nil:
		return Message{}, false, err
	case waits:
		return s.take(ctx, first)
	}
	if s.Behind() {
		if err := s.catchUp(ctx); err != nil {
			return Message{}, false, err
		}
	}
	message, ok = s.pulse()
	return message, ok, nil
}

// look returns what waits first.
func (s *Subscription) look() (first *delivery, waits bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, false, s.err
	}
	if len(s.queue) == 0 {
		return nil, false, nil
	}
	if err := s.overdue(s.feed.clock()); err != nil {
		return nil, false, err
	}
	return s.queue[0], true, nil
}

// overdue says why the stream is over by the time.
func (s *Subscription) overdue(now time.Time) error {
	if !s.viewer.Expires.IsZero() && !now.Before(s.viewer.Expires) {
		return ErrExpired
	}
	if len(s.queue) > 0 && now.Sub(s.queue[0].since) > s.feed.options.Patience && now.Sub(s.idle) > s.feed.options.Patience {
		return ErrResume
	}
	return nil
}

// take hands out what waits first, if the viewer may still be told of it.
func (s *Subscription) take(ctx context.Context, first *delivery) (message Message, ok bool, err error) {
	t, ok := first.told, true
	if s.feed.stale(t, first.judged) {
		if t, ok, err = s.judge(ctx, t); err != nil {
			return Message{}, false, err
		}
	}
	if !s.drop() || !ok {
		return Message{}, false, nil
	}
	return t.message(s.viewer, s.binding), true, nil
}

// judge asks the store once more whether an event may be told.
func (s *Subscription) judge(ctx context.Context, t told) (told, bool, error) {
	again, err := s.feed.narrow(ctx, s.viewer, s.wants, []graph.Event{*t.event})
	if err != nil || len(again) == 0 {
		return told{}, false, err
	}
	return again[0], true, nil
}

// drop lets go of what waits first; it is gone where the stream has ended meanwhile.
func (s *Subscription) drop() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || len(s.queue) == 0 {
		return false
	}
	s.queue[0] = nil
	if s.queue = s.queue[1:]; len(s.queue) == 0 {
		s.vacate() // an idle stream holds no buffer
	}
	s.idle = s.feed.clock()
	s.beat = false
	return true
}

// Behind reports whether the reader has to read the log by itself, which may take a while.
func (s *Subscription) Behind() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.live && s.err == nil
}

// pulse is a heartbeat, if one is due.
func (s *Subscription) pulse() (Message, bool) {
	now, done := s.feed.clock(), s.feed.done.Load() // what was told up to here stands in the queue, or was taken
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.beat || s.err != nil || len(s.queue) > 0 {
		return Message{}, false
	}
	s.beat, s.idle = false, now
	if s.live {
		s.position = max(s.position, done)
	}
	at, alike := s.feed.beat.Load().of(s.position)
	return Message{Cursor: s.binding.place(s.position), Seq: s.position, Type: heartbeat, At: at, Alike: alike}, true
}

// catchUp reads a part of the log, or joins the feed where the reader has come to it.
func (s *Subscription) catchUp(ctx context.Context) error {
	select {
	case s.feed.catching <- struct{}{}:
		defer func() { <-s.feed.catching }()
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	position, lag := s.position, s.feed.done.Load()-s.position
	tooFar := lag > s.mayLag
	err := s.overdue(s.feed.clock())
	s.mu.Unlock()
	if tooFar {
		return ErrResume
	}
	if err != nil {
		return err
	}
	judged := s.feed.claimed.Load()
	events, err := s.feed.read(ctx, s.binding, position, portion)
	if err != nil {
		return err
	}
	found, err := s.feed.narrow(ctx, s.viewer, s.wants, events)
	if err != nil {
		return err
	}
	s.took(events, found, judged)
	if len(found) > s.feed.options.Buffer/2 {
		return nil // the buffer would run over at once
	}
	if !s.feed.joined(s) && len(events) == 0 {
		rest(ctx, firstPause/10) // the log is seen later than by the feed
	}
	return nil
}

// took notes what was read of the log.
func (s *Subscription) took(events []graph.Event, found []told, judged int64) {
	now := s.feed.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(events) > 0 {
		s.position = events[len(events)-1].Seq
		judged = max(judged, s.position)
	}
	if s.err != nil {
		return
	}
	for _, t := range found {
		s.enqueue(&delivery{told: t, judged: judged, since: now})
	}
}

// room is what a queue needs that is not long.
type room [32]*delivery

// rooms are those that are empty: of a burst of events thousands of streams get a few each.
var rooms = sync.Pool{New: func() any { return new(room) }}

// enqueue puts something behind what waits. The subscription is locked, as it is for vacate.
func (s *Subscription) enqueue(d *delivery) {
	if s.room == nil {
		s.room = rooms.Get().(*room)
		s.queue = s.room[:0]
	}
	s.queue = append(s.queue, d)
}

// vacate lets go of the queue.
func (s *Subscription) vacate() {
	if s.queue = nil; s.room != nil {
		clear(s.room[:])
		rooms.Put(s.room)
		s.room = nil
	}
}

// push puts something into the buffer; false: it is full.
func (s *Subscription) push(d *delivery) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live || s.err != nil || d.event.Seq <= s.position {
		return true
	}
	if len(s.queue) >= s.feed.options.Buffer {
		return false
	}
	s.position = d.event.Seq
	s.enqueue(d)
	s.waken()
	return true
}

// tick says whether the time of the stream is over, and lets its reader know when it was idle for a while.
func (s *Subscription) tick(now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.overdue(now); err != nil {
		return err
	}
	if len(s.queue) == 0 && now.Sub(s.idle) >= s.feed.options.Heartbeat {
		s.beat = true
		s.waken()
	}
	return nil
}

// waken lets the reader know that there may be something for it. The subscription is locked.
func (s *Subscription) waken() {
	switch {
	case s.call != nil:
		s.call()
	case s.wake != nil:
		select {
		case s.wake <- struct{}{}:
		default: // it will wake
		}
	}
}
