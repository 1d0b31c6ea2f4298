package stream

import (
	"context"
	"slices"
	"sync"
	"time"

	"valueweb/graph"
)

// Log reads the log of a store on behalf of viewers: what they may read of it is asked of the store when it is read.
type Log struct {
	store graph.Store
	clock func() time.Time
	lands lands

	mu         sync.Mutex
	deployment string // empty: not read yet
}

// NewLog reads the log of a store. The clock says which day it is.
func NewLog(store graph.Store, clock func() time.Time) *Log {
	return &Log{store: store, clock: clock, lands: lands{store: store}}
}

// Message tells of one event, or that there is none.
type Message struct {
	Cursor Cursor
	Seq    int64
	Type   string
	At     time.Time
	// Subject is what the event is about, as the viewer may read it now; of the topic Opportunities the opportunity.
	// nil in heartbeats, and where the event tells of many.
	Subject graph.Node
	// Invitation is that of an event of the topic Opportunities that is about one.
	Invitation *graph.Invitation
	Version    int      // of what the event is about; 0 in heartbeats
	Changed    []string // fields of it, or gids where the event tells of many
	// Alike is common to the messages of all who are told the same of the event now, but for the cursor; nil where
	// it was found out for this viewer alone.
	Alike *Alike
}

// Heartbeat reports whether the message tells of no event.
func (m *Message) Heartbeat() bool { return m.Type == heartbeat }

// binding is what binds the cursors of a viewer.
func (l *Log) binding(ctx context.Context, v graph.Viewer) (binding, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deployment == "" {
		name, err := l.store.Deployment(ctx)
		if err != nil {
			return binding{}, err
		}
		l.deployment = name
	}
	return bind(l.deployment, v), nil
}

// prepare compiles an interest for a viewer, and refuses whoever may not ask.
func (l *Log) prepare(ctx context.Context, v graph.Viewer, i Interest) (*compiled, binding, error) {
	c, err := compile(i)
	if err != nil {
		return nil, binding{}, err
	}
	if _, err := l.store.Access(ctx, v); err != nil {
		return nil, binding{}, err
	}
	if err := l.find(ctx, v, c); err != nil {
		return nil, binding{}, err
	}
	b, err := l.binding(ctx, v)
	return c, b, err
}

// extent is what the log holds: the seqs of its oldest event and of its newest.
type extent struct{ oldest, newest int64 }

func (l *Log) extent(ctx context.Context) (e extent, err error) {
	if e.oldest, err = l.store.Oldest(ctx); err == nil {
		e.newest, err = l.store.Seq(ctx)
	}
	return e, err
}

// start is the seq after which a reader begins that names a cursor.
func (l *Log) start(ctx context.Context, b binding, after string, e extent) (int64, error) {
	if after == beginning {
		return e.oldest - 1, nil
	}
	seq, err := b.seq(after)
	switch {
	case err != nil:
		return 0, err
	case seq > e.newest && !l.reached(ctx, seq):
		return 0, graph.Invalid(fieldAfter, "this cursor is from the future: the log has not come so far; it may be of a graph that was restored from a backup")
	case seq+1 < e.oldest:
		return 0, expired(b, e.oldest)
	}
	return seq, nil
}

// catchUpTime is how long a cursor may be ahead of what this server sees: another server has answered with it.
const catchUpTime = 250 * time.Millisecond

// reached reports whether the log comes to a seq within a moment.
func (l *Log) reached(ctx context.Context, seq int64) bool {
	ctx, cancel := context.WithTimeout(ctx, catchUpTime)
	defer cancel()
	return l.store.Await(ctx, seq-1) == nil
}

// expired refuses a place that the log does not reach back to.
func expired(b binding, oldest int64) error {
	return &graph.Error{
		Code: graph.CodeCursorExpired, Field: fieldAfter, Oldest: b.cursor(oldest - 1),
		Message: "the log does not reach back to this cursor: read the records anew, and go on from the oldest cursor, or without one",
	}
}

// read returns up to a number of events after a seq. Where the log does not reach back to it, it is CURSOR_EXPIRED.
func (l *Log) read(ctx context.Context, b binding, after int64, limit int) ([]graph.Event, error) {
	events, err := l.store.Events(ctx, graph.Operator, after, limit)
	if err != nil || len(events) > 0 && events[0].Seq == after+1 {
		return events, err
	}
	oldest, err := l.store.Oldest(ctx)
	if err == nil && after+1 < oldest {
		err = expired(b, oldest)
	}
	return nil, err // what is behind a gap that is no end is read again
}

// told is an event as far as a viewer is told of it.
type told struct {
	event      *graph.Event
	subject    graph.Node
	invitation *graph.Invitation
	alike      *Alike // nil: what is told was found out for one viewer
}

