package neo4jstore

import (
	"context"
	"slices"

	"valueweb/graph"
)

var readShortfall = gapStatement("shortfall", reachHolders)

// GapShortfall implements graph.Traverser. Whoever holds every need comes back with all that the tests look
// at, so that the question and its variants cost one statement together.
func (s *Store) GapShortfall(ctx context.Context, v graph.Viewer, q graph.GapQuery, variants []graph.GapQuery) (graph.GapShortfall, error) {
	var shortfall graph.GapShortfall
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := r.look(ctx, readShortfall, gapParams(q))
		if err != nil {
			return err
		}
		answer := found.within("answer")
		facts, err := r.resolved(q, answer)
		if err != nil {
			return err
		}
		shortfall = shortfallOf(q, variants, facts, holdersOf(answer, facts.Points))
		return nil
	})
	return shortfall, err
}

func shortfallOf(q graph.GapQuery, variants []graph.GapQuery, facts graph.GapFacts, holders []holder) graph.GapShortfall {
	var shortfall graph.GapShortfall
	asked := testOf(q, facts)
	for i := range holders {
		if count := asked.failing(&holders[i], q.Radii[len(q.Radii)-1], &shortfall.LeftOut); count != nil {
			*count++
		}
	}
	for _, variant := range variants {
		shortfall.Found = append(shortfall.Found, testOf(variant, facts).found(holders, variant))
	}
	return shortfall
}

// holder is a partner that holds every need, at whatever level.
type holder struct {
	kind     graph.PartnerKind
	tier     string
	status   graph.PartnerStatus
	capacity int
	declined bool
	holdings []held
	offices  map[string]float64 // kilometres
}

// held is a holding that fits some of the needs.
type held struct {
	needs     []int
	level     int
	office    string // empty: partner-wide
	remote    bool
	certified bool
}

func holdersOf(answer row, points []graph.Point) []holder {
	declined := texts[string](answer, "declined")
	var holders []holder
	for _, value := range answer.list("holders") {
		one := value.([]any)
		h := holder{
			kind: graph.PartnerKind(textAt(one, 1)), tier: textAt(one, 2), status: graph.PartnerStatus(textAt(one, 3)),
			capacity: graph.DefaultCapacity, declined: slices.Contains(declined, textAt(one, 0)), offices: map[string]float64{},
		}
		if one[4] != nil {
			h.capacity = numberAt(one, 4)
		}
		for _, value := range one[5].([]any) {
			h.holdings = append(h.holdings, heldOf(value.([]any)))
		}
		for _, value := range one[6].([]any) {
			office := value.([]any)
			lat, _ := office[1].(float64)
			lng, _ := office[2].(float64)
			h.offices[textAt(office, 0)] = graph.Point{Lat: lat, Lng: lng}.Nearest(points)
		}
		holders = append(holders, h)
	}
	return holders
}

func heldOf(one []any) held {
	h := held{level: numberAt(one, 1), office: textAt(one, 2), remote: truthAt(one, 3), certified: truthAt(one, 4)}
	for _, need := range one[0].([]any) {
		h.needs = append(h.needs, int(need.(int64)))
	}
	return h
}

// test is what a question demands of a partner that holds every need.
type test struct {
	q      graph.GapQuery
	levels []int // by need
}

func testOf(q graph.GapQuery, facts graph.GapFacts) test {
	t := test{q: q}
	for i, need := range facts.Needs {
		if i < len(q.Needs) {
			need.Need = q.Needs[i]
		}
		t.levels = append(t.levels, need.MinLevel)
	}
	return t
}

// every reports whether each need is filled by a holding that passes.
func (t test) every(h *holder, passes func(held, int) bool) bool {
	for need := range t.levels {
		if !slices.ContainsFunc(h.holdings, func(one held) bool { return slices.Contains(one.needs, need) && passes(one, need) }) {
			return false
		}
	}
	return true
}

func (t test) level(one held, need int) bool { return one.level >= t.levels[need] }

func (t test) certified(one held, need int) bool {
	return t.level(one, need) && (!t.q.CertifiedOnly || one.certified)
}

// anywhere: there is an office, or the holding counts remotely.
func (t test) anywhere(h *holder) func(held, int) bool {
	return func(one held, need int) bool {
		return t.certified(one, need) && (len(h.offices) > 0 || t.q.Remote && one.remote)
	}
}

// within: the holding counts from an office within a radius, or remotely.
func (t test) within(h *holder, radius float64) func(held, int) bool {
	return func(one held, need int) bool {
		if !t.certified(one, need) {
			return false
		}
		if t.q.Remote && one.remote {
			return true
		}
		for office, km := range h.offices {
			if km <= radius && (one.office == "" || one.office == office) {
				return true
			}
		}
		return false
	}
}

// failing returns the counter of the first test that a partner fails; nil if it qualifies.
func (t test) failing(h *holder, radius float64, out *graph.LeftOut) *int {
	switch {
	case len(t.q.Kinds) > 0 && !slices.Contains(t.q.Kinds, h.kind):
		return &out.Kind
	case graph.TierRank(h.tier) < graph.TierRank(t.q.MinTier):
		return &out.Tier
	case h.status != graph.Active:
		return &out.Status
	case !t.every(h, t.level):
		return &out.Level
	case !t.every(h, t.certified):
		return &out.Certification
	case h.capacity <= 0:
		return &out.Capacity
	case !t.every(h, t.anywhere(h)):
		return &out.NoOffice
	case !t.every(h, t.within(h, radius)):
		return &out.Radius
	case h.declined:
		return &out.Declined
	}
	return nil
}

// found counts who passes within the smallest of the radii at which enough do.
func (t test) found(holders []holder, q graph.GapQuery) graph.VariantFound {
	var found graph.VariantFound
	for _, radius := range q.Radii {
		found = graph.VariantFound{RadiusKm: radius}
		for i := range holders {
			var out graph.LeftOut
			if t.failing(&holders[i], radius, &out) == nil {
				found.Count++
			}
		}
		if found.Count >= q.Enough {
			break
		}
	}
	return found
}
