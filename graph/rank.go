package graph

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
)

// ranking is the ranked answer to a question: all who qualify, best first.
type ranking struct {
	query GapQuery
	facts GapFacts
	rows  []row
	seq   int64 // that the ties reflect
	total int   // Σ received over the qualifying candidates
	weigh termValues
	names func(id string) string
}

// row is one partner in the ranking, not yet explained.
type row struct {
	facts   *CandidateFacts
	matches []match
	trust   *TrustPath
	values  termValues
	score   float64
	km      float64 // 0 where there is none
	hasKm   bool
	office  *OfficeFacts
}

// match is a need and the best holding that fills it.
type match struct {
	need    *NeedFacts
	holding *HoldingFacts
	quality float64       // match · (0.6 · level/5 + 0.4 · certified)
	office  *OfficeFacts  // the nearest at which any qualifying holding of the need counts; nil: remote
	nearest *HoldingFacts // through which the office counts
}

// rank scores and orders all who qualify (2-questions.md, 1). It is a pure function of its arguments.
func rank(query GapQuery, facts GapFacts, weights termValues, trust TrustFacts, names func(string) string) *ranking {
	r := &ranking{query: query, facts: facts, seq: trust.Seq, weigh: weights, names: names, rows: make([]row, len(facts.Candidates))}
	for i := range facts.Candidates {
		r.total += facts.Candidates[i].Track.Received
	}
	for i := range facts.Candidates {
		c := &r.facts.Candidates[i]
		var path *TrustPath
		if p, ok := trust.Paths[c.Partner]; ok {
			path = &p
		}
		r.rows[i] = r.score(c, path)
	}
	slices.SortFunc(r.rows, compareRows)
	return r
}

func (r *ranking) score(c *CandidateFacts, trust *TrustPath) row {
	out := row{facts: c, trust: trust, matches: make([]match, len(r.facts.Needs))}
	fit, near := 0.0, 0.0
	for i := range r.facts.Needs {
		m := r.bestMatch(c, i)
		out.matches[i] = m
		fit += m.quality
		if m.office == nil {
			near++
			continue
		}
		near += math.Pow(0.5, m.office.Km/50)
		if !out.hasKm || m.office.Km > out.km {
			out.km, out.hasKm, out.office = m.office.Km, true, m.office
		}
	}
	needs := float64(len(r.facts.Needs))
	out.values = termValues{
		atFit:   fit / needs,
		atNear:  near / needs,
		atProof: float64(c.Track.Won+1) / float64(c.Track.Closed+2),
		atReady: math.Max(0, 1-float64(c.Track.Open())/float64(capacityOf(c))),
		atFair:  1,
	}
	if r.total > 0 {
		out.values[atFair] = 1 - float64(c.Track.Received)/float64(r.total)
	}
	if trust != nil {
		out.values[atTrust] = trust.Strength
	}
	for at := range Terms {
		out.score += r.weigh[at] * out.values[at]
	}
	return out
}

func capacityOf(c *CandidateFacts) int {
	if c.Capacity == nil {
		return DefaultCapacity
	}
	return *c.Capacity
}

// bestMatch picks the holding that fills a need best, and the office from which the need is near.
func (r *ranking) bestMatch(c *CandidateFacts, need int) match {
	best := match{need: &r.facts.Needs[need]}
	var bestOffice, nearest *OfficeFacts
	remote := false
	for i := range c.Holdings[need] {
		h := &c.Holdings[need][i]
		quality := h.quality()
		office := c.officeFor(h, r.query.Remote)
		if office == nil {
			remote = true
		} else if nearest == nil || compareOffices(office, nearest) < 0 {
			nearest, best.nearest = office, h
		}
		if best.holding == nil || better(quality, office, h, best.quality, bestOffice, best.holding) {
			best.holding, best.quality, bestOffice = h, quality, office
		}
	}
	if remote {
		best.nearest = nil
	} else {
		best.office = nearest
	}
	return best
}

