package world

import (
	"math/rand/v2"
	"slices"
)

// world is what is built once: the state per partner, and the few partnerships and walls that other facts must respect.
type world struct {
	spec
	seed         uint64
	competencies map[string]int // the row of the taxonomy
	roots        []string       // the broadest competency above each row of the taxonomy
	partners     []partner
	partnerships []partnership
	walls        []wall

	// circles are groups of partners that trade among themselves; continents are all of them, by where they are.
	circles    []circle
	continents []circle
	// local lists the partners with an office in a place, holders by continent those of a competency: ACTIVE ones, by number.
	local   map[int][]int
	holders []map[string][]int
	// campaigns are the bursts of referrals; the i-th belongs to circle i, counted round.
	campaigns []day
	hubs      urn
	market    urn
	breadth   urn // how many competencies a partner holds; empty: see furtherCount
}

func build(s spec, seed uint64) *world {
	w := &world{spec: s, seed: seed, competencies: map[string]int{}, local: map[int][]int{}}
	for i, c := range s.taxonomy {
		w.competencies[c.id] = i
	}
	w.findRoots()
	w.continents = make([]circle, len(s.hubs))
	w.hubs = zipf(len(s.hubs[0]), s.hubSkew)
	w.market = zipf(len(s.market), s.marketSkew)
	for n := s.fewest; n <= s.most && n > 0; n++ {
		w.breadth.add(n, powerLaw(n-s.fewest+1, 0.8))
	}
	w.buildPartners()
	w.buildOffices()
	w.buildHoldings()
	w.index()
	w.buildCircles()
	w.buildCampaigns()
	w.buildWalls()
	w.buildPartnerships()
	return w
}

// index lets partners be found by what they hold and where they are.
func (w *world) index() {
	for range w.continents {
		w.holders = append(w.holders, map[string][]int{})
	}
	for i := range w.partners {
		p, holders := &w.partners[i], w.holders[w.continentOf(i)]
		if p.status != active {
			continue
		}
		for _, o := range p.offices {
			w.local[o.place] = addLast(w.local[o.place], i)
		}
		for _, h := range p.holdings {
			holders[h.competency] = addLast(holders[h.competency], i)
		}
	}
}

// addLast adds a number to ascending ones, once.
func addLast(numbers []int, i int) []int {
	if n := len(numbers); n > 0 && numbers[n-1] == i {
		return numbers
	}
	return append(numbers, i)
}

// buildCircles cuts the partners that take part in the network, ordered by continent, trade and place, into groups of equal size.
func (w *world) buildCircles() {
	var free []int
	for i := range w.partners {
		if p := &w.partners[i]; !p.apart && p.status != pending {
			free = append(free, i)
		}
	}
	slices.SortFunc(free, w.compareTrade)
	for n, i := range free {
		if n%w.spec.circle == 0 && len(free)-n > w.spec.circle/2 {
			w.circles = append(w.circles, circle{})
		}
		p := &w.partners[i]
		p.circle = len(w.circles) - 1
		w.circles[p.circle].add(i, p)
		w.continents[w.continentOf(i)].add(i, p)
	}
}

// circle draws recipients of referrals by a power law, and peers (senders, allies, owners) far more evenly.
type circle struct{ recipients, peers urn }

func (c *circle) add(i int, p *partner) {
	c.recipients.add(i, p.weight)
	c.peers.add(i, p.reach)
}

func (w *world) buildCampaigns() {
	r := w.stream("campaigns", 0)
	for range w.spec.campaigns {
		w.campaigns = append(w.campaigns, w.inSeason(r, func() day { return w.from + day(r.IntN(int(w.until-w.from))) }))
	}
}

// inSeason draws days until one falls into a month in which so much happens.
func (w *world) inSeason(r *rand.Rand, draw func() day) day {
	d := draw()
	for len(w.season) > 0 && !chance(r, w.season[d.month()-1]) {
		d = draw()
	}
	return d
}

// continentOf says where partner or customer i is.
func (w *world) continentOf(i int) int {
	return i % len(w.continents)
}

// anyContinent draws nothing where there is only one.
func (w *world) anyContinent(r *rand.Rand) int {
	if len(w.continents) == 1 {
		return 0
	}
	return r.IntN(len(w.continents))
}

// pick draws partners until a suitable one is found; -1 if none was.
func pick(r *rand.Rand, draw func(*rand.Rand) int, suitable func(int) bool) int {
	for range tries {
		if i := draw(r); suitable(i) {
			return i
		}
	}
	return -1
}
