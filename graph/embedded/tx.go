package embedded

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"valueweb/graph"
)

// tx is a transaction under way: a fork of the state, and what it was before.
type tx struct {
	store   *Store
	viewer  graph.Viewer
	base    *state // as it stood when the transaction began
	state   *state
	now     time.Time
	touched map[graph.Kind]map[string]*touched
	order   []*touched // of the first put
	spare   []touched  // memory for those that the nodes of one Put may need
	events  []graph.Event

	receipts []graph.Receipt
}

// touched is a node that a transaction put: what it was before (nil: it is new), and what it is now.
type touched struct{ before, now graph.Node }

func (s *Store) begin(v graph.Viewer, base *state) *tx {
	return &tx{store: s, viewer: v, base: base, state: s.fork(base), now: s.clock().UTC().Truncate(time.Millisecond), touched: map[graph.Kind]map[string]*touched{}}
}

// Put implements graph.Tx.
func (t *tx) Put(ctx context.Context, nodes []graph.Node) ([]error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	refusals := make([]error, len(nodes))
	taxonomy := map[string][]string{}
	t.grow(nodes)
	for i, node := range nodes {
		if i%piece == piece-1 {
			t.state.goOn(node.Kind())
		}
		if refusals[i] = t.state.check(node); refusals[i] != nil {
			continue
		}
		if c, ok := node.(*graph.Competency); ok {
			old, _ := lookup[*graph.Competency](t.state, graph.KindCompetency, c.ID)
			if _, noted := taxonomy[c.ID]; !noted && old != nil {
				taxonomy[c.ID] = old.Broader
			} else if !noted {
				taxonomy[c.ID] = nil
			}
		}
		if err := t.put(node); err != nil {
			return nil, err
		}
	}
	if len(taxonomy) > 0 {
		t.state.retell(taxonomy)
	}
	return refusals, nil
}

// grow makes room for nodes that are to be put.
func (t *tx) grow(nodes []graph.Node) {
	t.order = slices.Grow(t.order, len(nodes))
	for rest := nodes; len(rest) > 0; {
		kind, n := rest[0].Kind(), 1
		for n < len(rest) && rest[n].Kind() == kind {
			n++
		}
		t.state.behind.grow(kind, n)
		if t.touched[kind] == nil {
			t.touched[kind] = make(map[string]*touched, n)
		}
		rest = rest[n:]
	}
	t.spare = slices.Grow(t.spare[:0:0], len(nodes))
}

// put writes one checked node, unless it equals what is stored.
func (t *tx) put(node graph.Node) error {
	kind, header := node.Kind(), node.Header()
	of := t.touched[kind]
	known := of[header.ID]
	current := t.state.get(kind, header.ID)
	base := current
	if known != nil {
		base = known.before
	}
	if base == nil {
		header.Version, header.CreatedAt, header.UpdatedAt = 1, t.now, t.now
	} else {
		same, err := sameContent(base, node)
		if err != nil {
			return err
		}
		if same {
			node = base
		} else {
			header.Version, header.CreatedAt, header.UpdatedAt = base.Header().Version+1, base.Header().CreatedAt, t.now
		}
	}
	if known == nil {
		if base != nil && node == base {
			return nil
		}
		t.spare = append(t.spare, touched{before: base})
		known = &t.spare[len(t.spare)-1]
		of[header.ID] = known
		t.order = append(t.order, known)
	}
	known.now = node
	t.state.replace(kind, current, node)
	return nil
}

// sameContent reports whether a node states what the base does; it takes over the base's version and
// time stamps, which are the store's to set.
func sameContent(base, node graph.Node) (bool, error) {
	header := node.Header()
	header.Version, header.CreatedAt, header.UpdatedAt = base.Header().Version, base.Header().CreatedAt, base.Header().UpdatedAt
	a, err := encode(base)
	if err != nil {
		return false, err
	}
	b, err := encode(node)
	return bytes.Equal(a, b), err
}

// changes lists the nodes that differ from what they were, in the order in which they were first put.
func (t *tx) changes() []graph.Node {
	nodes := make([]graph.Node, 0, len(t.order))
	for _, one := range t.order {
		if one.now != one.before {
			nodes = append(nodes, one.now)
		}
	}
	return nodes
}

// Changed implements graph.Tx.
func (t *tx) Changed() []string {
	changes := t.changes()
	if len(changes) == 0 {
		return nil
	}
	gids := make([]string, len(changes))
	for i, node := range changes {
		gids[i] = node.GID()
	}
	return gids
}

// Log implements graph.Tx.
func (t *tx) Log(_ context.Context, event graph.Event) error {
	if t.events == nil {
		t.events = make([]graph.Event, 0, 1+len(t.order)) // as many as an import has
	}
	event.Seq = t.state.seq + int64(len(t.events)) + 1
	event.At, event.Actor = t.now, t.viewer.String()
	if kind, id, ok := graph.ParseGID(event.Subject); ok {
		if subject := t.get(kind, id); subject != nil {
			event.Version = subject.Header().Version
		}
	}
	t.events = append(t.events, event)
	return nil
}

// get returns a node as the transaction sees it, nil if there is none.
func (t *tx) get(kind graph.Kind, id string) graph.Node {
	if one := t.touched[kind][id]; one != nil {
		return one.now
	}
	return t.state.get(kind, id)
}

// Read implements graph.Reader.
func (t *tx) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	now, err := t.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.read(kind, ids), nil
}

// view is what a viewer reads in the transaction: an operator its changes, too.
func (t *tx) view(ctx context.Context, v graph.Viewer) (*sight, error) {
	if v.Confined() {
		return t.store.viewOf(ctx, t.base, v)
	}
	return t.store.viewOf(ctx, t.state, v)
}

// Access implements graph.Gatekeeper.
func (t *tx) Access(ctx context.Context, v graph.Viewer) (*graph.Access, error) {
	now, err := t.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.Access, nil
}

// Nearest implements graph.Reader.
func (t *tx) Nearest(ctx context.Context, v graph.Viewer, kind graph.Kind, text string, n int) ([]string, error) {
	now, err := t.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.nearest(ctx, kind, text, n)
}

// Related implements graph.Navigator.
func (t *tx) Related(ctx context.Context, v graph.Viewer, q graph.RelatedQuery) ([]graph.Page, error) {
	now, err := t.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.relatedPages(q)
}

// complete refuses a transaction that breaks the promise that a change is never without an event.
func (t *tx) complete() (changed []graph.Node, err error) {
	changed = t.changes()
	if len(changed) > 0 && len(t.events) == 0 {
		return nil, fmt.Errorf("%d changed nodes without an event: a change is logged in its own transaction", len(changed))
	}
	return changed, nil
}
