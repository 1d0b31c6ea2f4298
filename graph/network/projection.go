// Package network is the partner-to-partner network in memory: which partners are tied, how strongly at
// any date, and over which paths one reaches another.
//
// A [Projection] is built from a store and follows its log. Its state is a snapshot that never changes,
// behind one pointer: a reader takes it once a question and never locks, the one writer puts the next in
// its place. Partners are numbered as they appear and keep their number; a number finds its partner
// through pages, so that a write copies the pages and ties that it changes and shares the rest.
//
// What ties rest on, and how equal paths are told apart, is written in 2-questions.md, 3.
package network

import (
	"cmp"
	"context"
	"log/slog"
	"sync/atomic"

	"valueweb/graph"
)

// Projection is a graph.Network that follows the log of a store until it is closed.
type Projection struct {
	current atomic.Pointer[snapshot]
	cancel  context.CancelFunc
	stopped chan struct{} // closed once nothing follows the log any more
}

var _ graph.Network = (*Projection)(nil)

// Follow builds the network from a store and keeps it current. The context bounds the building; from then
// on the projection follows the log until Close. What goes wrong while it follows is logged and tried
// again: no event is left out, the projection merely stays behind.
func Follow(ctx context.Context, store graph.Store, log *slog.Logger) (*Projection, error) {
	f := follower{store: store, log: log}
	if err := f.load(ctx); err != nil {
		return nil, err
	}
	following, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p := &Projection{cancel: cancel, stopped: make(chan struct{})}
	p.current.Store(f.latest)
	f.publish = p.replace
	go func() {
		defer close(p.stopped)
		f.follow(following)
	}()
	return p, nil
}

// replace puts the next snapshot in place of the current one and wakes who waits for it.
func (p *Projection) replace(next *snapshot) {
	close(p.current.Swap(next).superseded)
}

// Close ends the following and waits for it. Questions are still answered, from the state reached.
func (p *Projection) Close() error {
	p.cancel()
	<-p.stopped
	return nil
}

// Seq is the seq of the log that the network reflects.
func (p *Projection) Seq() int64 { return p.current.Load().seq }

// Await returns once the network reflects a seq, with the error of the context where that ends first, and
// with UNAVAILABLE once the projection is closed.
func (p *Projection) Await(ctx context.Context, seq int64) error {
	for {
		now := p.current.Load()
		if now.seq >= seq {
			return nil
		}
		select {
		case <-now.superseded:
		case <-ctx.Done():
			return ctx.Err()
		case <-p.stopped:
			if p.current.Load().seq >= seq {
				return nil
			}
			return graph.Unavailable(nil, "the network is closed at seq %d and will not reach %d", p.Seq(), seq)
		}
	}
}

// Name returns the name of a partner, its id where none is known.
func (p *Projection) Name(id string) string {
	now := p.current.Load()
	if n, ok := now.ids.find(id); ok {
		return cmp.Or(now.node(n).name, id)
	}
	return id
}

// Trust returns the strongest path of at most graph.MaxTrustTies ties from an asker to each candidate.
// An asker or candidate that is not ACTIVE, not known or among those without trust has none.
func (p *Projection) Trust(ctx context.Context, q graph.TrustQuery) (graph.TrustFacts, error) {
	now := p.current.Load()
	q.Without = beside(q.Without, q.Hidden.Partners)
	paths, err := now.concealing(q.Hidden.Referrals).trust(ctx, q)
	return graph.TrustFacts{Seq: now.seq, Paths: paths}, err
}

// Paths returns the strongest loopless paths between two partners, or why there is none.
func (p *Projection) Paths(ctx context.Context, q graph.PathQuery) (graph.PathFacts, error) {
	q.Avoid = beside(q.Avoid, q.Hidden.Partners)
	return p.current.Load().concealing(q.Hidden.Referrals).paths(ctx, q, crowd)
}
