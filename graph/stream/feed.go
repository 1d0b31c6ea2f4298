package stream

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"valueweb/graph"
)

// Options are what a feed can be told. The zero value is fit for use.
type Options struct {
	Clock func() time.Time // nil: time.Now
	// Ticks is when it is looked who needs a heartbeat, and whose time is over; nil: every second.
	Ticks <-chan time.Time
	// Heartbeat is how long a stream is idle before it is told so; 0: 15 s.
	Heartbeat time.Duration
	// Buffer is how many messages wait for a reader before it has to read the log by itself; 0: 128.
	Buffer int
	// MostBehind is by how many events a reader that reads the log may fall further behind; 0: 10,000.
	MostBehind int64
	// Patience is how long messages wait for a reader that takes none; 0: a minute.
	Patience time.Duration
	Log      *slog.Logger // nil: nothing is logged
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.Heartbeat = orElse(o.Heartbeat, 15*time.Second)
	o.Buffer = orElse(o.Buffer, batch)
	o.MostBehind = orElse(o.MostBehind, 10_000)
	o.Patience = orElse(o.Patience, time.Minute)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func orElse[T int | int64 | time.Duration](value, otherwise T) T {
	if value <= 0 {
		return otherwise
	}
	return value
}

// How a feed reads.
const (
	batch        = 128 // events at once
	judges       = 4   // subjects that are read at the same time for those who are told
	catchingUp   = 8   // readers that read the log at the same time
	mostRecent   = 4096
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Feed follows the log of a store, once for all who subscribe in this process: an event is read once, looked up in
// the index of what everybody wants, and the store is asked once for all whom it may concern what each may read.
//
// A subscription is told by the feed as long as its reader keeps up. One that begins earlier in the log, or whose
// buffer has run over, reads the log by itself until it has come to where the feed is. So nobody waits for anybody.
type Feed struct {
	*Log
	options  Options
	cancel   context.CancelFunc
	running  sync.WaitGroup
	catching chan struct{} // holds a token for each reader that reads the log

	// claimed is the newest event that the feed has taken up, done the newest that it has told: a subscription that
	// has come to claimed is told of all that follow. sensitive is the newest event after which anybody may read
	// something else than before.
	claimed, done, sensitive atomic.Int64
	busy                     atomic.Bool          // there are more events than it has read
	beat                     atomic.Pointer[beat] // of the last tick

	mu       sync.Mutex
	stopped  bool
	subs     set
	askers   map[asker]*party
	keys     map[string]set // by the API key
	index    *index
	recent   map[string]int64 // the newest event that has changed a node, by gid
	round    uint64           // of looking up the index
	subjects uint64           // so far
	// What is used again for the next events, of whoever tells of them alone.
	rounds  []round
	to      []recipient
	asking  lists[*party]
	viewers [judges][]graph.Viewer
}

// Follow follows the log of a store from now on, until Close.
func Follow(ctx context.Context, store graph.Store, options Options) (*Feed, error) {
	options = options.withDefaults()
	f := &Feed{
		Log: NewLog(store, options.Clock), options: options, catching: make(chan struct{}, catchingUp),
		subs: set{}, askers: map[asker]*party{}, keys: map[string]set{}, index: newIndex(), recent: map[string]int64{},
	}
	seq, err := store.Seq(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow the log: %w", err)
	}
	f.claimed.Store(seq)
	f.done.Store(seq)
	ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	f.running.Go(func() { f.follow(ctx) })
	f.running.Go(func() { f.watch(ctx) })
	return f, nil
}

// Close ends all streams with ErrStopped, and the feed.
func (f *Feed) Close() {
	f.cancel()
	f.running.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
	for s := range f.subs {
		f.end(s, ErrStopped)
	}
}

// follow tells of the log until the context ends.
func (f *Feed) follow(ctx context.Context) {
	pause := time.Duration(0)
	for ctx.Err() == nil {
		err := f.advance(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && pause > 0:
			f.options.Log.Info("streams follow the store again", "seq", f.done.Load())
			pause = 0
		case err != nil && pause == 0:
			f.options.Log.Error("streams cannot follow the store; they wait, and it is tried again", "seq", f.done.Load(), "error", err)
			pause = firstPause
		case err != nil:
			pause = min(2*pause, longestPause)
		}
		rest(ctx, pause)
	}
}

// rest returns after a pause, or once the context ends.
func rest(ctx context.Context, pause time.Duration) {
	if pause <= 0 {
		return
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// advance waits for events and tells of them. Where it fails nothing was told, and the same events come again.
func (f *Feed) advance(ctx context.Context) error {
	done := f.done.Load()
	if err := f.store.Await(ctx, done); err != nil {
		return fmt.Errorf("wait for events: %w", err)
	}
	events, err := f.store.Events(ctx, graph.Operator, done, batch)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	if len(events) == 0 || events[0].Seq != done+1 {
		return f.leap(ctx, done)
	}
	f.busy.Store(len(events) == batch)
	f.lands.observe(events)
	wanted, placed, taxonomic := f.claim(events)
	if err := f.expel(ctx, events); err != nil {
		return fmt.Errorf("see who may still ask: %w", err)
	}
	judged, err := f.newest(ctx, events)
	if err != nil {
		return fmt.Errorf("see how far the log goes: %w", err)
	}
	defer f.recycle()
	rounds, err := f.address(ctx, wanted, judged, placed, taxonomic)
	if err != nil {
		return fmt.Errorf("find out whom events concern: %w", err)
	}
	f.hand(rounds, judged)
	f.done.Store(events[len(events)-1].Seq)
	return nil
}

// Busy reports whether the feed is about to tell of many more events.
func (f *Feed) Busy() bool { return f.busy.Load() }

// newest is up to where whatever is read from now on reflects the log. Where there are more events than were read at
// once, as after an import, they need not be judged again as soon as the feed has come to the others.
func (f *Feed) newest(ctx context.Context, events []graph.Event) (int64, error) {
	if len(events) < batch {
		return events[len(events)-1].Seq, nil
	}
	return f.store.Seq(ctx)
}

// leap goes on where the log begins, if that is beyond where the feed is: the readers find out by themselves what
// they have missed.
func (f *Feed) leap(ctx context.Context, done int64) error {
	oldest, err := f.store.Oldest(ctx)
	if err != nil {
		return fmt.Errorf("find the oldest event: %w", err)
	}
	if oldest <= done+1 {
		return fmt.Errorf("the log announces events after %d and has none", done)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		f.leave(s, done)
	}
	f.claimed.Store(max(f.claimed.Load(), oldest-1))
	f.done.Store(oldest - 1)
	return nil
}

// claim takes events up: who subscribes from now on must have come beyond them, who is told already will be told of
// them. It returns those that may be for anybody.
func (f *Feed) claim(events []graph.Event) (wanted []*graph.Event, placed, taxonomic bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range events {
		event := &events[i]
		f.note(event)
		kind, _, _ := graph.ParseGID(event.Subject)
		switch {
		case f.index.live[Everything] > 0,
			f.index.live[Opportunities] > 0 && (kind == graph.KindOpportunity || kind == graph.KindInvitation),
			f.index.live[Referrals] > 0 && kind == graph.KindReferral:
			wanted = append(wanted, event)
		}
	}
	f.claimed.Store(max(f.claimed.Load(), events[len(events)-1].Seq))
	return wanted, f.index.placed > 0, f.index.taxonomic > 0
}

// steady are the kinds on which nothing depends that anybody may read of other nodes.
func steady(kind graph.Kind) bool {
	switch kind {
	case graph.KindOpportunity, graph.KindCertification, graph.KindContact, graph.KindSolution, graph.KindAPIKey:
		return true
	}
	return false
}

// note remembers what an event has changed, so that what was judged before it is judged again before it is told.
func (f *Feed) note(event *graph.Event) {
	for _, gid := range append([]string{event.Subject}, event.Changes...) {
		if kind, _, ok := graph.ParseGID(gid); ok && !steady(kind) {
			f.sensitive.Store(max(f.sensitive.Load(), event.Seq))
			return
		}
	}
	for _, gid := range append([]string{event.Subject}, event.Changes...) {
		f.recent[gid] = max(f.recent[gid], event.Seq)
	}
	if len(f.recent) > mostRecent {
		f.sensitive.Store(max(f.sensitive.Load(), event.Seq))
		clear(f.recent)
	}
}

// stale reports whether anything has happened since something was judged that may decide otherwise.
func (f *Feed) stale(t told, judged int64) bool {
	if t.subject == nil || f.claimed.Load() <= judged {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if i, ok := t.subject.(*graph.Invitation); ok && f.recent[graph.GID(graph.KindOpportunity, i.Opportunity)] > judged {
		return true
	}
	return f.sensitive.Load() > judged || f.recent[t.event.Subject] > judged || f.recent[t.subject.GID()] > judged
}

// round is an event with the subscriptions that it is for, if they may be told of its subject.
type round struct {
	event   *graph.Event
	subject *subject
	to      []recipient
}

// recipient is a subscription that an event is for, and where its viewer stands among those for whom the subject is
// read.
type recipient struct {
	*Subscription
	asks int
}

// address finds out whom events are for, and what each of them may be told by what reflects the log up to a seq.
func (f *Feed) address(ctx context.Context, events []*graph.Event, judged int64, placed, taxonomic bool) ([]round, error) {
	if len(events) == 0 {
		return nil, nil
	}
	subjects, l, err := f.about(ctx, events, judged, placed, taxonomic)
	if err != nil {
		return nil, err
	}
	return f.find(events, subjects, l), f.judgeAll(ctx, valuesOf(subjects))
}

// find looks the events up in the index.
func (f *Feed) find(events []*graph.Event, subjects map[string]*subject, l *land) []round {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, event := range events {
		r := round{event: event, subject: subjects[event.Subject]}
		begin := len(f.to)
		f.round++
		f.candidates(r.subject, event, l, func(s *Subscription) {
			if s.mark == f.round || !s.live || event.Seq <= s.joined || !s.wants.wants(event, r.subject.kind) || !s.wants.passes(r.subject, l) {
				return
			}
			s.mark = f.round
			f.to = append(f.to, recipient{s, f.ask(r.subject, s)})
		})
		if r.to = f.to[begin:len(f.to):len(f.to)]; len(r.to) > 0 {
			f.rounds = append(f.rounds, r)
		}
	}
	return f.rounds
}

// candidates calls yield for the subscriptions that an event may be for.
func (f *Feed) candidates(s *subject, event *graph.Event, l *land, yield func(*Subscription)) {
	f.index.found(f.index.operators, s, event, l, yield)
	if s.reach.everyPartner || s.reach.everyCustomer {
		f.index.found(f.index.others, s, event, l, func(found *Subscription) {
			if s.reach.everyCustomer || found.who.role == graph.RolePartner {
				yield(found)
			}
		})
	}
	if s.reach.customer != "" {
		f.askers[asker{graph.RoleCustomer, s.reach.customer}].each(yield)
	}
	for _, partner := range s.reach.partners {
		f.askers[asker{graph.RolePartner, partner}].each(yield)
	}
}

// passes reports whether the filter lets a subject through.
func (c *compiled) passes(s *subject, l *land) bool {
	if c.topic != Opportunities {
		return true
	}
	return s.opportunity != nil && c.matches(s.opportunity, s.at, l)
}

// hand puts what was judged into the buffers, in the order of the log.
func (f *Feed) hand(rounds []round, judged int64) {
	now := f.clock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range rounds {
		same := alikes{judged: judged, now: now}
		for _, to := range r.to {
			t, ok := r.subject.tell(to, r.event)
			if ok && !to.push(same.delivery(t, to.viewer)) {
				f.leave(to.Subscription, r.event.Seq-1)
			}
		}
	}
}

// mostKept is how many recipients the feed has room for between events. More are rare.
const mostKept = 64 * batch

// recycle keeps room for those who are to be told of the next events, and lets go of what fills it.
func (f *Feed) recycle() {
	for _, r := range f.rounds {
		f.asking.take(r.subject.asking)
		r.subject.asking = nil
	}
	clear(f.rounds)
	clear(f.to)
	if f.rounds, f.to = f.rounds[:0], f.to[:0]; cap(f.to) > mostKept {
		f.to = nil
	}
}

// lists are short lists that are used again.
type lists[T any] struct{ spare [][]T }

// mostSpare is how long the lists are that are kept.
const mostSpare = 256

// empty is an empty list.
func (l *lists[T]) empty() []T {
	n := len(l.spare)
	if n == 0 {
		return make([]T, 0, 8)
	}
	list := l.spare[n-1]
	l.spare = l.spare[:n-1]
	return list
}

// take keeps a list for whoever needs one next.
func (l *lists[T]) take(list []T) {
	if cap(list) == 0 || cap(list) > mostSpare || len(l.spare) == batch {
		return
	}
	clear(list)
	l.spare = append(l.spare, list[:0])
}

// expel ends the streams of those who may not ask any more, after events that may say so.
func (f *Feed) expel(ctx context.Context, events []graph.Event) error {
	suspects, keys := f.suspects(events)
	for who := range suspects {
		_, err := f.store.Access(ctx, who.viewer())
		if refusal, ok := graph.AsError(err); ok && refusal.Code == graph.CodeForbidden {
			f.endAll(who, refusal)
		} else if err != nil {
			return err
		}
	}
	for id := range keys {
		key, err := f.store.Key(ctx, id)
		if err != nil {
			return err
		}
		if key == nil || !key.RevokedAt.IsZero() {
			f.endAllOfKey(id)
		}
	}
	return nil
}

// suspects are the organisations and the keys, of those who subscribe, that events have changed.
func (f *Feed) suspects(events []graph.Event) (organisations map[asker]bool, keys map[string]bool) {
	organisations, keys = map[asker]bool{}, map[string]bool{}
	f.mu.Lock()
	defer f.mu.Unlock()
	look := func(gid string) {
		kind, id, _ := graph.ParseGID(gid)
		switch kind {
		case graph.KindPartner:
			if who := (asker{graph.RolePartner, id}); f.askers[who] != nil {
				organisations[who] = true
			}
		case graph.KindCustomer:
			if who := (asker{graph.RoleCustomer, id}); f.askers[who] != nil {
				organisations[who] = true
			}
		case graph.KindAPIKey:
			if len(f.keys[id]) > 0 {
				keys[id] = true
			}
		}
	}
	for i := range events {
		look(events[i].Subject)
		for _, gid := range events[i].Changes {
			look(gid)
		}
	}
	return organisations, keys
}

func (f *Feed) endAll(who asker, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.askers[who].each(func(s *Subscription) { f.end(s, err) })
}

func (f *Feed) endAllOfKey(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.keys[id] {
		f.end(s, ErrRevoked)
	}
}

// watch looks at every tick who needs a heartbeat and whose time is over, until the context ends.
func (f *Feed) watch(ctx context.Context) {
	ticks := f.options.Ticks
	if ticks == nil {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for {
		select {
		case <-ticks:
			f.tick()
		case <-ctx.Done():
			return
		}
	}
}

func (f *Feed) tick() {
	now := f.clock()
	f.beat.Store(&beat{at: now.UTC().Truncate(time.Millisecond)})
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		if err := s.tick(now); err != nil {
			f.end(s, err)
		}
	}
}

// add takes a subscription up. Where it has come to where the feed is, the feed tells it what follows.
func (f *Feed) add(s *Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.subs[s] = struct{}{}
	f.enter(s)
	if s.viewer.Key != "" {
		insert(f.keys, s.viewer.Key, s)
	}
	if f.stopped {
		f.end(s, ErrStopped)
	}
	f.join(s)
}

func insert[K comparable](sets map[K]set, key K, s *Subscription) {
	if sets[key] == nil {
		sets[key] = set{}
	}
	sets[key][s] = struct{}{}
}

func discard[K comparable](sets map[K]set, key K, s *Subscription) {
	delete(sets[key], s)
	if len(sets[key]) == 0 {
		delete(sets, key)
	}
}

func (f *Feed) joined(s *Subscription) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.join(s)
}

// join lets the feed tell a subscription, if it has come to where the feed is. The feed is locked.
func (f *Feed) join(s *Subscription) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || s.position < f.claimed.Load() {
		return false
	}
	s.live, s.joined = true, s.position
	if s.viewer.Role != graph.RoleAnalyst { // who is told of no event
		f.index.add(s)
	}
	return true
}

// leave lets a subscription read the log by itself, beyond a seq up to which it was told. The feed is locked.
func (f *Feed) leave(s *Subscription, told int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live {
		return
	}
	s.live = false
	s.position = max(s.position, told)
	s.mayLag = f.options.MostBehind
	s.waken()
	if s.viewer.Role != graph.RoleAnalyst {
		f.index.remove(s)
	}
}

// end ends a subscription; what waits for its reader is let go. The feed is locked.
func (f *Feed) end(s *Subscription, err error) {
	f.leave(s, 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.vacate()
	s.waken()
	delete(f.subs, s)
	f.exit(s)
	if s.viewer.Key != "" {
		discard(f.keys, s.viewer.Key, s)
	}
}
