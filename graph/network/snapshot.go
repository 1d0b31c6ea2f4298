package network

import (
	"cmp"
	"slices"
	"sync/atomic"

	"valueweb/graph"
)

// snapshot is the network as it stands at a seq. Nothing in it changes but the rows that nodes remember
// and the channel, which is closed once another snapshot has taken its place.
type snapshot struct {
	seq        int64
	ids        index
	pages      []*page // partner n is nodes[n%pageSize] of page n/pageSize
	superseded chan struct{}
}

// eachTie calls yield for every tie, once.
func (s *snapshot) eachTie(yield func(between pair, t *tie)) {
	for n := range int32(s.len()) {
		for _, to := range s.node(n).ties {
			if n < to.to {
				yield(pair{n, to.to}, to.tie)
			}
		}
	}
}

// pageSize is the number of partners that are copied together when one of them changes: a bit each in
// page.active.
const pageSize = 64

// page holds the partners of consecutive numbers.
type page struct {
	active uint64 // bit i: nodes[i] is a partner, and ACTIVE
	nodes  [pageSize]*node
}

// node is a partner and its ties. A partner that is merely named by others is a node that is not active.
type node struct {
	id   string
	name string      // empty: not known
	ties []neighbour // ascending by number
	rows [2]atomic.Pointer[row]
}

// neighbour is one end of a tie as seen from the other. Both ends share the tie.
type neighbour struct {
	to  int32
	tie *tie // never nil in a node; in a change, nil takes the tie away
}

// row is what the ties of a node are worth on a day.
type row struct {
	asOf  graph.Date
	steps []step
}

// step leads from one partner to another over a tie of a strength above 0.
type step struct {
	to       int32
	strength float64
}

func emptySnapshot() *snapshot {
	return &snapshot{ids: newIndex(), superseded: make(chan struct{})}
}

// len is the number of partners, which are numbered from 0.
func (s *snapshot) len() int { return s.ids.len() }

func (s *snapshot) node(n int32) *node { return s.pages[n/pageSize].nodes[n%pageSize] }

func (s *snapshot) active(n int32) bool {
	return s.pages[n/pageSize].active>>(n%pageSize)&1 == 1
}

// findActive is the number of an ACTIVE partner.
func (s *snapshot) findActive(id string) (number int32, ok bool) {
	number, ok = s.ids.find(id)
	return number, ok && s.active(number)
}

// tie is the tie of two partners, nil for none. It is looked up at the end that has fewer.
func (s *snapshot) tie(a, b int32) *tie {
	ties, to := s.node(a).ties, b
	if others := s.node(b).ties; len(others) < len(ties) {
		ties, to = others, a
	}
	i, found := slices.BinarySearchFunc(ties, to, func(n neighbour, to int32) int { return cmp.Compare(n.to, to) })
	if !found {
		return nil
	}
	return ties[i].tie
}

// steps are the ties of a partner that have a strength on a day, ascending by number.
func (s *snapshot) steps(n int32, day moment) []step { return s.node(n).steps(day) }

// steps computes the strengths of a day once and remembers those of the last day or two asked about; a
// write drops only the rows of the nodes that it changes.
func (n *node) steps(day moment) []step {
	slot := &n.rows[uint32(day.asOf)%uint32(len(n.rows))]
	if r := slot.Load(); r != nil && r.asOf == day.asOf {
		return r.steps
	}
	r := &row{asOf: day.asOf, steps: make([]step, 0, len(n.ties))}
	for _, other := range n.ties {
		if strength := other.tie.strength(day); strength > 0 {
			r.steps = append(r.steps, step{to: other.to, strength: strength})
		}
	}
	slot.Store(r)
	return r.steps
}

// chain is a path by numbers, from its start on.
type chain struct {
	nodes    []int32
	strength float64 // the product of its ties, taken from the start on
}

// path tells a chain in full, in slices that the caller provides room for.
func (s *snapshot) path(c chain, day moment, partners []string, ties []graph.Tie) graph.TrustPath {
	for i, n := range c.nodes {
		partners = append(partners, s.node(n).id)
		if i > 0 {
			ties = append(ties, s.tie(c.nodes[i-1], n).told(partners[i-1], partners[i], day))
		}
	}
	return graph.TrustPath{Partners: partners, Ties: ties, Strength: c.strength}
}

// compare orders chains of equal strength: fewer ties, then the lexicographically smallest ids.
func (s *snapshot) compare(a, b chain) int {
	if c := cmp.Compare(len(a.nodes), len(b.nodes)); c != 0 {
		return c
	}
	return slices.CompareFunc(a.nodes, b.nodes, s.compareIDs)
}

func (s *snapshot) compareIDs(a, b int32) int {
	if a == b {
		return 0
	}
	return cmp.Compare(s.node(a).id, s.node(b).id)
}
