package resolvers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// A batch is what one operation has loaded. It makes one call of the store a level, whatever the number of
// rows, and does so without waiting for a moment to pass: the executor answers `partners { nodes {
// holdings { nodes { competency } } } }` row by row and concurrently, but all rows of a level stand at the
// same place of the query. The first row that asks for a field there loads it for every row of the level
// above; the others wait for that load.
//
// Nothing is loaded that no field asks for, and nothing twice: nodes are kept by kind and id, lists by
// relation, arguments and parent.
type batch struct {
	graph *graph.Graph
	most  int          // nested rows that the answer may hold
	rows  atomic.Int64 // of them so far
	nodes cache[nodeKey, graph.Node]
	lists cache[listKey, *graph.ListPage]
	// barred is why nothing but what a mutation answers may be read: the key of the viewer has no scope for it.
	barred error

	mu      sync.Mutex
	handed  map[string]bool        // the ids of the customers that the answer holds; nil: none
	levels  map[string]*level      // by the shape of their place
	stated  map[nodeKey]graph.Node // as far as statedFields says
	overrun *shared                // the failure of all rows beyond the bound; nil: none is
	overdue shared                 // the failure of all rows once the time of the request is over
}

// A level is all that stands at one place of a query, of every row.
type level struct {
	ready chan struct{} // closed when the rest is set
	items []any         // in the order of the rows: nodes, candidates, paths
	found map[string]any
	err   error
}

type nodeKey struct {
	kind graph.Kind
	id   string
}

type listKey struct {
	relation graph.Relation
	parent   string
	first    int
	after    string
	total    bool
}

type batchKey struct{}

// newBatch makes the batch of an operation.
func newBatch(g *graph.Graph, most int) *batch {
	return &batch{
		graph: g, most: most, levels: map[string]*level{}, overdue: shared{error: context.DeadlineExceeded},
	}
}

// withBatch gives an operation its batch.
func withBatch(ctx context.Context, b *batch) context.Context {
	return context.WithValue(ctx, batchKey{}, b)
}

func tooManyRows(most int) error {
	return &graph.Error{Code: graph.CodeCostExceeded, Message: fmt.Sprintf("the query asks for too much: more than %d nested rows; ask for fewer with first, or in parts", most)}
}

// batchFrom returns the batch of the operation. Without one there is no operation: that is a mistake of
// the caller, which the recovery of the server reports.
func batchFrom(ctx context.Context) *batch { return ctx.Value(batchKey{}).(*batch) }

// errUnfinished is the failure of a level whose load did not return: it panicked.
var errUnfinished = errors.New("loading a level of the query was broken off")

// shared is a failure that many rows meet. It is presented and logged once, with the first of them.
type shared struct {
	error
	presented atomic.Bool
}

// Unwrap returns what failed.
func (s *shared) Unwrap() error { return s.error }

// admit counts nested rows, and refuses them once the bound or the time of the request is passed.
func (b *batch) admit(ctx context.Context, rows int) error {
	if b.rows.Add(int64(rows)) > int64(b.most) {
		return b.tooMany()
	}
	if ctx.Err() != nil {
		return &b.overdue
	}
	return nil
}

// tooMany is the failure of the rows beyond the bound.
func (b *batch) tooMany() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.overrun == nil {
		b.overrun = &shared{error: tooManyRows(b.most)}
	}
	return b.overrun
}

// level returns what stands at a place; the first who asks loads it.
func (b *batch) level(ctx context.Context, place string, load func(*level) error) (*level, error) {
	if err := b.admit(ctx, 0); err != nil {
		return nil, err
	}
	b.mu.Lock()
	l, begun := b.levels[place]
	if !begun {
		l = &level{ready: make(chan struct{}), found: map[string]any{}, err: errUnfinished}
		b.levels[place] = l
	}
	b.mu.Unlock()
	if begun {
		return l, b.wait(ctx, l)
	}
	defer close(l.ready)
	if l.err = load(l); l.err != nil {
		l.err = &shared{error: l.err}
	}
	return l, l.err
}

func (b *batch) wait(ctx context.Context, l *level) error {
	select {
	case <-l.ready:
		return l.err
	case <-ctx.Done():
		return &b.overdue
	}
}

