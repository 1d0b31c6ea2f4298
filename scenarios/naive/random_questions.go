package naive

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// RandomQuestions are the variables of n questions about a world: those with
// `gap` are for whoCanFill, those with `from` for paths. Answer takes both. A few
// must be refused. No need is named twice, and `radiusKm` never meets `anywhere`.
func RandomQuestions(r *rand.Rand, w *World, n int) []map[string]any {
	a := asker{Rand: r, w: w, customers: sorted(w.Customers), sites: sorted(w.Sites), competencies: sorted(w.Broader)}
	for _, id := range sorted(w.Opportunities) {
		if w.Opportunities[id].Stage != "DRAFT" { // only its owner sees it
			a.opportunities = append(a.opportunities, id)
		}
	}
	for _, p := range w.Partners {
		a.partners = append(a.partners, p.ID)
		if p.Status == "ACTIVE" {
			a.active = append(a.active, p.ID)
		}
	}
	var out []map[string]any
	for range n {
		q := a.paths()
		if r.IntN(10) < 7 {
			q = map[string]any{"gap": a.gap(), "first": pick(r, []int{1, 3, 5, 20, 1000})}
		}
		out = append(out, plain(q).(map[string]any))
	}
	return out
}

// Answer asks whichever question the variables are for, and says which it was.
func (w *World) Answer(variables map[string]any) (field string, answer map[string]any, code string) {
	if variables["gap"] != nil {
		answer, code = w.WhoCanFill(variables)
		return "whoCanFill", answer, code
	}
	answer, code = w.Paths(variables)
	return "paths", answer, code
}

// asker draws questions from what a world holds, in an order that depends on the
// world and the source of chance alone.
type asker struct {
	*rand.Rand
	w                                                               *World
	partners, active, competencies, customers, sites, opportunities []string
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (a asker) chance(percent int) bool { return a.IntN(100) < percent }

func (a asker) asOf() string {
	if a.chance(75) {
		return pick(a.Rand, asOfs)
	}
	return addDays("2023-01-01", a.IntN(1700))
}

func (a asker) paths() map[string]any {
	ends := some(a.Rand, a.partners, 2)
	if a.chance(75) && len(a.active) > 1 {
		ends = some(a.Rand, a.active, 2)
	}
	others := slices.DeleteFunc(some(a.Rand, a.partners, 2), func(id string) bool { return slices.Contains(ends, id) })
	q := map[string]any{"from": ends[0], "to": ends[1], "maxHops": 1 + a.IntN(6), "first": pick(a.Rand, []int{1, 3, 10, 20}), "asOf": a.asOf()}
	if a.chance(30) {
		q["avoid"] = others
	}
	if a.chance(5) {
		wrong := pick(a.Rand, []string{"maxHops", "first"})
		q[wrong] = pick(a.Rand, []int{0, 21})
	}
	return q
}

func (a asker) gap() map[string]any {
	place, needless := a.place()
	g := map[string]any{"place": place, "asOf": a.asOf()}
	if !needless || a.chance(50) {
		g["needs"] = a.needs()
	}
	switch {
	case a.chance(40):
		g["radiusKm"] = pick(a.Rand, []float64{3, 25, 50, 80.5, 120, 300, 700, 2500, 15000})
	case a.chance(20):
		g["anywhere"] = true
	}
	if a.chance(50) {
		g["asker"] = pick(a.Rand, a.partners)
	}
	if a.chance(20) {
		g["certifiedOnly"] = true
	}
	if a.chance(12) {
		g["minTier"] = pick(a.Rand, tiers)
	}
	if a.chance(15) {
		g["kinds"] = some(a.Rand, kinds, 1+a.IntN(6))
	}
	if a.chance(35) {
		g["remote"] = true
	}
	if a.chance(40) {
		g["weights"] = a.weights()
	}
	if a.chance(4) {
		a.spoil(g)
	}
	return g
}

func (a asker) needs() []map[string]any {
	var needs []map[string]any
	for _, c := range some(a.Rand, a.competencies, pick(a.Rand, []int{1, 1, 1, 2, 2, 3})) {
		need := map[string]any{"competency": c}
		if a.chance(35) {
			need["minLevel"] = 1 + a.IntN(5)
		}
		needs = append(needs, need)
	}
	return needs
}

// place is of any kind, and says whether it supplies needs.
func (a asker) place() (map[string]any, bool) {
	switch a.IntN(6) {
	case 0:
		return map[string]any{"customer": pick(a.Rand, a.customers)}, false
	case 1:
		site := pick(a.Rand, a.sites)
		place := map[string]any{"site": site}
		if customer := a.w.Sites[site].Customer; customer != "" {
			place["customer"] = customer
		}
		return place, false
	case 2:
		return map[string]any{"site": pick(a.Rand, a.sites)}, false
	case 3:
		if len(a.opportunities) > 0 {
			return map[string]any{"opportunity": pick(a.Rand, a.opportunities)}, true
		}
	}
	return map[string]any{"point": a.point()}, false
}

// point is at a site or office, near one, or at an edge of the map.
func (a asker) point() map[string]any {
	at := a.w.Sites[pick(a.Rand, a.sites)].At
	if offices := a.w.Offices[pick(a.Rand, a.partners)]; len(offices) > 0 && a.chance(60) {
		at = pick(a.Rand, offices).At
	}
	switch a.IntN(8) {
	case 0:
		at = Point{-16.9, pick(a.Rand, []float64{180, -180, 179.95, -179.93})}
	case 1, 2, 3, 4:
		at.Lat += 1.5 * (a.Float64() - 0.5)
		if moved := at.Lng + 1.5*(a.Float64()-0.5); moved > -180 && moved < 180 {
			at.Lng = moved
		}
	}
	return map[string]any{"lat": fivePlaces(at.Lat), "lng": fivePlaces(at.Lng)}
}

func (a asker) weights() map[string]any {
	weights := map[string]any{}
	if a.chance(30) { // one term alone: many equal scores
		for _, field := range fields {
			weights[field] = 0.0
		}
		weights[pick(a.Rand, fields)] = 1.0
		return weights
	}
	for _, field := range some(a.Rand, fields, 1+a.IntN(4)) {
		weights[field] = pick(a.Rand, []float64{0, 0.1, 0.25, 1, 2.5})
	}
	return weights
}

// spoil makes a question that must be refused, for one reason only.
func (a asker) spoil(g map[string]any) {
	g["place"] = map[string]any{"point": a.point()}
	g["needs"] = []map[string]any{{"competency": a.competencies[0]}}
	delete(g, "weights")
	switch a.IntN(7) {
	case 0:
		g["needs"] = []map[string]any{{"competency": "no-such-competency"}}
	case 1:
		g["needs"] = []map[string]any{{"competency": a.competencies[0], "minLevel": 6}}
	case 2:
		g["place"] = map[string]any{"point": a.point(), "site": a.sites[0]}
	case 3:
		delete(g, "anywhere")
		g["radiusKm"] = -1.0
	case 4:
		g["weights"] = map[string]any{"near": -1.0}
	case 5:
		g["place"] = map[string]any{"site": "no-such-site"}
	case 6:
		g["place"] = map[string]any{"point": map[string]any{"lat": 91.0, "lng": 9.25}}
	}
}
