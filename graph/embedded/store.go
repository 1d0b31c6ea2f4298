package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"valueweb/graph"
)

// Format is the version of what stands in the file. A store of a newer format is refused, never
// converted downwards.
const Format = 3

// Store implements graph.Store.
type Store struct {
	current atomic.Pointer[state]
	writing chan struct{} // holds one token: the one writer has it
	convoy  convoy
	forking sync.Mutex // guards the making of a fork, which marks shared trees
	journal journal
	clock   func() time.Time
	sights  sights

	watch   sync.Mutex
	changed chan struct{} // closed and replaced by every commit
}

// Options change how a store is opened.
type Options struct {
	// Clock gives the time of a change; nil: the wall clock.
	Clock func() time.Time
}

var _ graph.Store = (*Store)(nil)

// Memory returns an empty store that keeps nothing on disk.
func Memory(options Options) *Store {
	return newStore(&memory{name: rand.Text()}, newState(), options)
}

func newStore(j journal, s *state, options Options) *Store {
	store := &Store{journal: j, clock: options.Clock, writing: make(chan struct{}, 1), convoy: convoy{turn: make(chan struct{}, 1)}, changed: make(chan struct{})}
	if store.clock == nil {
		store.clock = time.Now
	}
	store.current.Store(s)
	return store
}

// Close waits for those who write and closes the file. What stands in memory can still be read.
func (s *Store) Close() error {
	s.writing <- struct{}{}
	defer func() { <-s.writing }()
	s.convoy.turn <- struct{}{}
	defer func() { <-s.convoy.turn }()
	s.writeConvoy()
	return s.journal.close()
}

// fork returns a copy of a state, to change.
func (s *Store) fork(base *state) *state {
	s.forking.Lock()
	defer s.forking.Unlock()
	return base.fork()
}

// errViewer is what a caller gets that did not say on whose behalf it asks.
var errViewer = &graph.Error{Code: graph.CodeForbidden, Message: "this viewer may not read the graph"}

// admit refuses a call that is an operator's for others, or once its time is up.
func admit(ctx context.Context, v graph.Viewer) error {
	if v.Validate() != nil || v.Confined() {
		return errViewer
	}
	return ctx.Err()
}

// Write implements graph.Writer.
func (s *Store) Write(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) (int64, error) {
	switch {
	case v.Validate() != nil:
		return 0, errViewer
	case ctx.Err() != nil:
		return 0, ctx.Err()
	}
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	pass := sync.OnceFunc(func() { <-s.writing })
	defer pass()
	p, refused := s.prepare(ctx, v, fn)
	if !p.large {
		pass()
	}
	if err := s.await(p); err != nil {
		p.state.settled() // of one that was never written the indexes may still follow
		return 0, err
	}
	if refused != nil {
		return 0, refused
	}
	return p.state.seq, nil
}

// Rehearse implements graph.Writer.
func (s *Store) Rehearse(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) error {
	if err := admit(ctx, v); err != nil {
		return err
	}
	t := s.begin(v, s.current.Load())
	defer t.state.settled()
	return fn(ctx, t)
}

func (s *Store) publish(next *state) {
	s.current.Store(next)
	s.watch.Lock()
	defer s.watch.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// Seq implements graph.Watcher.
func (s *Store) Seq(ctx context.Context) (int64, error) { return s.current.Load().seq, ctx.Err() }

// Events implements graph.Watcher. An event that is committed and not yet published is held back: whoever
// reads an event finds its change.
func (s *Store) Events(ctx context.Context, v graph.Viewer, after int64, limit int) ([]graph.Event, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	events, err := s.journal.events(max(0, after), s.current.Load().seq, limit)
	if err != nil {
		return nil, graph.Unavailable(err, "the log could not be read: %v", err)
	}
	return events, nil
}

// History implements graph.Watcher. The log is read backwards, as far as it tells of later versions.
func (s *Store) History(ctx context.Context, v graph.Viewer, gid string, after int) ([]graph.Event, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	var events []graph.Event
	err := s.journal.back(s.current.Load().seq, func(event graph.Event) bool {
		if event.Subject != gid {
			return ctx.Err() == nil && !slices.Contains(event.Changes, gid)
		}
		if event.Version > after {
			events = append(events, event)
		}
		return ctx.Err() == nil && event.Version > after+1
	})
	if err != nil {
		return nil, graph.Unavailable(err, "the log could not be read: %v", err)
	}
	slices.Reverse(events)
	return events, ctx.Err()
}

// Oldest implements graph.Watcher.
func (s *Store) Oldest(ctx context.Context) (int64, error) {
	oldest, err := s.journal.oldest()
	if err != nil {
		return 0, graph.Unavailable(err, "the log could not be read: %v", err)
	}
	return oldest, ctx.Err()
}

// Deployment implements graph.Watcher.
func (s *Store) Deployment(ctx context.Context) (string, error) {
	return s.journal.deployment(), ctx.Err()
}

// Await implements graph.Watcher.
func (s *Store) Await(ctx context.Context, after int64) error {
	for {
		s.watch.Lock()
		changed := s.changed
		s.watch.Unlock()
		if s.current.Load().seq > after {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Status implements graph.Store.
func (s *Store) Status(ctx context.Context, v graph.Viewer) (graph.StoreStatus, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return graph.StoreStatus{}, err
	}
	status := graph.StoreStatus{Engine: "embedded", Format: Format, Seq: now.seq, Counts: map[graph.Kind]int{}}
	if v.Confined() {
		return status, nil
	}
	for kind, t := range now.nodes {
		status.Counts[kind] = t.Len()
	}
	return status, nil
}

// Network implements graph.Traverser.
func (s *Store) Network(ctx context.Context, v graph.Viewer, yield func(graph.NetworkChunk) error) (int64, error) {
	if err := admit(ctx, v); err != nil {
		return 0, err
	}
	now := s.current.Load()
	var err error
	var chunk graph.NetworkChunk
	size := 0
	flush := func() error {
		full := chunk
		chunk, size = graph.NetworkChunk{}, 0
		return errors.Join(ctx.Err(), yield(full))
	}
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindPartnership, graph.KindReferral} {
		now.nodes[kind].Scan(func(_ string, node graph.Node) bool {
			switch n := node.(type) {
			case *graph.Partner:
				chunk.Partners = append(chunk.Partners, n)
			case *graph.Partnership:
				chunk.Partnerships = append(chunk.Partnerships, n)
			case *graph.Referral:
				chunk.Referrals = append(chunk.Referrals, n)
			}
			if size++; size == networkChunk {
				err = flush()
			}
			return err == nil
		})
		if err != nil {
			return 0, fmt.Errorf("stream the network: %w", err)
		}
	}
	return now.seq, flush()
}

// networkChunk is the number of nodes in a chunk of the network.
const networkChunk = 5000
