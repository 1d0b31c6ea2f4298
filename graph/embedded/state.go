package embedded

import (
	"sync/atomic"

	"github.com/tidwall/btree"

	"valueweb/graph"
)

// tree is a copy-on-write ordered map.
type tree = btree.Map[string, graph.Node]

// treeDegree bounds the keys of a tree node: 47 to 95. A write copies one path of nodes a tree. At this
// degree a network of ten times the partners adds at most a quarter to the keys on it, for 3 to 10 holdings
// a partner; at others a level more can add half (growth_test.go measures it).
const treeDegree = 48

func newTree() *tree { return btree.NewMap[string, graph.Node](treeDegree) }

// state is the whole graph at one seq. It is never changed once it is published.
type state struct {
	seq     int64
	edition uint64               // another after every change that can alter what somebody may see
	nodes   map[graph.Kind]*tree // by id
	index   []*tree              // by place in indexes; nil where the index is one of groups
	groups  []*groups            // by place in indexes; nil where the index is a tree of its own order
	below   *btree.Map[string, *subtree]
	// behind is what the indexes do not hold yet; nil once the state is published.
	behind  *backlog
	ledgers *ledgers // shared by all states of a store
	// editions is the last edition of all states of a store: of two that differ, also of one that was never
	// published, no edition is the same.
	editions *atomic.Uint64
}

func newState() *state {
	s := &state{nodes: map[graph.Kind]*tree{}, index: make([]*tree, len(indexes)), groups: make([]*groups, len(indexes)), below: new(btree.Map[string, *subtree]), ledgers: new(ledgers), editions: new(atomic.Uint64)}
	for _, kind := range graph.Kinds {
		s.nodes[kind] = newTree()
	}
	for i := range indexes {
		if indexes[i].key != nil {
			s.index[i] = newTree()
		} else {
			s.groups[i] = newGroups()
		}
	}
	return s
}

// fork returns a copy that shares all it does not change. Two forks of one state must not be made at the
// same time: making one marks the trees of the original as shared.
func (s *state) fork() *state {
	f := &state{
		seq: s.seq, edition: s.edition, nodes: make(map[graph.Kind]*tree, len(s.nodes)), index: make([]*tree, len(s.index)), groups: make([]*groups, len(s.groups)),
		below: s.below.Copy(), behind: &backlog{}, ledgers: s.ledgers, editions: s.editions,
	}
	for kind, t := range s.nodes {
		f.nodes[kind] = t.Copy()
	}
	for i := range indexes {
		if s.index[i] != nil {
			f.index[i] = s.index[i].Copy()
		} else {
			f.groups[i] = s.groups[i].copy()
		}
	}
	return f
}

// get returns a node, nil if there is none.
func (s *state) get(kind graph.Kind, id string) graph.Node {
	node, _ := s.nodes[kind].Get(id)
	return node
}

// replace puts a node in the place of an old one (nil: none). The indexes follow when they are read, or
// all at once: see catchUp.
func (s *state) replace(kind graph.Kind, old, node graph.Node) {
	if kind.AltersAccess() {
		s.edition = s.editions.Add(1)
	}
	s.nodes[kind].Set(node.Header().ID, node)
	s.behind.add(kind, old, node)
}

func contains(keys []string, key string) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

// scan calls yield for the nodes under a parent, in the order of their ids, until it returns false.
func (s *state) scan(i indexID, parent string, yield func(id string, node graph.Node) bool) {
	s.reach(i)
	s.groups[i].under(parent, "", func(node graph.Node) bool { return yield(node.Header().ID, node) })
}

// group is the nodes under a parent.
func (s *state) group(i indexID, parent string) group {
	s.reach(i)
	of, _ := s.groups[i].tree.Get(parent)
	return of
}

// related reads the nodes of one type under a parent.
func related[T graph.Node](s *state, i indexID, parent string, yield func(T) bool) {
	s.reach(i)
	s.groups[i].under(parent, "", func(node graph.Node) bool { return yield(node.(T)) })
}

// lookup returns a node as its type; ok is false if there is none.
func lookup[T graph.Node](s *state, kind graph.Kind, id string) (T, bool) {
	node, ok := s.nodes[kind].Get(id)
	if !ok {
		var none T
		return none, false
	}
	return node.(T), true
}
