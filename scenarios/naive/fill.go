package naive

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// rings are widened until three are found, where no radius is given.
var rings = []float64{50, 100, 250, 1000, math.Inf(1)}

// found is the answer before it is told.
type found struct {
	gap   gap // with the radius or ring that was used
	list  []candidate
	left  map[string]int
	loose []any
}

// WhoCanFill answers the variables of `whoCanFill` (gap, first) with the whole
// answer, or with an error code.
func (w *World) WhoCanFill(variables map[string]any) (map[string]any, string) {
	f, code := w.fill(variables)
	if code != "" {
		return nil, code
	}
	left := map[string]any{}
	for _, test := range leftOutOrder {
		left[test] = float64(f.left[test])
	}
	nodes := []any{}
	for i, c := range f.page() {
		nodes = append(nodes, f.node(i+1, c))
	}
	return map[string]any{
		"totalCount": float64(len(f.list)), "ringKm": orNull(f.gap.radius, !math.IsInf(f.gap.radius, 1)),
		"leftOut": left, "nodes": nodes, "loosen": f.loose,
	}, ""
}

func (w *World) fill(variables map[string]any) (found, string) {
	g, code := w.gap(variables)
	if code != "" {
		return found{}, code
	}
	f := w.widen(g, w.trust(g))
	f.loose = []any{}
	if len(f.list) == 0 {
		f.loose = w.loosen(g)
	}
	return f, ""
}

// widen answers within the radius, or within the first ring that holds three.
func (w *World) widen(g gap, trust map[string]path) found {
	for _, ring := range rings {
		if g.rings {
			g.radius = ring
		}
		list, left := w.candidates(g, trust)
		if !g.rings || len(list) >= 3 || math.IsInf(ring, 1) {
			return found{gap: g, list: list, left: left}
		}
	}
	panic("the last ring is anywhere")
}

func (f found) page() []candidate { return f.list[:min(f.gap.first, len(f.list))] }

func (f found) node(rank int, c candidate) map[string]any {
	var told, matches []any
	for i, term := range terms {
		if term == "TRUST" && f.gap.asker == "" {
			continue
		}
		told = append(told, map[string]any{
			"term": term, "value": c.values[i], "weight": f.gap.weights[i], "contribution": f.gap.weights[i] * c.values[i],
		})
	}
	for _, m := range c.matches {
		told := map[string]any{
			"need": ref(m.need.Competency), "exact": m.best.Competency == m.need.Competency,
			"km": orNull(m.km, !m.remote), "office": refOrNull(m.office), "certification": nil,
			"holding": map[string]any{"level": orNull(m.best.Level, m.best.Level > 0), "competency": ref(m.best.Competency)},
		}
		if len(m.certify) > 0 {
			told["certification"] = ref(m.certify[0].ID)
		}
		matches = append(matches, told)
	}
	node := map[string]any{
		"rank": float64(rank), "score": c.score, "partner": ref(c.partner), "km": orNull(c.km, len(c.far) > 0),
		"office": nil, "terms": told, "matches": matches, "trustPath": nil,
	}
	if len(c.far) > 0 {
		node["office"] = ref(c.far[0])
	}
	if len(c.trust.partners) > 0 {
		node["trustPath"] = map[string]any{"strength": c.trust.strength, "partners": refs(c.trust.partners)}
	}
	return node
}

// loosen asks an empty question again with one filter let go at a time.
func (w *World) loosen(g gap) []any {
	type step struct {
		filter, to string
		found      int
	}
	var steps []step
	try := func(filter, to string, changes bool, change func(*gap)) bool {
		if !changes {
			return false
		}
		looser := g
		looser.needs = slices.Clone(g.needs)
		change(&looser)
		n := len(w.widen(looser, nil).list)
		if n > 0 {
			steps = append(steps, step{filter, to, n})
		}
		return n > 0
	}
	for _, ring := range rings {
		to := "anywhere"
		if !math.IsInf(ring, 1) {
			to = strconv.FormatFloat(ring, 'f', -1, 64)
		}
		if try("RADIUS", to, !g.rings && ring > g.radius, func(x *gap) { x.radius = ring }) {
			break
		}
	}
	levels := slices.ContainsFunc(g.needs, func(n Need) bool { return n.MinLevel > 1 })
	try("LEVEL", "1", levels, func(x *gap) {
		for i := range x.needs {
			x.needs[i].MinLevel = 1
		}
	})
	try("CERTIFIED", "off", g.certified, func(x *gap) { x.certified = false })
	try("TIER", tiers[0], g.minTier != "" && g.minTier != tiers[0], func(x *gap) { x.minTier = "" })
	try("KINDS", "any", len(g.kinds) > 0, func(x *gap) { x.kinds = nil })
	try("REMOTE", "on", !g.remote, func(x *gap) { x.remote = true })
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(b.found, a.found) })
	out := []any{}
	for _, s := range steps {
		out = append(out, map[string]any{"filter": s.filter, "to": s.to, "wouldFind": float64(s.found)})
	}
	return out
}

func orNull(f float64, stated bool) any {
	if !stated {
		return nil
	}
	return f
}

func refOrNull(id string) any {
	if id == "" {
		return nil
	}
	return ref(id)
}
