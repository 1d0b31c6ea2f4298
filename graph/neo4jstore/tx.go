package neo4jstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

// name is a node by kind and id.
type name struct {
	kind graph.Kind
	id   string
}

func nameOf(node graph.Node) name { return name{node.Kind(), node.Header().ID} }

// tx is a transaction under way: what it has put, gathered until it ends, and what it has read so far.
type tx struct {
	store  *Store
	reader reader
	viewer graph.Viewer
	now    time.Time
	seq    int64 // of the last event before it
	course course
	// stored holds what the database has of the nodes that were asked for; nil: there is none.
	stored map[name]graph.Node
	// put holds the nodes that were put and differ from what is stored, or did for a while.
	put      map[name]graph.Node
	order    []name // of the first put that differed
	events   []graph.Event
	receipts []graph.Receipt
	// altered says that it changes what somebody may see, moved that an opportunity may come into or out of sight.
	altered, moved bool
	// sights are what the viewers that have read in it see.
	sights map[asker]sight
	// holdingsOf holds what is stored of the holdings of partners that were asked for.
	holdingsOf map[string][]*graph.Holding
	// putHoldings holds the holdings that were put, by partner; those put again stand in it more than once.
	putHoldings map[string][]*graph.Holding
	// exists holds whether there is a node of which no more is known.
	exists map[name]bool
	// above holds the parents of the nodes that were met on the way up, by kind.
	above map[name][]string
}

func (s *Store) begin(v graph.Viewer, r reader, seq int64) *tx {
	return &tx{
		store: s, reader: r, viewer: v, now: s.options.Clock().UTC().Truncate(time.Millisecond), seq: seq,
		stored: map[name]graph.Node{}, put: map[name]graph.Node{}, holdingsOf: map[string][]*graph.Holding{}, above: map[name][]string{},
		putHoldings: map[string][]*graph.Holding{}, exists: map[name]bool{}, sights: map[asker]sight{},
	}
}

// Write implements graph.Writer.
func (s *Store) Write(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) (seq int64, err error) {
	switch {
	case v.Validate() != nil:
		return 0, errViewer
	case ctx.Err() != nil:
		return 0, ctx.Err()
	}
	within, cancel := bounded(ctx)
	defer cancel()
	end, err := s.takeTurn(within)
	if err != nil {
		return 0, failure(ctx, silent(within, err))
	}
	defer end()
	session := s.session(within, neo4j.AccessModeWrite)
	defer s.closed(within, session)
	var done committed
	_, err = session.ExecuteWrite(within, func(db neo4j.ManagedTransaction) (any, error) {
		done, err = s.write(within, v, managed{s, db}, fn)
		return nil, err
	})
	if err != nil { // it may yet be committed: whether it was, is found out by the next with the lock
		return 0, failure(ctx, silent(within, err))
	}
	s.findable(ctx, done.probes)
	s.conclude(ctx, done.token)
	s.tail.reached(done.course)
	return done.course.seq, nil
}

// committed is what a transaction has come to, once it is committed.
type committed struct {
	course course
	token  string // with which the commit was announced; empty where there was nothing to commit
	probes []probe
}

// write runs fn with the log locked, writes what it put and announces the commit.
func (s *Store) write(ctx context.Context, v graph.Viewer, db managed, fn func(context.Context, graph.Tx) error) (done committed, err error) {
	locked, err := db.ask(ctx, lockLog, nil)
	if err != nil {
		return done, err
	}
	now, ok := courseOf(locked)
	if !ok {
		return done, errors.New("the database holds no log")
	}
	done.course = now
	t := s.begin(v, db, done.course.seq)
	t.course = done.course
	if err := fn(ctx, t); err != nil {
		return done, err
	}
	changed := t.changes()
	if len(changed) > 0 && len(t.events) == 0 {
		return done, fmt.Errorf("%d changed nodes without an event: a change is logged in its own transaction", len(changed))
	}
	if len(t.events) == 0 {
		return done, nil
	}
	t.altered, t.moved = alters(changed)
	done.course = done.course.after(t)
	if err := t.flush(ctx, db, changed); err != nil {
		return done, err
	}
	done.probes = t.probesOf(changed)
	done.token, err = s.announce(ctx)
	return done, err
}

