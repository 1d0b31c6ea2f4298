package network

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"pgregory.net/rapid"

	"valueweb/graph"
)

// world is the naive model: nodes by id, and every figure read from them anew.
type world struct {
	partners     map[string]*graph.Partner
	referrals    map[string]*graph.Referral
	partnerships map[string]*graph.Partnership
}

func newWorld() world {
	return world{map[string]*graph.Partner{}, map[string]*graph.Referral{}, map[string]*graph.Partnership{}}
}

func (w world) put(nodes ...graph.Node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *graph.Partner:
			w.partners[n.ID] = n
		case *graph.Referral:
			w.referrals[n.ID] = n
		case *graph.Partnership:
			w.partnerships[n.ID] = n
		}
	}
}

// drop removes a node.
func (w world) drop(kind graph.Kind, id string) {
	switch kind {
	case graph.KindPartner:
		delete(w.partners, id)
	case graph.KindReferral:
		delete(w.referrals, id)
	case graph.KindPartnership:
		delete(w.partnerships, id)
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// built is the network of the world, made in one go.
func (w world) built() *snapshot {
	var chunk graph.NetworkChunk
	for _, p := range w.partners {
		chunk.Partners = append(chunk.Partners, p)
	}
	for _, r := range w.referrals {
		chunk.Referrals = append(chunk.Referrals, r)
	}
	for _, p := range w.partnerships {
		chunk.Partnerships = append(chunk.Partnerships, p)
	}
	e := newLedger().edit(emptySnapshot())
	e.chunk(chunk)
	return e.snapshot(1)
}

// tie is the tie of two partners by the letter of the specification; ok is false for w = 0.
func (w world) tie(a, b string, asOf graph.Date) (told graph.Tie, ok bool) {
	weight, best := 0.0, 0.0
	told = graph.Tie{A: a, B: b}
	for _, id := range sorted(w.referrals) {
		r := w.referrals[id]
		if !(r.From == a && r.To == b || r.From == b && r.To == a) || r.SentOn > asOf {
			continue
		}
		weight += naiveWorth(r, asOf)
		told.Referrals++
		for _, date := range []graph.Date{r.SentOn, r.AnsweredOn, r.Timeline().Closing()} {
			if !date.IsZero() && date <= asOf && (told.LastActivity.IsZero() || date > told.LastActivity) {
				told.LastActivity = date
			}
		}
	}
	for _, id := range sorted(w.partnerships) {
		p := w.partnerships[id]
		if slices.Contains(p.Parties, a) && slices.Contains(p.Parties, b) && p.InForceAt(asOf) && p.Collaboration.Weight() > best {
			best, told.Partnership = p.Collaboration.Weight(), id
		}
	}
	weight += best
	told.Strength = weight / (weight + 2)
	return told, told.Strength > 0
}

func naiveWorth(r *graph.Referral, asOf graph.Date) float64 {
	t := r.Timeline()
	outcome, since := 0.25, r.SentOn
	switch {
	case t.ClosedBy(asOf) && r.State == graph.ReferralWon:
		outcome, since = 1, t.Closing()
	case t.ClosedBy(asOf):
		outcome = 0
	case t.AnsweredBy(asOf):
		outcome = 0.5
	}
	return outcome * math.Pow(0.5, float64(asOf.DaysSince(since))/548)
}

// allPaths are all loopless paths of up to so many ties over ACTIVE partners that are not closed.
func (w world) allPaths(from, to string, most int, closed []string, asOf graph.Date) []graph.TrustPath {
	var all []graph.TrustPath
	open := func(id string) bool {
		p := w.partners[id]
		return p != nil && p.Status == graph.Active && !slices.Contains(closed, id)
	}
	if from == to || !open(from) || !open(to) {
		return nil
	}
	var visit func(path graph.TrustPath)
	visit = func(path graph.TrustPath) {
		last := path.Partners[len(path.Partners)-1]
		if last == to {
			all = append(all, path)
			return
		}
		if len(path.Ties) == most {
			return
		}
		for id := range w.partners {
			if slices.Contains(path.Partners, id) || !open(id) {
				continue
			}
			tie, ok := w.tie(last, id, asOf)
			if strength := path.Strength * tie.Strength; ok && strength > 0 {
				visit(graph.TrustPath{
					Partners: append(slices.Clone(path.Partners), id),
					Ties:     append(slices.Clone(path.Ties), tie),
					Strength: strength,
				})
			}
		}
	}
	visit(graph.TrustPath{Partners: []string{from}, Strength: 1})
	return all
}

// best takes the first paths by the rule for equal strengths.
func best(all []graph.TrustPath, first int) []graph.TrustPath {
	var taken []graph.TrustPath
	for len(taken) < first && len(all) > 0 {
		strongest := 0.0
		for _, p := range all {
			strongest = max(strongest, p.Strength)
		}
		next := -1
		for i, p := range all {
			if p.Strength >= strongest-1e-12 && (next < 0 || naiveCompare(p, all[next]) < 0) {
				next = i
			}
		}
		taken = append(taken, all[next])
		all = slices.Delete(slices.Clone(all), next, next+1)
	}
	return taken
}

func naiveCompare(a, b graph.TrustPath) int {
	return cmp.Or(cmp.Compare(len(a.Ties), len(b.Ties)), slices.Compare(a.Partners, b.Partners))
}

// samePath fails unless two paths agree: strengths within 1e-12, all else exactly.
func samePath(t rapid.TB, got, want graph.TrustPath) {
	t.Helper()
	if !slices.Equal(got.Partners, want.Partners) || len(got.Ties) != len(want.Ties) || math.Abs(got.Strength-want.Strength) > 1e-12 {
		t.Fatalf("path %v of strength %v, want %v of %v", got.Partners, got.Strength, want.Partners, want.Strength)
	}
	for i, tie := range got.Ties {
		naive := want.Ties[i]
		if math.Abs(tie.Strength-naive.Strength) > 1e-12 {
			t.Fatalf("tie %+v, want %+v", tie, naive)
		}
		naive.Strength = tie.Strength
		if tie != naive {
			t.Fatalf("tie %+v, want %+v", tie, naive)
		}
	}
}

var (
	today  = graph.NewDate(2026, 11, 22)
	ids    = []string{"h", "b", "e", "a", "g", "c", "f", "d"}
	days   = []graph.Date{today.AddDays(-1000), today.AddDays(-400), today.AddDays(-30), today, today.AddDays(90)}
	remote = []graph.Date{graph.NewDate(1, 1, 1), graph.NewDate(1500, 6, 1), graph.NewDate(1969, 12, 31), graph.NewDate(9000, 1, 1)}
)

func drawDate(t *rapid.T, label string) graph.Date {
	if rapid.IntRange(0, 30).Draw(t, label+" is remote") == 0 {
		return rapid.SampledFrom(remote).Draw(t, label)
	}
	return rapid.SampledFrom(days).Draw(t, label)
}

func drawOptional(t *rapid.T, label string) graph.Date {
	if !rapid.Bool().Draw(t, label+" is stated") {
		return 0
	}
	return drawDate(t, label)
}

func drawAsOf(t *rapid.T) graph.Date {
	if rapid.IntRange(0, 20).Draw(t, "asOf is the end of time") == 0 {
		return graph.NewDate(9999, 12, 31)
	}
	return drawDate(t, "asOf")
}

func drawPartner(t *rapid.T) *graph.Partner {
	status := graph.Active
	if rapid.IntRange(0, 7).Draw(t, "stands aside") == 0 {
		status = graph.Suspended
	}
	id := rapid.SampledFrom(ids).Draw(t, "partner")
	return &graph.Partner{Meta: graph.Meta{ID: id}, Name: "Partner " + id, Status: status}
}

func drawReferral(t *rapid.T) *graph.Referral {
	return &graph.Referral{
		Meta:       graph.Meta{ID: fmt.Sprintf("r%02d", rapid.IntRange(0, 40).Draw(t, "referral"))},
		From:       rapid.SampledFrom(ids).Draw(t, "from"),
		To:         rapid.SampledFrom(ids).Draw(t, "to"),
		State:      rapid.SampledFrom(graph.ReferralStates).Draw(t, "state"),
		SentOn:     drawDate(t, "sent"),
		AnsweredOn: drawOptional(t, "answered"),
		ClosedOn:   drawOptional(t, "closed"),
	}
}

func drawPartnership(t *rapid.T) *graph.Partnership {
	p := &graph.Partnership{
		Meta:          graph.Meta{ID: fmt.Sprintf("p%d", rapid.IntRange(0, 9).Draw(t, "partnership"))},
		Parties:       rapid.SliceOfN(rapid.SampledFrom(ids), 2, 4).Draw(t, "parties"),
		Collaboration: rapid.SampledFrom(graph.Collaborations).Draw(t, "collaboration"),
		StartsOn:      drawOptional(t, "starts"),
		EndsOn:        drawOptional(t, "ends"),
	}
	if rapid.IntRange(0, 7).Draw(t, "is retired") == 0 {
		p.RetiredOn = today
	}
	if rapid.IntRange(0, 7).Draw(t, "is proposed") == 0 {
		p.Pending = p.Parties[:1]
	}
	return p
}

// drawPlain is a partnership of two that is always in force: many of them make many equal strengths.
func drawPlain(t *rapid.T, i int) *graph.Partnership {
	return &graph.Partnership{
		Meta:          graph.Meta{ID: fmt.Sprintf("q%02d", i)},
		Parties:       rapid.SliceOfN(rapid.SampledFrom(ids), 2, 2).Draw(t, "pair"),
		Collaboration: graph.MediumCollaboration,
	}
}

// drawWorld draws a small world, half of the time one in which all ties are equally strong.
func drawWorld(t *rapid.T) world {
	w := newWorld()
	for _, id := range ids {
		w.put(&graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active})
	}
	for range rapid.IntRange(0, 3).Draw(t, "partners that differ") {
		w.put(drawPartner(t))
	}
	if rapid.Bool().Draw(t, "all equal") {
		for i := range rapid.IntRange(5, 25).Draw(t, "plain partnerships") {
			w.put(drawPlain(t, i))
		}
		return w
	}
	for range rapid.IntRange(5, 40).Draw(t, "referrals") {
		w.put(drawReferral(t))
	}
	for range rapid.IntRange(0, 6).Draw(t, "partnerships") {
		w.put(drawPartnership(t))
	}
	return w
}
