package naive

import (
	"cmp"
	"math"
	"slices"
)

// candidate is a partner that qualifies, with its terms.
type candidate struct {
	partner string
	matches []match
	values  []float64 // by terms
	score   float64
	km      float64
	far     []string // the offices that km may be told of, none if all is remote
	trust   path     // no partners: none
}

// candidates are all that qualify within the radius, best first, and the counts
// of who was left out. Trust is by the ties of the world as of the question.
func (w *World) candidates(g gap, trust map[string]path) ([]candidate, map[string]int) {
	var out []candidate
	left := map[string]int{}
	for _, p := range w.Partners {
		verdict, matches := w.qualify(g, p)
		if verdict != "" {
			left[verdict]++
			continue
		}
		out = append(out, w.candidate(g, p, matches, trust))
	}
	total := 0.0
	for _, c := range out {
		total += w.received(g, c.partner)
	}
	for i := range out {
		fair := 1.0
		if total > 0 {
			fair = 1 - w.received(g, out[i].partner)/total
		}
		out[i].values = append(out[i].values, fair)
		for t, value := range out[i].values {
			out[i].score += g.weights[t] * value
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(rounded(b.score), rounded(a.score)), cmp.Compare(a.km, b.km), cmp.Compare(a.partner, b.partner))
	})
	return out, left
}

func rounded(score float64) float64 { return math.Round(score * 1e9) }

// candidate has every term but fair, which needs all the others.
func (w *World) candidate(g gap, p Partner, matches []match, trust map[string]path) candidate {
	c := candidate{partner: p.ID, matches: matches, trust: trust[p.ID]}
	fit, near := 0.0, 0.0
	for _, m := range matches {
		fit += m.value / float64(len(matches))
		near += m.near / float64(len(matches))
		switch {
		case m.remote || len(c.far) > 0 && m.km < c.km:
		case len(c.far) > 0 && m.km == c.km:
			c.far = append(c.far, m.office)
		default:
			c.km, c.far = m.km, []string{m.office}
		}
	}
	won, closed := w.record(g, p.ID)
	ready := math.Max(0, 1-w.open(g, p.ID)/p.Capacity)
	c.values = []float64{fit, near, c.trust.strength, (won + 1) / (closed + 2), ready}
	return c
}

// record counts what closed in the last 36 months and needed one of the needs or
// something narrower, and how much of it was won.
func (w *World) record(g gap, partner string) (won, closed float64) {
	after := monthsBefore(g.asOf, 36)
	count := func(on string, good bool) {
		if on > after && on <= g.asOf {
			closed++
			won += float64(boolInt(good))
		}
	}
	for _, r := range w.Referrals {
		if r.To == partner && (r.State == "WON" || r.State == "LOST") && g.about(r.Competency) {
			count(closing(r), r.State == "WON")
		}
	}
	for _, o := range w.Opportunities {
		about := slices.ContainsFunc(o.Needs, func(n Need) bool { return g.about(n.Competency) })
		if o.Lead == partner && (o.Stage == "LAUNCHED" || o.Stage == "LOST") && about {
			count(or(o.Closed, o.Posted), o.Stage == "LAUNCHED")
		}
	}
	return won, closed
}

// about says whether a competency is a need or narrower than one.
func (g gap) about(competency string) bool {
	return slices.ContainsFunc(g.below, func(below map[string]bool) bool { return below[competency] })
}

// open counts the engagements a partner carries at the date of the question.
func (w *World) open(g gap, partner string) float64 {
	n := 0.0
	for _, r := range w.Referrals {
		closed := closing(r) != "" && closing(r) <= g.asOf
		if r.To == partner && r.Sent <= g.asOf && answered(r, g.asOf) && !closed {
			n++
		}
	}
	for _, o := range w.Opportunities {
		if o.Stage == "DRAFT" || o.Review == "WITHDRAWN" || o.Review == "REJECTED" || o.Posted > g.asOf {
			continue
		}
		ended := o.Stage == "LAUNCHED" || o.Stage == "LOST"
		if ended && or(o.Closed, o.Posted) <= g.asOf {
			continue
		}
		if o.Lead == partner || slices.Contains(o.Members, partner) {
			n++
		}
	}
	return n
}

// received counts the referrals sent to a partner in the last 90 days.
func (w *World) received(g gap, partner string) float64 {
	n := 0.0
	for _, r := range w.Referrals {
		if r.To == partner && r.Sent > addDays(g.asOf, -90) && r.Sent <= g.asOf {
			n++
		}
	}
	return n
}

// trust is the strongest path of at most three ties from the asker to every
// partner, over ACTIVE partners that no wall keeps from a need.
func (w *World) trust(g gap) map[string]path {
	open := map[string]bool{}
	for _, p := range w.Partners {
		open[p.ID] = p.Status == "ACTIVE" && !w.walledForNeed(g, p.ID)
	}
	best := map[string]path{}
	if g.asker == "" || !open[g.asker] {
		return best
	}
	ties := w.ties(g.asOf)
	all := map[string][]path{}
	var step func(trail []string, strength float64)
	step = func(trail []string, strength float64) {
		for next, t := range ties[trail[len(trail)-1]] {
			if !open[next] || slices.Contains(trail, next) {
				continue
			}
			p := path{append(slices.Clone(trail), next), strength * t.strength}
			all[next] = append(all[next], p)
			if len(p.partners) <= 3 {
				step(p.partners, p.strength)
			}
		}
	}
	step([]string{g.asker}, 1)
	for to, paths := range all {
		best[to] = strongest(paths, 1)[0]
	}
	return best
}
