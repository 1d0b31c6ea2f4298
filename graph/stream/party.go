package stream

// party are the subscriptions of all who may read the same: most often there is one.
type party struct {
	asker
	first *Subscription // the others hang on it
	// Of the feed: the number of the subject of which it was asked last whether they may read it, and where they stand
	// among those who ask.
	asked uint64
	asks  int
}

// each calls yield for all of them, which may leave meanwhile.
func (p *party) each(yield func(*Subscription)) {
	if p == nil {
		return
	}
	for s := p.first; s != nil; {
		next := s.next
		yield(s)
		s = next
	}
}

// enter lets a subscription join its party. The feed is locked.
func (f *Feed) enter(s *Subscription) {
	p := f.askers[s.who]
	if p == nil {
		p = &party{asker: s.who}
		f.askers[s.who] = p
	}
	s.party = p
	if s.next = p.first; s.next != nil {
		s.next.previous = s
	}
	p.first = s
}

// exit has it leave, once.
func (f *Feed) exit(s *Subscription) {
	p := s.party
	if p == nil {
		return
	}
	s.party = nil
	if s.next != nil {
		s.next.previous = s.previous
	}
	if s.previous != nil {
		s.previous.next = s.next
	} else if p.first = s.next; p.first == nil {
		delete(f.askers, p.asker)
	}
	s.next, s.previous = nil, nil
}
