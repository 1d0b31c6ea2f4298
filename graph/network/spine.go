package network

import (
	"cmp"
	"slices"
)

// spine is the list of pages of a snapshot to be, each copied when it is first changed.
type spine struct {
	pages []*page
	own   []bool
}

func newSpine(pages []*page) *spine {
	return &spine{pages: slices.Clone(pages), own: make([]bool, len(pages))}
}

// page is the page of a partner, to be changed.
func (s *spine) page(n int32) *page {
	i := int(n / pageSize)
	for len(s.pages) <= i {
		s.pages, s.own = append(s.pages, new(page)), append(s.own, true)
	}
	if !s.own[i] {
		copied := *s.pages[i]
		s.pages[i], s.own[i] = &copied, true
	}
	return s.pages[i]
}

// add puts a partner of whom nothing is known but the id.
func (s *spine) add(n int32, id string) { s.page(n).nodes[n%pageSize] = &node{id: id} }

// put changes what is kept of a partner; a node whose name stays is kept with the rows that it remembers.
func (s *spine) put(n int32, to partner) {
	p := s.page(n)
	at, bit := &p.nodes[n%pageSize], uint64(1)<<(n%pageSize)
	p.active &^= bit
	if to.active {
		p.active |= bit
	}
	if (*at).name != to.name {
		*at = &node{id: (*at).id, name: to.name, ties: (*at).ties}
	}
}

// rewire changes ties of a partner.
func (s *spine) rewire(n int32, changes []neighbour) {
	at := &s.page(n).nodes[n%pageSize]
	ties := splice((*at).ties, changes, compareNeighbours, neighbour.gone)
	*at = &node{id: (*at).id, name: (*at).name, ties: ties}
}

func compareNeighbours(a, b neighbour) int { return cmp.Compare(a.to, b.to) }

func (n neighbour) gone() bool { return n.tie == nil }
