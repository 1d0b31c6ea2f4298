package world

import (
	"math/rand/v2"
	"slices"
	"strconv"
)

// holding is a partner's claim to a competency.
type holding struct {
	competency   string
	office       int // 1 is the first office; 0: partner-wide
	level        int // 0: not stated
	since, until day
	remote       bool
	offer        string
}

// buildHoldings gives every partner a main competency by Zipf's law over the market and, mostly, others of the same trade.
func (w *world) buildHoldings() {
	for i := range w.partners {
		p := &w.partners[i]
		if len(p.holdings) == 0 {
			p.holdings = w.newHoldings(i)
		}
		p.trade = w.root(p.holdings[0].competency)
	}
}

func (w *world) newHoldings(i int) []holding {
	p, r := &w.partners[i], w.stream("holdings", i)
	main := w.spec.market[w.market.draw(r)]
	holdings := []holding{w.newHolding(r, p, main)}
	further, attempts := w.furtherCount(r, p)
	for range further {
		for range attempts {
			if c := w.furtherCompetency(r, main); !holds(holdings, c) {
				holdings = append(holdings, w.newHolding(r, p, c))
				break
			}
		}
	}
	return holdings
}

// furtherCount is how many competencies a partner is to hold beside its main one, and how often to look for each.
func (w *world) furtherCount(r *rand.Rand, p *partner) (count, attempts int) {
	if w.most > 0 {
		return w.breadth.draw(r) - 1, tries
	}
	return between(r, 1, 3) + len(p.offices)/2, 1
}

// furtherCompetency stays within the trade of the main one in two cases out of three.
func (w *world) furtherCompetency(r *rand.Rand, main string) string {
	c := w.spec.market[w.market.draw(r)]
	if chance(r, 66) {
		for range tries {
			if w.root(c) == w.root(main) && c != main {
				break
			}
			c = w.spec.market[w.market.draw(r)]
		}
	}
	return c
}

func holds(holdings []holding, competency string) bool {
	return slices.ContainsFunc(holdings, func(h holding) bool { return h.competency == competency })
}

var offers = []string{"Fixed-price start", "Full care", "By the hour", "Pilot in four weeks", "Yearly contract"}

func (w *world) newHolding(r *rand.Rand, p *partner, competency string) holding {
	h := holding{competency: competency, since: max(p.joined, w.from-3650) + day(r.IntN(300))}
	if !chance(r, 10) {
		h.level = 1 + min(4, r.IntN(3)+r.IntN(4))
	}
	if n := len(p.offices); n > 0 && chance(r, 35) {
		h.office = 1 + r.IntN(n)
	}
	h.remote = len(p.offices) == 0 || chance(r, 12)
	if chance(r, 30) {
		h.offer = one(r, offers)
	}
	switch {
	case p.status == left:
		h.until = p.gone
	case chance(r, 6): // ended
		h.until = w.until - day(between(r, 1, 200))
	case chance(r, 6): // ends soon
		h.until = w.until + day(between(r, 10, 85))
	case chance(r, 8):
		h.until = w.until + day(between(r, 200, 900))
	}
	if h.until != 0 && h.since > h.until {
		h.since = h.until
	}
	return h
}

func (w *world) holdingRows(yield func([]string) bool) {
	for i := range w.partners {
		p := &w.partners[i]
		for _, h := range p.holdings {
			row := []string{p.id, h.competency, p.officeID(h.office), stated(h.level), h.since.String(), h.until.String(),
				when(h.remote, strconv.FormatBool(true)), h.offer, synthetic}
			if !yield(row) {
				return
			}
		}
	}
}

// officeID is the id of the n-th office, counted from 1; empty for 0, the whole partner.
func (p *partner) officeID(n int) string {
	if n == 0 {
		return ""
	}
	return p.offices[n-1].id
}
