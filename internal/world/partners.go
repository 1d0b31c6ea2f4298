package world

import (
	"cmp"
	"math/rand/v2"
	"strconv"
)

// Statuses of a partner.
const (
	active    = "ACTIVE"
	pending   = "PENDING"
	suspended = "SUSPENDED"
	left      = "LEFT"
)

// unstated is the capacity of a partner that states none.
const unstated = -1

// partner is the state that is kept per partner.
type partner struct {
	id, name, kind, status, tier string
	capacity, employees          int
	joined                       day
	// gone is when a SUSPENDED or LEFT partner stopped taking part.
	gone         day
	trade        string // the root of what it mostly does
	offices      []office
	holdings     []holding
	certificates []certificate // of the cast; the others' are made while they are written
	homes        []int         // of the cast: the places of its offices
	apart        bool          // of the cast: its ties are those fixed by hand
	partnerships []int         // by number
	walls        []int         // by number: those that keep it out
	circle       int
	weight       uint64 // how much it is referred to
	reach        uint64 // how much it refers and allies itself
	wins         int    // percent of the referrals to it that it wins
}

// compareTrade orders partners by continent, then trade, then place, then number.
func (w *world) compareTrade(i, j int) int {
	p, q := &w.partners[i], &w.partners[j]
	return cmp.Or(cmp.Compare(w.continentOf(i), w.continentOf(j)), cmp.Compare(p.trade, q.trade), cmp.Compare(p.home(), q.home()), cmp.Compare(i, j))
}

// home is the place of the first office; -1 without one.
func (p *partner) home() int {
	if len(p.offices) == 0 {
		return -1
	}
	return p.offices[0].place
}

// takesPart says whether partner i may enter into business on a day, such that it ends before the partner goes.
func (w *world) takesPart(i int, on day) bool {
	p := &w.partners[i]
	return on >= p.joined && (p.status == active || p.gone-day(w.longest) > on)
}

var (
	kinds = []string{"INTEGRATOR", "INTEGRATOR", "SERVICE_PROVIDER", "SERVICE_PROVIDER", "CONSULTANCY", "RESELLER", "RESELLER", "ISV",
		"VENDOR", "DISTRIBUTOR", "AGENCY", "MANUFACTURER", "OTHER"}
	tiers    = []string{"REGISTERED", "SILVER", "GOLD", "PLATINUM"}
	headings = []string{"family-owned", "around-the-clock", "public-sector", "small-projects", "multilingual"}
)

// buildPartners makes all but the cast; the last ones are those that are not ACTIVE.
func (w *world) buildPartners() {
	w.partners = append(w.partners, w.cast.partners...)
	for i := len(w.partners); i < w.spec.partners; i++ {
		w.partners = append(w.partners, w.newPartner(i))
	}
	standing := w.standings()
	for i := range w.partners {
		p, r := &w.partners[i], w.stream("standing", i+1)
		p.id = w.organisationID("p", i, w.spec.partners, p.name)
		p.weight = powerLaw(standing[i]+1, w.standingSkew)
		p.reach = powerLaw(standing[i]+1, w.sendingSkew)
		p.wins = between(r, 30, 85)
		p.employees = 4 + between(r, 1, 40)*between(r, 1, 40)/(1+standing[i]/8)
		if i >= len(w.cast.partners) && p.status != pending {
			p.tier = tierOf(r, standing[i], len(w.partners)/len(w.continents))
			p.capacity = w.capacityOf(r, standing[i], p.weight)
		}
	}
}

// standings ranks the partners of each continent, from 0.
func (w *world) standings() []int {
	r, standings := w.stream("standing", 0), make([]int, len(w.partners))
	for c := range w.continents {
		for n, rank := range r.Perm(w.countIn(c, len(w.partners))) {
			standings[n*len(w.continents)+c] = rank
		}
	}
	return standings
}

// countIn is how many of so many partners or customers are in a continent.
func (w *world) countIn(continent, of int) int {
	return (of - continent + len(w.continents) - 1) / len(w.continents)
}

func (w *world) newPartner(i int) partner {
	r := w.stream("partners", i)
	p := partner{name: partnerName(i), kind: one(r, kinds), status: w.statusOf(i), capacity: unstated, joined: w.from - day(between(r, 0, 3650))}
	if chance(r, 10) {
		p.joined = w.from + day(r.IntN(w.arrivals))
	}
	switch p.status {
	case pending:
		p.joined = 0
	case suspended, left:
		p.gone = w.until - day(between(r, 60, 240))
	}
	return p
}

func (w *world) statusOf(i int) string {
	switch fromEnd := w.spec.partners - 1 - i; {
	case fromEnd < w.pending:
		return pending
	case fromEnd < w.pending+w.suspended:
		return suspended
	case fromEnd < w.pending+w.suspended+w.left:
		return left
	}
	return active
}

// tierOf mostly follows standing; some state none.
func tierOf(r *rand.Rand, standing, partners int) string {
	if chance(r, 12) {
		return ""
	}
	steps := 0
	for _, share := range []int{8, 28, 55} {
		if standing*100 < share*partners {
			steps++
		}
	}
	if chance(r, 20) {
		steps = max(0, steps-1)
	}
	return tiers[steps]
}

// capacityOf: some state none, few state 0, those of high standing carry more.
func (w *world) capacityOf(r *rand.Rand, standing int, weight uint64) int {
	switch {
	case chance(r, 15):
		return unstated
	case chance(r, 6):
		return 0
	}
	return w.load*between(r, 2, 9) + 24/(1+standing/2) + w.busiest*int(weight)/int(powerLaw(1, w.standingSkew))
}

func (w *world) partnerRows(yield func([]string) bool) {
	for i := range w.partners {
		p, r := &w.partners[i], w.stream("profiles", i)
		tags := p.trade
		if chance(r, 40) {
			tags = list(tags, one(r, headings))
		}
		row := []string{p.id, p.name, p.kind, p.status, p.tier, when(p.capacity != unstated, strconv.Itoa(p.capacity)), p.joined.String(),
			strconv.Itoa(p.employees), "https://" + p.id + ".example.com", tags, strconv.FormatBool(!w.isHidden(i)), w.parentOf(r, i), synthetic}
		if !yield(row) {
			return
		}
	}
}

// isHidden: the first ones after the cast chose not to be discoverable.
func (w *world) isHidden(i int) bool {
	first := len(w.cast.partners)
	return i >= first && i < first+w.hidden
}

// parentOf makes few partners part of an earlier one in their circle, so that nothing goes round.
func (w *world) parentOf(r *rand.Rand, i int) string {
	if p := &w.partners[i]; i >= len(w.cast.partners) && p.status == active && chance(r, 12) {
		if parent := w.circles[p.circle].peers.draw(r); parent < i && w.partners[parent].status == active {
			return w.partners[parent].id
		}
	}
	return ""
}