// message is what is told, with a cursor.
func (t told) message(v graph.Viewer, b binding) Message {
	m := Message{
		Cursor: b.place(t.event.Seq), Seq: t.event.Seq, Type: t.event.Type, At: t.event.At,
		Subject: t.subject, Invitation: t.invitation, Version: t.event.Version, Alike: t.alike,
	}
	if t.alike != nil {
		m.Changed = t.alike.changed
	} else {
		m.Changed = t.changed(v)
	}
	return m
}

// changed is what the event says that differs, as far as a viewer is told of it.
func (t told) changed(v graph.Viewer) []string {
	switch {
	case t.subject == nil:
		return t.event.Changes
	case t.invitation != nil || len(t.event.Fields) == 0:
		return t.event.Fields
	}
	untold := v.Untold(t.subject)
	if !slices.ContainsFunc(t.event.Fields, func(field string) bool { return slices.Contains(untold, field) }) {
		return t.event.Fields
	}
	return slices.DeleteFunc(slices.Clone(t.event.Fields), func(field string) bool { return slices.Contains(untold, field) })
}

// narrow keeps of events what a viewer wants and may be told now, in their order: a read of the store a kind.
func (l *Log) narrow(ctx context.Context, v graph.Viewer, c *compiled, events []graph.Event) ([]told, error) {
	if v.Role == graph.RoleAnalyst {
		return nil, nil
	}
	var wanted []told
	byKind := map[graph.Kind][]string{}
	for i := range events {
		kind, id, about := graph.ParseGID(events[i].Subject)
		if c.wants(&events[i], kind) && (about || !v.Confined()) {
			wanted = append(wanted, told{event: &events[i]})
			byKind[kind] = append(byKind[kind], id)
		}
	}
	nodes := map[string]graph.Node{}
	for _, kind := range graph.Kinds {
		if err := l.gather(ctx, v, kind, byKind[kind], nodes); err != nil {
			return nil, err
		}
	}
	if c.topic == Opportunities {
		return l.ofOpportunities(ctx, v, c, wanted, nodes)
	}
	kept := wanted[:0]
	for _, t := range wanted {
		if t.subject = nodes[t.event.Subject]; t.subject != nil && v.Hears(t.event, t.subject) || t.event.Subject == "" {
			kept = append(kept, t)
		}
	}
	return kept, nil
}

func (l *Log) gather(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string, into map[string]graph.Node) error {
	if ids = distinct(ids); len(ids) == 0 {
		return nil
	}
	nodes, err := l.store.Read(ctx, v, kind, ids)
	if err != nil {
		return err
	}
	for _, node := range nodes {
		if node != nil {
			into[node.GID()] = node
		}
	}
	return nil
}

// ofOpportunities keeps what is about opportunities that the viewer may read and that pass its filter. nodes holds
// the subjects that it may read.
func (l *Log) ofOpportunities(ctx context.Context, v graph.Viewer, c *compiled, wanted []told, nodes map[string]graph.Node) ([]told, error) {
	var invited []string
	for _, node := range nodes {
		if i, ok := node.(*graph.Invitation); ok && nodes[graph.GID(graph.KindOpportunity, i.Opportunity)] == nil {
			invited = append(invited, i.Opportunity)
		}
	}
	if err := l.gather(ctx, v, graph.KindOpportunity, invited, nodes); err != nil {
		return nil, err
	}
	passes, err := l.passing(ctx, c, wanted, nodes)
	if err != nil {
		return nil, err
	}
	kept := wanted[:0]
	for _, t := range wanted {
		subject := nodes[t.event.Subject]
		if i, ok := subject.(*graph.Invitation); ok {
			t.invitation = i
			subject = nodes[graph.GID(graph.KindOpportunity, i.Opportunity)]
		}
		if o, ok := subject.(*graph.Opportunity); ok && passes(o) && v.Hears(t.event, o) {
			t.subject = o
			kept = append(kept, t)
		}
	}
	return kept, nil
}

// passing is the filter over the opportunities among some nodes, which events tell of.
func (l *Log) passing(ctx context.Context, c *compiled, events []told, nodes map[string]graph.Node) (passes func(*graph.Opportunity) bool, err error) {
	var at map[string]*whereabouts
	var over *land
	if c.placed {
		var opportunities []*graph.Opportunity
		for _, node := range nodes {
			if o, ok := node.(*graph.Opportunity); ok {
				opportunities = append(opportunities, o)
			}
		}
		if at, err = l.whereabouts(ctx, opportunities); err != nil {
			return nil, err
		}
	}
	if c.taxonomic && len(events) > 0 {
		if over, err = l.lands.at(ctx, events[len(events)-1].event.Seq); err != nil {
			return nil, err
		}
	}
	return func(o *graph.Opportunity) bool { return c.matches(o, at[o.ID], over) }, nil
}
