package world

import (
	"math/rand/v2"
	"slices"
)

// partnership joins two or more partners, in order.
type partnership struct {
	parties             []int
	kind, collaboration string
	starts, ends        day
}

var (
	partnershipKinds = []string{"alliance", "channel", "channel", "resale", "delivery"}
	collaborations   = []string{"LOW", "LOW", "MEDIUM", "MEDIUM", "HIGH"}
)

func (w *world) buildPartnerships() {
	w.partnerships = append(w.partnerships, w.cast.partnerships...)
	for i := len(w.partnerships); i < w.spec.partnerships; i++ {
		w.partnerships = append(w.partnerships, w.newPartnership(i))
	}
	for i, s := range w.partnerships {
		for _, p := range s.parties {
			w.partners[p].partnerships = append(w.partners[p].partnerships, i)
		}
	}
}

// newPartnership: every twelfth is a joint venture of three; a quarter are over, some have yet to begin.
func (w *world) newPartnership(i int) partnership {
	r := w.stream("partnerships", i)
	s := partnership{kind: one(r, partnershipKinds), collaboration: one(r, collaborations)}
	parties := 2
	if i%12 == 11 {
		parties, s.kind = 3, "joint venture"
	}
	for len(s.parties) < parties {
		s.parties = append(s.parties, w.ally(r, s.parties))
	}
	for _, p := range s.parties {
		s.starts = max(s.starts, w.partners[p].joined)
	}
	s.starts += day(between(r, 0, max(0, int(w.until-s.starts))))
	switch {
	case chance(r, 25): // over
		s.ends = max(s.starts, w.until-day(between(r, 5, 300)))
	case chance(r, 8): // yet to begin
		s.starts = w.until + day(between(r, 10, 90))
	case chance(r, 30):
		s.ends = w.until + day(between(r, 30, 700))
	}
	return s
}

// ally is an ACTIVE partner, of the first party's circle as a rule.
func (w *world) ally(r *rand.Rand, before []int) int {
	for {
		from := &w.continents[w.continentFor(r, before)].peers
		if len(before) > 0 && chance(r, w.circleShare) {
			from = &w.circles[w.partners[before[0]].circle].peers
		}
		if p := from.draw(r); w.partners[p].status == active && !slices.Contains(before, p) {
			return p
		}
	}
}

// continentFor is that of the first of the partners, or any.
func (w *world) continentFor(r *rand.Rand, partners []int) int {
	if len(partners) == 0 {
		return w.anyContinent(r)
	}
	return w.continentOf(partners[0])
}

func (w *world) partnershipID(i int) string {
	return number("partnership", i+1, w.spec.partnerships)
}

func (s partnership) inForce(on day) bool {
	return s.starts <= on && (s.ends == 0 || s.ends >= on)
}

// sharedIn lists the partnerships in force that join an owner to one of the others and share data.
func (w *world) sharedIn(owner int, others []int) []string {
	var ids []string
	for _, i := range w.partners[owner].partnerships {
		s := w.partnerships[i]
		if s.collaboration != "LOW" && s.inForce(w.until) &&
			slices.ContainsFunc(others, func(p int) bool { return slices.Contains(s.parties, p) }) {
			ids = append(ids, w.partnershipID(i))
		}
	}
	return ids
}

func (w *world) partnershipRows(yield func([]string) bool) {
	for i, s := range w.partnerships {
		r := w.stream("partnership people", i)
		var parties []string
		for _, p := range s.parties {
			parties = append(parties, w.partners[p].id)
		}
		people := w.contacts(s.parties[0])
		row := []string{w.partnershipID(i), list(parties...), s.kind, s.collaboration, s.starts.String(), s.ends.String(),
			when(chance(r, 75), people[0].id), when(chance(r, 75), people[len(people)-1].id), synthetic}
		if !yield(row) {
			return
		}
	}
}
