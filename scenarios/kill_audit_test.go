package scenarios

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// audit opens the directory in this process and looks at everything in it.
func (m *mortal) audit() {
	checkPages(m.T, m.dir)
	store, err := embedded.Open(context.Background(), m.dir, embedded.Options{})
	if err != nil {
		m.Fatalf("after the kill the store does not open: %v", err)
	}
	a := newAudit(m.T, store)
	a.log(m.seq)
	a.indexes()
	m.versions(a)
	if err := store.Close(); err != nil {
		m.Fatal(err)
	}
	if m.Failed() {
		m.FailNow()
	}
}

// versions checks that every transaction is there whole or not at all, in the order of the sheets, and
// that all that was acknowledged is.
func (m *mortal) versions(a *audit) {
	before := m.sent // what the sheet before says
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindHolding} {
		newest, again, added := 0, map[int]int{}, map[int]int{}
		for _, node := range a.nodes[kind] {
			v, anew := toldBy(node)
			if newest = max(newest, v); anew {
				again[v]++
			} else {
				added[v]++
			}
		}
		if newest > 0 && (len(again) != 1 || again[newest] != core) {
			m.Errorf("%s: rows of several versions: %v", kind, again)
		}
		if newest < m.acknowledged || newest > before {
			m.Errorf("%s: version %d is there; %d was acknowledged, and the sheet before is at %d", kind, newest, m.acknowledged, before)
		}
		for v := 1; v <= newest; v++ {
			if added[v] != fresh {
				m.Errorf("%s: version %d brought %d nodes, %d are there", kind, v, fresh, added[v])
			}
		}
		if kind != graph.KindPartner && newest < before {
			m.inPart++
		}
		before = newest
	}
}

// toldBy is the version that a node tells, and whether every version tells it anew.
func toldBy(node graph.Node) (v int, anew bool) {
	switch n := node.(type) {
	case *graph.Partner:
		return *n.Employees, n.ID[0] == 'p'
	case *graph.Office:
		v, _ = strconv.Atoi(strings.TrimPrefix(n.City, "Version "))
		return v, n.ID[0] == 'o'
	case *graph.Holding:
		for day(v) != n.Until.String() {
			v++
		}
		return v, n.Partner[0] == 'p'
	}
	return 0, false
}

// checkPages lets bbolt check its file: every page is reached once or free.
func checkPages(t *testing.T, dir string) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(dir, "valueweb.db"), 0o644, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bolt.Tx) error {
		var all []error
		for err := range tx.Check() {
			all = append(all, err)
		}
		return errors.Join(all...)
	})
	if err != nil {
		t.Fatalf("the pages of the file: %v", err)
	}
}

// audit is everything in a store.
type audit struct {
	*testing.T
	store *embedded.Store
	nodes map[graph.Kind][]graph.Node // by id
}

func newAudit(t *testing.T, store *embedded.Store) *audit {
	a := &audit{T: t, store: store, nodes: map[graph.Kind][]graph.Node{}}
	for _, kind := range graph.Kinds {
		a.nodes[kind] = a.list(kind, graph.OrderByID)
	}
	return a
}

func (a *audit) list(kind graph.Kind, order graph.OrderField) []graph.Node {
	page, err := a.store.List(context.Background(), graph.Operator, graph.ListQuery{
		Kind: kind, Order: graph.Order{Field: order}, Page: graph.PageQuery{First: math.MaxInt32},
	})
	if err != nil {
		a.Fatal(err)
	}
	return page.Nodes
}

// log checks that the log is gapless up to a seq or further, and that it tells of every version of every
// node: a node is as many versions old as there are transactions that changed it.
func (a *audit) log(atLeast int64) {
	events, err := a.store.Events(context.Background(), graph.Operator, 0, math.MaxInt32)
	if err != nil {
		a.Fatal(err)
	}
	seq, err := a.store.Seq(context.Background())
	if err != nil {
		a.Fatal(err)
	}
	if seq < atLeast || int64(len(events)) != seq {
		a.Errorf("the log is at seq %d and holds %d events; seq %d was acknowledged", seq, len(events), atLeast)
	}
	changes := map[string]int{}
	for i, event := range events {
		if event.Seq != int64(i+1) {
			a.Fatalf("event %d of the log has the seq %d", i+1, event.Seq)
		}
		if event.Type == graph.EventImportApplied {
			for _, gid := range event.Changes {
				changes[gid]++
			}
		}
	}
	for _, kind := range graph.Kinds {
		for _, node := range a.nodes[kind] {
			if at := node.Header().Version; at < 1 || at != changes[node.GID()] {
				a.Errorf("%s is at version %d; the log tells of %d changes", node.GID(), at, changes[node.GID()])
			}
			delete(changes, node.GID())
		}
	}
	if len(changes) > 0 {
		a.Errorf("the log tells of %d nodes that do not exist", len(changes))
	}
}

// indexes checks that lists and relations show what the tables hold.
func (a *audit) indexes() {
	a.related(graph.PartnerOffices, graph.KindPartner, graph.KindOffice, func(n graph.Node) string { return n.(*graph.Office).Partner })
	a.related(graph.PartnerHoldings, graph.KindPartner, graph.KindHolding, func(n graph.Node) string { return n.(*graph.Holding).Partner })
	a.related(graph.CompetencyHoldings, graph.KindCompetency, graph.KindHolding, func(n graph.Node) string { return n.(*graph.Holding).Competency })
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindCompetency} {
		byName := a.list(kind, graph.OrderByName)
		slices.SortFunc(byName, func(x, y graph.Node) int { return strings.Compare(x.Header().ID, y.Header().ID) })
		if !slices.Equal(byName, a.nodes[kind]) {
			a.Errorf("%s: the list by name holds other nodes than the list by id", kind)
		}
	}
}

func (a *audit) related(relation graph.Relation, parents, children graph.Kind, parent func(graph.Node) string) {
	of := map[string][]graph.Node{}
	for _, child := range a.nodes[children] {
		of[parent(child)] = append(of[parent(child)], child)
	}
	var ids []string
	for _, node := range a.nodes[parents] {
		ids = append(ids, node.Header().ID)
	}
	pages, err := a.store.Related(context.Background(), graph.Operator, graph.RelatedQuery{
		Relation: relation, Parents: ids, Page: graph.PageQuery{First: math.MaxInt32},
	})
	if err != nil {
		a.Fatal(err)
	}
	for i, id := range ids {
		if !slices.Equal(pages[i].Nodes, of[id]) {
			a.Errorf("%s of %s: %d nodes, by their tables %d", relation, id, len(pages[i].Nodes), len(of[id]))
		}
		delete(of, id)
	}
	if len(of) > 0 {
		a.Errorf("%s: %d parents do not exist", relation, len(of))
	}
}
