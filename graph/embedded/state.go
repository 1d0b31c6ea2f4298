package embedded

import (
	"strings"

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
	seq   int64
	nodes map[graph.Kind]*tree // by id
	index []*tree              // by place in indexes
	below *btree.Map[string, *subtree]
}

func newState() *state {
	s := &state{nodes: map[graph.Kind]*tree{}, index: make([]*tree, len(indexes)), below: new(btree.Map[string, *subtree])}
	for _, kind := range graph.Kinds {
		s.nodes[kind] = newTree()
	}
	for i := range s.index {
		s.index[i] = newTree()
	}
	return s
}

// fork returns a copy that shares all it does not change. Two forks of one state must not be made at the
// same time: making one marks the trees of the original as shared.
func (s *state) fork() *state {
	f := &state{seq: s.seq, nodes: make(map[graph.Kind]*tree, len(s.nodes)), index: make([]*tree, len(s.index)), below: s.below.Copy()}
	for kind, t := range s.nodes {
		f.nodes[kind] = t.Copy()
	}
	for i, t := range s.index {
		f.index[i] = t.Copy()
	}
	return f
}

// get returns a node, nil if there is none.
func (s *state) get(kind graph.Kind, id string) graph.Node {
	node, _ := s.nodes[kind].Get(id)
	return node
}

// replace puts a node in the place of an old one (nil: none) and keeps every index.
func (s *state) replace(kind graph.Kind, old, node graph.Node) {
	for _, i := range indexesOf[kind] {
		s.reindex(i, old, node)
	}
	s.nodes[kind].Set(node.Header().ID, node)
}

// reindex moves a node within one index. Every entry holds the node itself, so all its entries change.
func (s *state) reindex(i indexID, old, node graph.Node) {
	keys := indexes[i].keys(node)
	if old != nil {
		for _, key := range indexes[i].keys(old) {
			if !contains(keys, key) {
				s.index[i].Delete(key)
			}
		}
	}
	for _, key := range keys {
		s.index[i].Set(key, node)
	}
}

func contains(keys []string, key string) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

// scan calls yield for the entries of an index under a prefix of key parts, in order of key, until it
// returns false.
func (s *state) scan(i indexID, prefix string, yield func(key string, node graph.Node) bool) {
	prefix += separator
	s.index[i].Ascend(prefix, func(key string, node graph.Node) bool {
		return strings.HasPrefix(key, prefix) && yield(key, node)
	})
}

// related reads the nodes of one type under a key of an index.
func related[T graph.Node](s *state, i indexID, prefix string, yield func(T) bool) {
	s.scan(i, prefix, func(_ string, node graph.Node) bool { return yield(node.(T)) })
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