// better orders two holdings of one need: the greater quality, then a remote match, then the nearer
// office, then the competency, then the holding.
func better(quality float64, office *OfficeFacts, h *HoldingFacts, bestQuality float64, bestOffice *OfficeFacts, best *HoldingFacts) bool {
	if quality != bestQuality {
		return quality > bestQuality
	}
	if by := compareOffices(office, bestOffice); by != 0 {
		return by < 0
	}
	return cmp.Or(strings.Compare(h.Competency, best.Competency), strings.Compare(h.ID, best.ID)) < 0
}

// compareOffices orders offices by distance, then id; none (remote) comes first.
func compareOffices(a, b *OfficeFacts) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Or(cmp.Compare(a.Km, b.Km), strings.Compare(a.ID, b.ID))
}

// officeFor is the office from which a holding counts: its own, or for one that is partner-wide the
// nearest; nil for a holding that counts remotely.
func (c *CandidateFacts) officeFor(h *HoldingFacts, remote bool) *OfficeFacts {
	if remote && h.Remote {
		return nil
	}
	var nearest *OfficeFacts
	for i := range c.Offices {
		o := &c.Offices[i]
		if h.Office != "" && o.ID != h.Office {
			continue
		}
		if nearest == nil || compareOffices(o, nearest) < 0 {
			nearest = o
		}
	}
	return nearest
}

// quality is match · (0.6 · level/5 + 0.4 · certified).
func (h *HoldingFacts) quality() float64 {
	fits, certified := 0.9, 0.0
	if h.Exact {
		fits = 1
	}
	if h.Certification != nil {
		certified = 1
	}
	return fits * (0.6*float64(h.effectiveLevel())/MaxLevel + 0.4*certified)
}

func (h *HoldingFacts) effectiveLevel() int {
	if h.Level == 0 {
		return UnstatedLevel
	}
	return h.Level
}

// roundScore is the score as it is ordered: to 1e-9.
func roundScore(score float64) float64 { return math.Round(score*1e9) / 1e9 }

// compareRows is the order of an answer: score descending (to 1e-9), kilometres ascending (absent = 0),
// then id.
func compareRows(a, b row) int {
	return cmp.Or(cmp.Compare(roundScore(b.score), roundScore(a.score)), cmp.Compare(a.km, b.km), strings.Compare(a.facts.Partner, b.facts.Partner))
}

// fingerprint tells whether the facts behind an answer are the same as on the page before.
func (r *ranking) fingerprint() string {
	var buffer []byte
	for i := range r.rows {
		row := &r.rows[i]
		buffer = append(buffer, row.facts.Partner...)
		buffer = append(buffer, 0)
		for _, value := range row.values {
			buffer = binary.BigEndian.AppendUint64(buffer, math.Float64bits(value))
		}
		buffer = binary.BigEndian.AppendUint64(buffer, math.Float64bits(row.km))
	}
	return digest(buffer)
}

// page cuts a page out of the ranking and explains its rows.
func (r *ranking) page(question string, after *cursor, first int) *CandidatePage {
	facts := r.fingerprint()
	answer := &CandidatePage{
		Total: len(r.rows), RingKm: r.ring(), AsOf: r.query.AsOf, Seq: r.seq,
	}
	start := 0
	if after != nil {
		answer.Changed = after.Facts != facts
		last := row{score: after.Score, km: after.Key.Number, facts: &CandidateFacts{Partner: after.Key.ID}}
		start, _ = slices.BinarySearchFunc(r.rows, last, func(candidate, last row) int {
			if compareRows(candidate, last) <= 0 {
				return -1
			}
			return 1
		})
	}
	end := min(start+first, len(r.rows))
	answer.HasNext, answer.HasPrevious = end < len(r.rows), start > 0
	answer.Stated = r.stated(r.rows[start:end])
	for i := start; i < end; i++ {
		row := &r.rows[i]
		answer.Candidates = append(answer.Candidates, r.explain(row, i+1))
		answer.Cursors = append(answer.Cursors, cursor{
			Question: question, Key: Key{Number: row.km, ID: row.facts.Partner}, Score: roundScore(row.score),
			AsOf: r.query.AsOf, Radius: radiusMark(r.facts.RadiusKm), Facts: facts,
		}.encode())
	}
	return answer
}

// ring is the radius used, nil for anywhere.
func (r *ranking) ring() *float64 {
	if math.IsInf(r.facts.RadiusKm, 1) {
		return nil
	}
	return &r.facts.RadiusKm
}
