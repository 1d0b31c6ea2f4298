package embedded

import (
	"context"
	"sync"

	"valueweb/graph"
)

// Transactions pass one after the other, but what they change becomes durable in convoys: while the disk writes one
// convoy, which takes milliseconds, others are prepared on top of it, and are written together as the next one. A
// transaction ends once it is durable and published, and so does one that changed nothing or was refused, for it may
// have gone by what is not durable yet. Nobody reads what is not published. Where a convoy cannot be written, all that
// was prepared on top of it fails with it.

// convoy is what was prepared and is not published yet.
type convoy struct {
	turn chan struct{} // holds one token: whoever has it writes

	mu       sync.Mutex
	prepared []*prepared // in their order
	failures int         // how often a convoy could not be written
}

// prepared is a transaction that waits to be written.
type prepared struct {
	*tx
	state    *state // as it leaves it
	changed  []graph.Node
	large    bool // its indexes follow while it is written, and nothing is prepared on top of it before
	failures int  // before it began
	done     chan struct{}
	err      error // set when done is closed
}

// commitment is what of a transaction is written.
type commitment struct {
	nodes    []graph.Node
	events   []graph.Event
	receipts []graph.Receipt
}

// newest is what was prepared last, else what is published, and how often one has failed before.
func (s *Store) newest() (*state, int) {
	s.convoy.mu.Lock()
	defer s.convoy.mu.Unlock()
	if n := len(s.convoy.prepared); n > 0 {
		return s.convoy.prepared[n-1].state, s.convoy.failures
	}
	return s.current.Load(), s.convoy.failures
}

// prepare runs a transaction on top of the newest one. Whoever calls is the one writer. A refusal counts once what the
// transaction has gone by is durable.
func (s *Store) prepare(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) (p *prepared, refused error) {
	base, failures := s.newest()
	t := s.begin(v, base)
	t.state.edition = max(t.state.edition, uint64(failures)*leap) // one that nothing compiled for what failed can have
	defer func() {
		if !p.large {
			t.state.settled()
		}
	}()
	p = &prepared{tx: t, state: base, failures: failures, done: make(chan struct{})}
	if refused = fn(ctx, t); refused == nil {
		p.changed, refused = t.complete()
	}
	if refused != nil || len(p.changed) == 0 && len(t.events) == 0 {
		p.changed, t.events, t.receipts = nil, nil, nil
	} else {
		p.state, p.large = t.state, len(p.changed) >= aside
		t.state.seq += int64(len(t.events))
		if !p.large {
			t.state.catchUp()
			t.state.behind = nil
		}
	}
	s.convoy.add(p)
	return p, refused
}

// add has a transaction wait to be written, unless it rests on one that was not, or on nothing that need be.
func (c *convoy) add(p *prepared) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case p.failures != c.failures:
		p.end(errVoid)
	case len(p.events) == 0 && len(c.prepared) == 0:
		p.end(nil)
	default:
		c.prepared = append(c.prepared, p)
	}
}

// errVoid is why a transaction fails that was prepared on top of one that could not be written.
var errVoid = graph.Unavailable(nil, "a change before this one could not be written, and this one was not; try again")

func (p *prepared) end(err error) {
	p.err = err
	close(p.done)
}

// await returns once a transaction is durable and published, or has failed. Of those who wait one writes for all.
func (s *Store) await(p *prepared) error {
	select {
	case <-p.done:
	case s.convoy.turn <- struct{}{}:
		s.writeConvoy()
		<-s.convoy.turn
	}
	<-p.done
	return p.err
}

// writeConvoy writes all that is prepared, and publishes it. Whoever calls has the turn.
func (s *Store) writeConvoy() {
	s.convoy.mu.Lock()
	members := s.convoy.prepared
	s.convoy.mu.Unlock()
	if len(members) == 0 {
		return
	}
	err := s.commit(members)
	s.convoy.mu.Lock()
	defer s.convoy.mu.Unlock()
	if err != nil {
		s.convoy.fail(err)
		return
	}
	s.publish(members[len(members)-1].state)
	if s.convoy.prepared = s.convoy.prepared[len(members):]; len(s.convoy.prepared) == 0 {
		s.convoy.prepared = nil // and nothing of what was written is kept
	}
	for _, p := range members {
		p.end(nil)
	}
}

// commit makes transactions durable in one. The indexes of a large one follow meanwhile: neither needs the other, and
// what is published afterwards has both.
func (s *Store) commit(members []*prepared) error {
	var indexed sync.WaitGroup
	defer indexed.Wait()
	all := make([]commitment, 0, len(members))
	for _, p := range members {
		if p.large {
			indexed.Go(func() {
				p.state.catchUp()
				p.state.behind = nil
			})
		}
		if len(p.events) > 0 {
			all = append(all, commitment{p.changed, p.events, p.kept()})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return s.journal.commit(all)
}

// leap is more than the editions of all that can be prepared at a time.
const leap = 1 << 32

// fail ends all that is prepared: what could not be written, and what was prepared on top of it meanwhile. Whoever
// calls holds the lock.
func (c *convoy) fail(err error) {
	failed := graph.Unavailable(err, "the change could not be written: %v", err)
	for _, p := range c.prepared {
		p.end(failed)
	}
	c.prepared = nil
	c.failures++
}

// receipt finds the receipt of a key among what is not durable yet.
func (c *convoy) receipt(key string) (graph.Receipt, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.prepared {
		for _, r := range p.kept() {
			if r.Key == key {
				return r, true
			}
		}
	}
	return graph.Receipt{}, false
}
