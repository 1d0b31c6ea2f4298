package naive

import (
	"math"
	"slices"
)

// match is what fills one need of one partner.
type match struct {
	need    Need
	value   float64 // of the best holding
	best    Holding
	shown   []Holding // all that are as good as the best by every rule; best is the first
	near    float64
	km      float64
	office  string
	remote  bool // filled by a remote holding: no office, no km
	certify []Certificate
}

// silent is the verdict on a partner that no count mentions.
const silent = "silent"

// leftOutOrder are the tests in the order of the specification.
var leftOutOrder = []string{"kind", "tier", "status", "level", "certification", "capacity", "noOffice", "radius", "declined"}

// qualify puts one partner to the tests. The verdict is "" for a candidate, the
// first test it fails, or silent for who is walled off, lacks a need, or asks.
func (w *World) qualify(g gap, p Partner) (string, []match) {
	if p.ID == g.asker || w.walledForNeed(g, p.ID) {
		return silent, nil
	}
	var options [][]Holding
	for i := range g.needs {
		held := w.usable(g, p.ID, func(h Holding) bool { return g.below[i][h.Competency] })
		if len(held) == 0 {
			return silent, nil
		}
		options = append(options, held)
	}
	switch {
	case len(g.kinds) > 0 && !slices.Contains(g.kinds, p.Kind):
		return "kind", nil
	case g.minTier != "" && slices.Index(tiers, p.Tier) < slices.Index(tiers, g.minTier):
		return "tier", nil
	case p.Status != "ACTIVE":
		return "status", nil
	}
	for i, need := range g.needs {
		options[i] = keep(options[i], func(h Holding) bool { return level(h) >= need.MinLevel })
	}
	if anyEmpty(options) {
		return "level", nil
	}
	if g.certified {
		for i := range options {
			options[i] = keep(options[i], func(h Holding) bool { return len(w.attesting(g, h)) > 0 })
		}
		if anyEmpty(options) {
			return "certification", nil
		}
	}
	if p.Capacity <= 0 {
		return "capacity", nil
	}
	var matches []match
	for i := range options {
		m, found := w.match(g, p, g.needs[i], options[i])
		if !found {
			if len(w.Offices[p.ID]) == 0 {
				return "noOffice", nil
			}
			return "radius", nil
		}
		matches = append(matches, m)
	}
	if slices.Contains(g.declined, p.ID) {
		return "declined", nil
	}
	return "", matches
}

// match places every holding wherever it counts, at an office within the radius
// or remotely, and takes the best one and the nearest place.
func (w *World) match(g gap, p Partner, need Need, options []Holding) (match, bool) {
	type placed struct {
		h      Holding
		value  float64
		km     float64 // −1: remote, before every office
		office string
	}
	var all []placed
	for _, h := range options {
		v := w.value(g, need, h)
		if g.remote && h.Remote {
			all = append(all, placed{h, v, -1, ""})
		}
		for _, o := range w.Offices[p.ID] {
			km := nearest(o.At, g.points)
			if km <= g.radius && (h.Office == "" || h.Office == o.ID) {
				all = append(all, placed{h, v, km, o.ID})
			}
		}
	}
	if len(all) == 0 {
		return match{}, false
	}
	best, closest := all[0], all[0]
	for _, x := range all[1:] {
		if x.km < closest.km || x.km == closest.km && x.office < closest.office {
			closest = x
		}
		switch {
		case x.value != best.value:
			if x.value > best.value {
				best = x
			}
		case x.km != best.km:
			if x.km < best.km {
				best = x
			}
		case x.office != best.office:
			if x.office < best.office {
				best = x
			}
		case x.h.Competency < best.h.Competency:
			best = x
		}
	}
	m := match{need: need, value: best.value, best: best.h, km: closest.km, office: closest.office, near: math.Pow(0.5, closest.km/50)}
	if closest.km < 0 {
		m.remote, m.km, m.near = true, 0, 1
	}
	for _, x := range all {
		if x.value == best.value && x.km == best.km && x.office == best.office && x.h.Competency == best.h.Competency {
			m.shown = append(m.shown, x.h)
			m.certify = append(m.certify, w.attesting(g, x.h)...)
		}
	}
	m.best = m.shown[0]
	return m, true
}

// value of a holding for a need.
func (w *World) value(g gap, need Need, h Holding) float64 {
	exactness, certified := 0.9, 0.0
	if h.Competency == need.Competency {
		exactness = 1
	}
	if len(w.attesting(g, h)) > 0 {
		certified = 1
	}
	return exactness * (0.6*level(h)/5 + 0.4*certified)
}

// level counts as 3 where none is stated.
func level(h Holding) float64 {
	if h.Level == 0 {
		return 3
	}
	return h.Level
}

// attesting are the valid certificates for the held competency or a narrower one.
func (w *World) attesting(g gap, h Holding) []Certificate {
	var out []Certificate
	for _, c := range w.Certificates[h.Partner] {
		if !c.Verified || !inForce(c.Issued, c.Expires, g.asOf) {
			continue
		}
		if c.Office != "" && h.Office != "" && c.Office != h.Office {
			continue
		}
		if w.Below[h.Competency][c.Competency] {
			out = append(out, c)
		}
	}
	return out
}

// usable are the holdings of a partner that are current, of the wanted kind, and
// not taken by a wall.
func (w *World) usable(g gap, partner string, wanted func(Holding) bool) []Holding {
	return keep(w.Holdings[partner], func(h Holding) bool {
		return wanted(h) && inForce(h.Since, h.Until, g.asOf) && !w.walledFrom(g, partner, h.Competency)
	})
}

// walledFrom says whether a wall takes one competency from a partner for this customer.
func (w *World) walledFrom(g gap, partner, competency string) bool {
	for _, wall := range w.Walls {
		if wall.Partner != partner || wall.Partnership != "" || g.customer == "" {
			continue
		}
		segment := w.Customers[g.customer].Segment
		about := wall.Customer == g.customer || wall.Customer == "" && wall.Segment != "" && wall.Segment == segment
		if about && (wall.Competency == "" || w.Below[wall.Competency][competency]) {
			return true
		}
	}
	return false
}

// walledForNeed says whether a need itself lies behind a wall: then the partner
// neither qualifies nor carries trust.
func (w *World) walledForNeed(g gap, partner string) bool {
	for _, need := range g.needs {
		if w.walledFrom(g, partner, need.Competency) {
			return true
		}
	}
	return false
}

func keep(all []Holding, wanted func(Holding) bool) []Holding {
	var out []Holding
	for _, h := range all {
		if wanted(h) {
			out = append(out, h)
		}
	}
	return out
}

func anyEmpty(options [][]Holding) bool {
	return slices.ContainsFunc(options, func(o []Holding) bool { return len(o) == 0 })
}
