// Package audit gathers what is noted beside the graph, who was handed out which customers and which API keys were
// used, and hands it to the store in the background: no answer waits for it.
package audit

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"valueweb/graph"
)

const (
	// flushEvery is how long notes wait to be written; a process that is killed loses no more than these.
	flushEvery = 500 * time.Millisecond
	// useEvery is how often the last use of a key is written at most.
	useEvery = time.Minute
	// maxPending bounds the accesses that wait while the store is away; further ones are dropped, and counted.
	maxPending = 100_000
	// flushTimeout is how long a flush may take.
	flushTimeout = 5 * time.Second
)

// Recorder gathers notes. A nil Recorder notes nothing.
type Recorder struct {
	store graph.Auditor
	clock func() time.Time
	log   *slog.Logger
	most  int // accesses that wait
	every time.Duration
	wake  chan struct{} // holds a token while there is anything to write
	stop  chan struct{}
	ended chan struct{}
	once  sync.Once // closes it

	flushing sync.Mutex // is held by whoever writes
	mu       sync.Mutex
	accesses map[string]graph.CustomerAccess // by key
	uses     map[string]use                  // by the id of a key
	dropped  int                             // since it was last told
	failed   bool
}

// use is when a key was last used, and when that was last written.
type use struct{ last, written time.Time }

// New makes a recorder that writes to a store until it is closed.
func New(store graph.Auditor, clock func() time.Time, log *slog.Logger) *Recorder {
	r := newRecorder(store, clock, log)
	go r.run()
	return r
}

func newRecorder(store graph.Auditor, clock func() time.Time, log *slog.Logger) *Recorder {
	return &Recorder{
		store: store, clock: clock, log: log, most: maxPending, every: flushEvery,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), ended: make(chan struct{}),
		accesses: map[string]graph.CustomerAccess{}, uses: map[string]use{},
	}
}

// Handed notes that a viewer was handed out customers in one answer. A customer that reads itself is not noted.
func (r *Recorder) Handed(v graph.Viewer, customers ...string) {
	if r == nil {
		return
	}
	customers = slices.DeleteFunc(customers, func(id string) bool { return v.Role == graph.RoleCustomer && v.Organisation == id })
	if len(customers) > 0 {
		r.note(v, customers)
	}
}

// HandedAll notes that a viewer was handed out all customers.
func (r *Recorder) HandedAll(v graph.Viewer) {
	if r != nil {
		r.note(v, []string{""})
	}
}

func (r *Recorder) note(v graph.Viewer, customers []string) {
	now := r.now()
	r.mu.Lock()
	for _, id := range customers {
		r.add(graph.CustomerAccess{Day: graph.DateOf(now), Viewer: v.String(), Customer: id, First: now, Last: now, Reads: 1})
	}
	r.mu.Unlock()
	r.waken()
}

// add takes an access to those that wait.
func (r *Recorder) add(access graph.CustomerAccess) {
	key := access.Key()
	waiting, known := r.accesses[key]
	if !known && len(r.accesses) >= r.most {
		r.dropped += access.Reads
		return
	}
	r.accesses[key] = waiting.Merge(access)
}

// Used notes that a key was used.
func (r *Recorder) Used(key string) {
	if r == nil {
		return
	}
	now := r.now()
	r.mu.Lock()
	u := r.uses[key]
	u.last = now
	r.uses[key] = u
	r.mu.Unlock()
	if u.due(now) {
		r.waken()
	}
}

// due reports whether a use is to be written: one a key at a time.
func (u use) due(now time.Time) bool {
	return u.last.After(u.written) && now.Sub(u.written) >= useEvery
}

// LastUse is when a key was last used, as far as this process knows; zero: it does not.
func (r *Recorder) LastUse(key string) time.Time {
	if r == nil {
		return time.Time{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.uses[key].last
}

// now is an instant as the graph keeps it.
func (r *Recorder) now() time.Time { return r.clock().UTC().Truncate(time.Millisecond) }

func (r *Recorder) waken() {
	select {
	case r.wake <- struct{}{}:
	default: // it will wake
	}
}

// run writes what waits, a while after it came, until the recorder is closed.
func (r *Recorder) run() {
	defer close(r.ended)
	for {
		select {
		case <-r.wake:
		case <-r.stop:
			return
		}
		select {
		case <-time.After(r.every):
		case <-r.stop:
			return
		}
		r.flush(context.Background(), false)
	}
}

// Flush writes what waits, so that whoever reads the store next finds it.
func (r *Recorder) Flush(ctx context.Context) {
	if r != nil {
		r.flush(ctx, false)
	}
}

// Close writes what waits, every use included, and ends the recorder. The store must still be open.
func (r *Recorder) Close() {
	if r == nil {
		return
	}
	r.once.Do(func() {
		close(r.stop)
		<-r.ended
		r.flush(context.Background(), true)
	})
}

// flush hands to the store what waits. What it does not take waits on, and is tried again.
func (r *Recorder) flush(ctx context.Context, all bool) {
	r.flushing.Lock()
	defer r.flushing.Unlock()
	notes := r.take(all)
	if len(notes.Accesses) == 0 && len(notes.Uses) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	err := r.store.Note(ctx, notes)
	dropped, began := r.settle(notes, err)
	if began {
		r.log.Warn("who was handed out customers could not be noted; it waits until the store answers", "error", err)
	}
	if dropped > 0 {
		r.log.Error("accesses to customers were not noted: too many were waiting", "accesses", dropped)
	}
	if err != nil {
		r.waken()
	}
}

// take takes what is to be written.
func (r *Recorder) take(all bool) graph.Notes {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	notes := graph.Notes{Accesses: slices.Collect(maps.Values(r.accesses)), Uses: map[string]time.Time{}}
	r.accesses = map[string]graph.CustomerAccess{}
	for key, u := range r.uses {
		if u.due(now) || all && u.last.After(u.written) {
			notes.Uses[key] = u.last
		}
	}
	return notes
}

// settle notes what became of a flush: how many accesses were dropped, and whether it is the first that failed.
func (r *Recorder) settle(notes graph.Notes, err error) (dropped int, began bool) {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		for key := range notes.Uses {
			u := r.uses[key]
			u.written = now
			r.uses[key] = u
		}
	} else {
		for _, access := range notes.Accesses {
			r.add(access)
		}
	}
	began, r.failed = err != nil && !r.failed, err != nil
	dropped, r.dropped = r.dropped, 0
	return dropped, began
}