// Rehearse implements graph.Writer. Nothing is written, so it neither waits for writers nor holds them up;
// what it reads may be newer than what it read before.
func (s *Store) Rehearse(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) error {
	if err := admit(ctx, v); err != nil {
		return err
	}
	seq, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		_, err := r.ask(ctx, readSeq, nil)
		return err
	})
	if err != nil {
		return err
	}
	return fn(ctx, s.begin(v, current{s, v}, seq))
}

// current answers each statement in a moment of its own.
type current struct {
	store  *Store
	viewer graph.Viewer
}

func (c current) ask(ctx context.Context, what statement, params map[string]any) (found row, err error) {
	_, err = c.store.view(ctx, c.viewer, func(ctx context.Context, r sight) error {
		found, err = r.ask(ctx, what, params)
		return err
	})
	return found, err
}

// Put implements graph.Tx.
func (t *tx) Put(ctx context.Context, nodes []graph.Node) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := t.prepare(ctx, nodes); err != nil {
		return nil, err
	}
	refusals := make([]error, len(nodes))
	for i, node := range nodes {
		if refusals[i] = t.check(node); refusals[i] != nil {
			continue
		}
		if err := t.take(node); err != nil {
			return nil, err
		}
	}
	return refusals, nil
}

// take puts one checked node.
func (t *tx) take(node graph.Node) error {
	header, called := node.Header(), nameOf(node)
	_, again := t.put[called]
	if base := t.stored[called]; base == nil {
		header.Version, header.CreatedAt, header.UpdatedAt = 1, t.now, t.now
	} else {
		same, err := sameContent(base, node)
		if err != nil {
			return err
		}
		switch {
		case same && !again:
			return nil
		case same:
			node = base
		default:
			header.Version, header.CreatedAt, header.UpdatedAt = base.Header().Version+1, base.Header().CreatedAt, t.now
		}
	}
	if !again {
		t.order = append(t.order, called)
	}
	t.put[called] = node
	if h, ok := node.(*graph.Holding); ok {
		t.putHoldings[h.Partner] = append(t.putHoldings[h.Partner], h)
	}
	return nil
}

// sameContent reports whether a node states what the base does; it takes over the base's version and
// time stamps, which are the store's to set.
func sameContent(base, node graph.Node) (bool, error) {
	header := node.Header()
	header.Version, header.CreatedAt, header.UpdatedAt = base.Header().Version, base.Header().CreatedAt, base.Header().UpdatedAt
	a, err := cbor.Marshal(base)
	if err != nil {
		return false, err
	}
	b, err := cbor.Marshal(node)
	return bytes.Equal(a, b), err
}

