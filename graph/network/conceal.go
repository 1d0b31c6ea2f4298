package network

import (
	"slices"

	"valueweb/graph"
)

// concealing is the network as one sees it from whom some referrals are hidden: their ties are those of the rest.
func (s *snapshot) concealing(hidden []*graph.Referral) *snapshot {
	if len(hidden) == 0 {
		return s
	}
	e := newLedger().begin(s)
	for _, r := range hidden {
		from, ok := s.ids.find(r.From)
		to, also := s.ids.find(r.To)
		if ok && also && from != to {
			d := e.draft(newPair(from, to))
			d.referrals = append(d.referrals, referral{id: r.ID, gone: true})
		}
	}
	return e.snapshot(s.seq)
}

// beside adds the partners that are hidden to those that a question leaves out anyhow.
func beside(left []string, hidden map[string]bool) []string {
	if len(hidden) == 0 {
		return left
	}
	left = slices.Clone(left)
	for id := range hidden {
		left = append(left, id)
	}
	return left
}
