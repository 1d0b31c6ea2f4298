package network

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"valueweb/graph"
)

// The portions in which the log and the nodes that it names are read.
const (
	eventsAtOnce = 256
	nodesAtOnce  = 1000
)

// The pauses after a failure: the first, doubled with each further one up to the longest.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// follower is the one writer of a projection. Its ledger and its latest snapshot agree between any two
// portions of nodes; a snapshot is published only once all nodes of an event are in it, so that readers
// never see half a change.
type follower struct {
	store   graph.Store
	log     *slog.Logger
	publish func(*snapshot)
	ledger  *ledger
	latest  *snapshot
	pending pending
}

// pending is what is still to be read again before a seq is reached.
type pending struct {
	seq int64 // 0: nothing is pending
	ids map[graph.Kind][]string
}

// load builds the network from the whole store.
func (f *follower) load(ctx context.Context) error {
	f.ledger = newLedger()
	e := f.ledger.begin(emptySnapshot())
	seq, err := f.store.Network(ctx, graph.Operator, func(chunk graph.NetworkChunk) error {
		e.chunk(chunk)
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("load the network: %w", err)
	}
	f.latest = e.snapshot(seq)
	return nil
}

// follow applies the log until the context ends.
func (f *follower) follow(ctx context.Context) {
	f.ledger.gather(f.latest) // questions are answered meanwhile
	pause := time.Duration(0)
	for ctx.Err() == nil {
		err := f.advance(ctx)
		if pause = f.report(ctx, err, pause); pause > 0 {
			rest(ctx, pause)
		}
	}
}

// report logs the first of a row of failures and the end of the row, and returns how long to pause.
func (f *follower) report(ctx context.Context, err error, pause time.Duration) time.Duration {
	switch {
	case ctx.Err() != nil:
		return 0
	case err == nil && pause > 0:
		f.log.Info("the network follows the store again", "seq", f.latest.seq)
		return 0
	case err == nil:
		return 0
	case pause == 0:
		f.log.Error("the network cannot follow the store and tries again", "seq", f.latest.seq, "error", err)
		return firstPause
	}
	return min(2*pause, longestPause)
}

// rest returns after a pause, or once the context ends.
func rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// advance waits for events, applies what they changed and publishes the outcome. Where that fails half
// way, the next call carries on with what is pending.
func (f *follower) advance(ctx context.Context) error {
	if f.pending.seq == 0 {
		if err := f.await(ctx); err != nil {
			return err
		}
	}
	for kind := range f.pending.ids {
		if err := f.reread(ctx, kind); err != nil {
			return err
		}
	}
	f.latest = f.ledger.edit(f.latest).snapshot(f.pending.seq)
	f.pending = pending{}
	f.publish(f.latest)
	return nil
}

// await waits until something is pending.
func (f *follower) await(ctx context.Context) error {
	if err := f.store.Await(ctx, f.latest.seq); err != nil {
		return fmt.Errorf("wait for events: %w", err)
	}
	events, err := f.store.Events(ctx, graph.Operator, f.latest.seq, eventsAtOnce)
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	if len(events) == 0 {
		return fmt.Errorf("the log announces events after %d and has none", f.latest.seq)
	}
	f.pending = pending{seq: events[len(events)-1].Seq, ids: touched(events)}
	return nil
}

// touched are the ids, by kind, of the nodes that events changed and that the network rests on.
func touched(events []graph.Event) map[graph.Kind][]string {
	ids := make(map[graph.Kind][]string)
	seen := make(map[string]bool)
	note := func(gid string) {
		kind, id, ok := graph.ParseGID(gid)
		if ok && restsOn(kind) && !seen[gid] {
			seen[gid] = true
			ids[kind] = append(ids[kind], id)
		}
	}
	for _, event := range events {
		note(event.Subject)
		for _, gid := range event.Changes {
			note(gid)
		}
	}
	return ids
}

// restsOn reports whether the network rests on nodes of a kind.
func restsOn(kind graph.Kind) bool {
	return kind == graph.KindPartner || kind == graph.KindReferral || kind == graph.KindPartnership
}

// reread reads the pending nodes of a kind as they stand now, and applies them.
func (f *follower) reread(ctx context.Context, kind graph.Kind) error {
	for ids := f.pending.ids[kind]; len(ids) > 0; ids = f.pending.ids[kind] {
		portion := ids[:min(nodesAtOnce, len(ids))]
		nodes, err := f.store.Read(ctx, graph.Operator, kind, portion)
		if err != nil {
			return fmt.Errorf("read %d nodes of kind %s: %w", len(portion), kind, err)
		}
		e := f.ledger.edit(f.latest)
		for i, id := range portion {
			e.node(kind, id, nodes[i])
		}
		f.latest = e.snapshot(f.latest.seq)
		f.pending.ids[kind] = ids[len(portion):]
	}
	return nil
}