// above returns the items of the nearest level that a place stands below. That level is loaded: its rows
// are what is being answered.
func (b *batch) above(place string) []any {
	b.mu.Lock()
	defer b.mu.Unlock()
	for cut := strings.LastIndexByte(place, '/'); cut >= 0; cut = strings.LastIndexByte(place, '/') {
		place = place[:cut]
		if l := b.levels[place]; l != nil {
			return l.items
		}
	}
	return nil
}

// placeOf names the place of the query at which a field stands: the types and aliases of the fields from
// the root down to it, without the indices of rows.
func placeOf(ctx context.Context) string {
	var fields []*graphql.FieldContext
	length := 0
	for field := graphql.GetFieldContext(ctx); field != nil; field = field.Parent {
		if field.Index == nil && field.Field.Field != nil {
			fields = append(fields, field)
			length += len(field.Object) + len(field.Field.Alias) + 2
		}
	}
	var place strings.Builder
	place.Grow(length)
	for i := len(fields) - 1; i >= 0; i-- {
		place.WriteByte('/')
		place.WriteString(fields[i].Object)
		place.WriteByte('.')
		place.WriteString(fields[i].Field.Alias)
	}
	return place.String()
}

// read returns the nodes of the ids that exist, in one call for all that are not known yet.
func (b *batch) read(ctx context.Context, kind graph.Kind, ids []string) (map[nodeKey]graph.Node, error) {
	keys := make([]nodeKey, len(ids))
	for i, id := range ids {
		keys[i] = nodeKey{kind, id}
	}
	return b.nodes.get(ctx, keys, func(missing []nodeKey) ([]graph.Node, error) {
		viewer, err := b.reader(ctx)
		if err != nil {
			return nil, err
		}
		unknown := make([]string, len(missing))
		for i, key := range missing {
			unknown[i] = key.id
		}
		return b.graph.Store.Read(ctx, viewer, kind, unknown)
	})
}

// reader is who reads more than what a mutation answers by itself.
func (b *batch) reader(ctx context.Context) (graph.Viewer, error) {
	if b.barred != nil {
		return graph.Viewer{}, b.barred
	}
	return ViewerFrom(ctx)
}

// relate returns the lists of the parents, in one call for all that are not known yet.
func (b *batch) relate(ctx context.Context, args graph.RelatedArgs) (map[string]*graph.ListPage, error) {
	key := listKey{relation: args.Relation, first: *args.First, after: args.After, total: args.Total}
	keys := make([]listKey, len(args.Parents))
	for i, parent := range args.Parents {
		keys[i] = key
		keys[i].parent = parent
	}
	lists, err := b.lists.get(ctx, keys, func(missing []listKey) ([]*graph.ListPage, error) {
		viewer, err := b.reader(ctx)
		if err != nil {
			return nil, err
		}
		args.Parents = make([]string, len(missing))
		for i, key := range missing {
			args.Parents[i] = key.parent
		}
		pages, err := b.graph.Related(ctx, viewer, args)
		found := make([]*graph.ListPage, len(pages))
		for i := range pages {
			pages[i].Km = nil // there is no place that a distance could be measured from
			found[i] = &pages[i]
			b.learn(pages[i].Nodes)
		}
		return found, err
	})
	byParent := make(map[string]*graph.ListPage, len(lists))
	for key, list := range lists {
		byParent[key.parent] = list
	}
	return byParent, err
}

// handOut notes the customers among nodes that the answer holds.
func (b *batch) handOut(nodes ...graph.Node) {
	for _, node := range nodes {
		if c, ok := node.(*graph.Customer); ok {
			b.note(c.ID)
		}
	}
}

func (b *batch) note(customer string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.handed == nil {
		b.handed = map[string]bool{}
	}
	b.handed[customer] = true
}

// forget lets go of all that was loaded before the graph is changed.
func (b *batch) forget() {
	b.nodes.forget()
	b.lists.forget()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stated = nil
}

// learn keeps nodes that a list has brought along.
func (b *batch) learn(nodes []graph.Node) {
	known := make(map[nodeKey]graph.Node, len(nodes))
	for _, node := range nodes {
		known[nodeKey{node.Kind(), node.Header().ID}] = node
	}
	b.nodes.learn(known)
}
