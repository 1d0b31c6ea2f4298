package embedded

import (
	"context"
	"slices"

	"valueweb/graph"
)

// GapShortfall implements graph.Traverser.
func (s *Store) GapShortfall(ctx context.Context, v graph.Viewer, q graph.GapQuery, variants []graph.GapQuery) (graph.GapShortfall, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return graph.GapShortfall{}, err
	}
	t, err := now.resolve(q)
	if err != nil {
		return graph.GapShortfall{}, err
	}
	shortfall := graph.GapShortfall{LeftOut: t.leftOut(q.Radii[len(q.Radii)-1])}
	for _, variant := range variants {
		looser, err := now.resolve(variant)
		if err != nil {
			return graph.GapShortfall{}, err
		}
		facts, err := looser.widen(ctx)
		if err != nil {
			return graph.GapShortfall{}, err
		}
		shortfall.Found = append(shortfall.Found, graph.VariantFound{Count: len(facts.Candidates), RadiusKm: facts.RadiusKm})
	}
	return shortfall, nil
}

// leftOut counts the partners that hold every need and yet do not qualify, by the first test they fail.
func (t *traversal) leftOut(radius float64) graph.LeftOut {
	var out graph.LeftOut
	for _, r := range t.holders() {
		if r.partner == t.facts.Asker || t.hidden(r.partner) || t.walls.blocked[r.partner] {
			continue
		}
		if count := t.failing(r, radius, &out); count != nil {
			*count++
		}
	}
	return out
}

// failing returns the counter of the first test that a partner fails; nil if it does not hold every need,
// or qualifies.
func (t *traversal) failing(r reach, radius float64, out *graph.LeftOut) *int {
	held := t.heldBy(r.partner)
	every := func(test func(*graph.Holding, int) bool) bool {
		for need := range t.subtrees {
			if !slices.ContainsFunc(held[need], func(h *graph.Holding) bool { return test(h, need) }) {
				return false
			}
		}
		return true
	}
	certificates := t.certificatesOf(r.partner)
	level := func(h *graph.Holding, need int) bool { return h.EffectiveLevel() >= t.facts.Needs[need].MinLevel }
	certified := func(h *graph.Holding, need int) bool {
		return level(h, need) && (!t.q.CertifiedOnly || t.attested(h, certificates) != nil)
	}
	anywhere := func(h *graph.Holding, need int) bool {
		return certified(h, need) && (len(r.offices) > 0 || t.q.Remote && h.Remote)
	}
	inside := slices.DeleteFunc(slices.Clone(r.offices), func(o graph.OfficeFacts) bool { return o.Km > radius })
	here := func(h *graph.Holding, need int) bool { return certified(h, need) && t.counts(h, inside) }
	p, _ := lookup[*graph.Partner](t.state, graph.KindPartner, r.partner)
	switch {
	case !every(func(*graph.Holding, int) bool { return true }):
		return nil
	case !t.admitsKind(p):
		return &out.Kind
	case !t.admitsTier(p):
		return &out.Tier
	case p.Status != graph.Active:
		return &out.Status
	case !every(level):
		return &out.Level
	case !every(certified):
		return &out.Certification
	case p.EffectiveCapacity() <= 0:
		return &out.Capacity
	case !every(anywhere):
		return &out.NoOffice
	case !every(here):
		return &out.Radius
	case t.declined[r.partner]:
		return &out.Declined
	}
	return nil
}

// heldBy lists by need the holdings of a partner that fit it.
func (t *traversal) heldBy(partner string) [][]*graph.Holding {
	held := make([][]*graph.Holding, len(t.subtrees))
	related(t.state, holdingsByPartner, partner, func(h *graph.Holding) bool {
		for need := range t.subtrees {
			if t.fits(h, need) {
				held[need] = append(held[need], h)
			}
		}
		return true
	})
	return held
}
