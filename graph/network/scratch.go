package network

import "sync"

// scratch is the memory of a question for trust, kept from one to the next: what it holds of a partner is
// valid where the stamp is that of the present turn, so that nothing needs to be cleared in between.
type scratch struct {
	turn    uint32
	without []uint32 // by partner: the turn in which it carries no trust
	first   []firstReach
	second  []secondReach
}

// firstReach is how the asker reaches a partner by one tie.
type firstReach struct {
	strength float64
	turn     uint32
}

// secondReach is how the asker reaches a partner by two ties: the strongest way, the partner in between,
// and how strong the next best is.
type secondReach struct {
	best, rival float64
	via         int32
	turn        uint32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// takeScratch returns memory for a network of n partners, all of it invalid.
func takeScratch(n int) *scratch {
	s := scratches.Get().(*scratch)
	if s.turn++; len(s.first) < n || s.turn == 0 {
		room := n + n/8
		s.turn = 1
		s.without = make([]uint32, room)
		s.first = make([]firstReach, room)
		s.second = make([]secondReach, room)
	}
	return s
}

func (s *scratch) release() { scratches.Put(s) }