// changes lists the nodes that differ from what is stored, in the order in which they were first put.
func (t *tx) changes() []graph.Node {
	var nodes []graph.Node
	for _, called := range t.order {
		if node := t.put[called]; node != t.stored[called] {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// Changed implements graph.Tx.
func (t *tx) Changed() []string {
	var gids []string
	for _, node := range t.changes() {
		gids = append(gids, node.GID())
	}
	return gids
}

// Log implements graph.Tx.
func (t *tx) Log(ctx context.Context, event graph.Event) error {
	event.Seq = t.seq + int64(len(t.events)) + 1
	event.At, event.Actor = t.now, t.viewer.String()
	if kind, id, ok := graph.ParseGID(event.Subject); ok {
		if err := t.load(ctx, kind, []string{id}); err != nil {
			return err
		}
		if subject := t.get(kind, id); subject != nil {
			event.Version = subject.Header().Version
		}
	}
	t.events = append(t.events, event)
	return nil
}

// get is a node as the transaction sees it, of those that were put or asked for.
func (t *tx) get(kind graph.Kind, id string) graph.Node {
	if node, ok := t.put[name{kind, id}]; ok {
		return node
	}
	return t.stored[name{kind, id}]
}

// load reads what is not known yet of some nodes.
func (t *tx) load(ctx context.Context, kind graph.Kind, ids []string) error {
	var unknown []string
	for _, id := range ids {
		if _, known := t.stored[name{kind, id}]; !known {
			t.stored[name{kind, id}] = nil
			unknown = append(unknown, id)
		}
	}
	found, err := read(ctx, everything(t.reader), kind, unknown)
	for id, node := range found {
		t.stored[name{kind, id}] = node
	}
	return err
}

// sight is what a confined viewer sees in the transaction: the graph as it stood when it began, for nothing is written
// before it ends. It is compiled once.
func (t *tx) sight(ctx context.Context, v graph.Viewer) (seen sight, err error) {
	switch {
	case v.Validate() != nil:
		return sight{}, errViewer
	case ctx.Err() != nil:
		return sight{}, ctx.Err()
	}
	if seen, known := t.sights[askerOf(v)]; known {
		return seen, nil
	}
	compiled := t.store.visions.valid(v, t.store.today(), t.course)
	if compiled == nil {
		if compiled, err = compileAccess(ctx, t.reader, v, t.store.today()); err != nil {
			return sight{}, err
		}
		if t.course.seq > 0 { // with the lock of the log held; a rehearsal has none
			compiled.seq = t.course.seq
			t.store.visions.keep(compiled)
		}
	}
	t.sights[askerOf(v)] = compiled.through(t.reader)
	return t.sights[askerOf(v)], nil
}

// Read implements graph.Reader.
func (t *tx) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	if v.Confined() {
		return t.readAs(ctx, v, kind, ids)
	}
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	if err := t.load(ctx, kind, ids); err != nil {
		return nil, err
	}
	nodes := make([]graph.Node, len(ids))
	for i, id := range ids {
		nodes[i] = t.get(kind, id)
	}
	return nodes, nil
}

// readAs returns what a confined viewer reads.
func (t *tx) readAs(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	seen, err := t.sight(ctx, v)
	if err != nil {
		return nil, err
	}
	found, err := read(ctx, seen, kind, ids)
	if err != nil {
		return nil, err
	}
	nodes := make([]graph.Node, len(ids))
	for i, id := range ids {
		if node, ok := found[id]; ok {
			nodes[i] = node
		}
	}
	return nodes, nil
}

// drafts are the nodes of a kind that were put.
func (t *tx) drafts(kind graph.Kind) drafts {
	var all drafts
	for _, called := range t.order {
		if called.kind == kind {
			all = append(all, t.put[called])
		}
	}
	return all
}

// Access implements graph.Gatekeeper.
func (t *tx) Access(ctx context.Context, v graph.Viewer) (*graph.Access, error) {
	if !v.Confined() {
		return nil, admit(ctx, v)
	}
	seen, err := t.sight(ctx, v)
	return seen.access, err
}

// Nearest implements graph.Reader.
func (t *tx) Nearest(ctx context.Context, v graph.Viewer, kind graph.Kind, text string, n int) ([]string, error) {
	if v.Confined() {
		seen, err := t.sight(ctx, v)
		if err != nil {
			return nil, err
		}
		return nearest(ctx, seen, kind, text, n, nil)
	}
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	return nearest(ctx, everything(t.reader), kind, text, n, t.drafts(kind))
}

// Related implements graph.Navigator.
func (t *tx) Related(ctx context.Context, v graph.Viewer, q graph.RelatedQuery) ([]graph.Page, error) {
	if v.Confined() {
		seen, err := t.sight(ctx, v)
		if err != nil {
			return nil, err
		}
		return related(ctx, seen, q, nil)
	}
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	kind, _ := q.Relation.Leads()
	pages, err := related(ctx, everything(t.reader), q, t.drafts(kind))
	if err != nil || q.Relation != graph.PartnerHoldings {
		return pages, err
	}
	for _, page := range pages {
		for _, node := range page.Nodes {
			t.note(node)
		}
	}
	return pages, nil
}

// note remembers a node that was read on the way to something else.
func (t *tx) note(node graph.Node) {
	called := nameOf(node)
	_, drafted := t.put[called]
	if t.stored[called] == nil && !drafted {
		t.stored[called] = node
	}
}

// sorted are the changed nodes by kind, in the order in which kinds can be loaded, then by id: all writers
// take locks in one order.
func sorted(changed []graph.Node) map[graph.Kind][]graph.Node {
	all := map[graph.Kind][]graph.Node{}
	for _, node := range changed {
		all[node.Kind()] = append(all[node.Kind()], node)
	}
	for _, nodes := range all {
		slices.SortFunc(nodes, func(a, b graph.Node) int { return bytes.Compare([]byte(a.Header().ID), []byte(b.Header().ID)) })
	}
	return all
}
