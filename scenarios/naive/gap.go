package naive

import (
	"math"
	"slices"
)

// gap is a whoCanFill question whose place, needs and asker are settled.
type gap struct {
	needs     []Need
	below     []map[string]bool // per need: the competencies that fill it
	points    []Point           // where the customer stands; the nearest counts
	customer  string            // whose walls count, "" for a point or a free site
	declined  []string
	asker     string
	radius    float64 // +Inf: anywhere
	rings     bool    // no radius given: widen until three are found
	certified bool
	minTier   string
	kinds     []string
	remote    bool
	weights   []float64 // by terms, normalised; trust is 0 without an asker
	asOf      string
	first     int
}

// terms of the score, in the order of the specification, with default weights.
var (
	terms    = []string{"FIT", "NEAR", "TRUST", "PROOF", "READY", "FAIR"}
	fields   = []string{"fit", "near", "trust", "proof", "ready", "fair"}
	defaults = []float64{0.30, 0.20, 0.20, 0.15, 0.10, 0.05}
	tiers    = []string{"REGISTERED", "SILVER", "GOLD", "PLATINUM"}
)

// gap reads the variables of whoCanFill, or says with which code they are refused.
func (w *World) gap(variables map[string]any) (gap, string) {
	top := reader{fields: variables}
	in := top.object("gap")
	g := gap{
		asker: in.text("asker"), radius: in.number("radiusKm", math.Inf(1)), rings: !in.has("radiusKm") && !in.truth("anywhere"),
		certified: in.truth("certifiedOnly"), minTier: in.text("minTier"), kinds: in.texts("kinds"), remote: in.truth("remote"),
		asOf: in.date("asOf"), first: top.whole("first", 20),
	}
	if top.wrong || in.wrong || g.radius <= 0 || g.first < 1 || g.first > 1000 {
		return g, "VALIDATION"
	}
	if g.minTier != "" && !slices.Contains(tiers, g.minTier) {
		return g, "VALIDATION"
	}
	if code := w.settlePlace(&g, in.object("place")); code != "" {
		return g, code
	}
	if code := w.settleNeeds(&g, in); code != "" {
		return g, code
	}
	if _, known := w.partner(g.asker); g.asker != "" && !known {
		return g, "NOT_FOUND"
	}
	return g, settleWeights(&g, in.object("weights"))
}

// settlePlace finds the points of the place, its customer, and what an
// opportunity supplies.
func (w *World) settlePlace(g *gap, place *reader) string {
	customer, site, opportunity := place.text("customer"), place.text("site"), place.text("opportunity")
	named := 0
	for _, field := range []string{"customer", "site", "point", "opportunity"} {
		named += boolInt(place.has(field))
	}
	if place.wrong || named != 1 && !(named == 2 && customer != "" && site != "") {
		return "VALIDATION"
	}
	if place.has("point") {
		return settlePoint(g, place.object("point"))
	}
	if opportunity != "" {
		o, known := w.Opportunities[opportunity]
		if !known {
			return "NOT_FOUND"
		}
		customer, site, g.declined, g.needs = o.Customer, o.Site, o.Declined, o.Needs
		g.asker = or(g.asker, o.Owner)
		if o.At != nil {
			g.points = []Point{*o.At}
		}
	}
	if customer != "" {
		if _, known := w.Customers[customer]; !known {
			return "NOT_FOUND"
		}
	}
	g.customer = customer
	switch {
	case site != "":
		s, known := w.Sites[site]
		if !known {
			return "NOT_FOUND"
		}
		if customer != "" && s.Customer != customer {
			return "VALIDATION"
		}
		g.customer, g.points = s.Customer, []Point{s.At}
	case g.points == nil && customer != "":
		for _, s := range w.Sites {
			if s.Customer == customer {
				g.points = append(g.points, s.At)
			}
		}
	}
	if len(g.points) == 0 {
		return "VALIDATION"
	}
	return ""
}

func settlePoint(g *gap, point *reader) string {
	p := Point{point.number("lat", math.NaN()), point.number("lng", math.NaN())}
	if point.wrong || !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180) {
		return "VALIDATION"
	}
	g.points = []Point{p}
	return ""
}

func (w *World) settleNeeds(g *gap, in *reader) string {
	if in.has("needs") {
		g.needs = nil
		for _, v := range in.list("needs") {
			m, _ := v.(map[string]any)
			need := reader{fields: m}
			g.needs = append(g.needs, Need{need.text("competency"), float64(need.whole("minLevel", 1))})
			in.wrong = in.wrong || need.wrong
		}
	}
	if in.wrong || len(g.needs) < 1 || len(g.needs) > 8 {
		return "VALIDATION"
	}
	for _, need := range g.needs {
		if need.MinLevel < 1 || need.MinLevel > 5 {
			return "VALIDATION"
		}
		if _, known := w.Broader[need.Competency]; !known {
			return "NOT_FOUND"
		}
		g.below = append(g.below, w.Below[need.Competency])
	}
	return ""
}

// settleWeights normalises what was given over the defaults; without an asker
// trust is dropped first.
func settleWeights(g *gap, in *reader) string {
	sum := 0.0
	for i, field := range fields {
		weight := in.number(field, defaults[i])
		if weight < 0 {
			return "VALIDATION"
		}
		if field == "trust" && g.asker == "" {
			weight = 0
		}
		g.weights = append(g.weights, weight)
		sum += weight
	}
	if in.wrong || sum <= 0 {
		return "VALIDATION"
	}
	for i := range g.weights {
		g.weights[i] /= sum
	}
	return ""
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
