package world

import (
	"math/rand/v2"
)

// office is a place of a partner; its id is made of the partner's and the place's, counted from the second, or of its number.
type office struct {
	id    string
	place int
	at    point
	roles string
}

// buildOffices gives every partner its first office and shares out the rest by standing.
func (w *world) buildOffices() {
	counts, left := make([]int, len(w.partners)), w.spec.offices
	var extra urn
	for i := range w.partners {
		switch {
		case i < len(w.cast.partners):
			counts[i] = len(w.partners[i].homes)
		case !w.isOfficeless(i):
			counts[i] = 1
			extra.add(i, w.partners[i].weight+powerLaw(20, w.standingSkew))
		}
		left -= counts[i]
	}
	r := w.stream("office counts", 0)
	for ; left > 0; left-- {
		counts[extra.draw(r)]++
	}
	for i, count := range counts {
		w.partners[i].offices = w.newOffices(i, count)
	}
}

// isOfficeless: the last ACTIVE ones have no office.
func (w *world) isOfficeless(i int) bool {
	last := w.spec.partners - w.pending - w.suspended - w.spec.left
	return i < last && i >= last-w.officeless
}

func (w *world) newOffices(i, count int) []office {
	p, r := &w.partners[i], w.stream("offices", i)
	offices := make([]office, 0, count)
	for n := range count {
		place := w.placeOf(r, i, offices)
		offices = append(offices, office{
			id:    w.officeID(p.id, place, offices),
			place: place,
			at:    w.places[place].near(r),
			roles: rolesOf(r, n),
		})
	}
	return offices
}

// placeOf draws a place, preferably one where partner i is not yet.
func (w *world) placeOf(r *rand.Rand, i int, taken []office) int {
	if homes := w.partners[i].homes; len(homes) > 0 {
		return homes[len(taken)]
	}
	place := w.anyPlace(r, w.continentOf(i))
	for range tries {
		if countAt(taken, place) == 0 {
			break
		}
		place = w.anyPlace(r, w.continentOf(i))
	}
	return place
}

// anyPlace is a hub of the continent mostly, else any place.
func (w *world) anyPlace(r *rand.Rand, continent int) int {
	if chance(r, w.hubShare) {
		return w.spec.hubs[continent][w.hubs.draw(r)]
	}
	return r.IntN(len(w.places))
}

func countAt(offices []office, place int) int {
	n := 0
	for _, o := range offices {
		if o.place == place {
			n++
		}
	}
	return n
}

func (w *world) officeID(partner string, place int, before []office) string {
	id := w.partID(partner, w.places[place].id, "o", len(before))
	if n := countAt(before, place); n > 0 && !w.numbered {
		id += "-" + stated(n+1)
	}
	return id
}

// rolesOf: the first office leads and sells.
func rolesOf(r *rand.Rand, n int) string {
	if n == 0 {
		return list("MANAGEMENT", "SALES", "DELIVERY")
	}
	return one(r, []string{"DELIVERY", "SALES;DELIVERY", "DELIVERY;SUPPORT", "SUPPORT", "SALES", "DELIVERY;TRAINING"})
}

func (w *world) officeRows(yield func([]string) bool) {
	for i := range w.partners {
		p := &w.partners[i]
		for _, o := range p.offices {
			at := w.places[o.place]
			row := []string{o.id, p.id, p.name + " " + at.name, at.name, at.country, degrees(o.at.lat), degrees(o.at.lng), o.roles, synthetic}
			if !yield(row) {
				return
			}
		}
	}
}
