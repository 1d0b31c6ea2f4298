package world

// wall keeps a partner out of what concerns a customer, or the customers of a segment, as far as a competency reaches.
type wall struct {
	partner    int
	customer   int // -1: those of the segment
	segment    string
	competency string // none: everything
}

// buildWalls: the first after the cast is by segment, every other one is for one competency.
func (w *world) buildWalls() {
	w.walls = append(w.walls, w.cast.walls...)
	for i := len(w.walls); i < w.spec.walls; i++ {
		r := w.stream("walls", i)
		it := wall{partner: w.outsider(i), customer: r.IntN(w.spec.customers)}
		if i == len(w.cast.walls) {
			it.customer, it.segment = -1, one(r, segments)
		}
		if i%2 == 0 {
			it.competency = w.partners[it.partner].trade
		}
		w.walls = append(w.walls, it)
	}
	for i, it := range w.walls {
		w.partners[it.partner].walls = append(w.partners[it.partner].walls, i)
	}
}

// outsider is an ACTIVE partner outside the cast.
func (w *world) outsider(i int) int {
	r := w.stream("outsiders", i)
	for {
		if p := w.continents[w.anyContinent(r)].peers.draw(r); p >= len(w.cast.partners) && w.partners[p].status == active {
			return p
		}
	}
}

// keptOut: no business is made with a customer behind a wall, whatever the competency.
func (w *world) keptOut(partner, i int, c customer) bool {
	for _, number := range w.partners[partner].walls {
		if it := w.walls[number]; it.customer == i || it.customer < 0 && it.segment == c.segment {
			return true
		}
	}
	return false
}

func (w *world) wallRows(yield func([]string) bool) {
	for i, it := range w.walls {
		customer := ""
		if it.customer >= 0 {
			customer = w.customer(it.customer).id
		}
		row := []string{number("wall", i+1, len(w.walls)), w.partners[it.partner].id, customer, it.segment, it.competency, synthetic}
		if !yield(row) {
			return
		}
	}
}
