package network

import (
	"cmp"
	"context"

	"valueweb/graph"
)

// trust answers a question for trust.
//
// It works by layers: first the asker's own ties, second those of the partners that it reaches by one.
// The third tie is taken from the candidates backwards, over their own ties alone. The strongest walk of
// exactly so many ties found this way is a path wherever it matters: a walk that passes a partner twice
// holds a path of fewer ties that is at least as strong, and fewer ties go first.
func (s *snapshot) trust(ctx context.Context, q graph.TrustQuery) (map[string]graph.TrustPath, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := trustSearch{net: s, day: newMoment(q.AsOf), scratch: takeScratch(s.len())}
	defer t.scratch.release()
	for _, id := range q.Without {
		if n, ok := s.ids.find(id); ok {
			t.without[n] = t.turn
		}
	}
	asker, ok := s.findActive(q.Asker)
	if !ok || !t.open(asker) {
		return map[string]graph.TrustPath{}, nil
	}
	if err := t.expand(ctx, asker); err != nil {
		return nil, err
	}
	found, err := t.reach(ctx, asker, q.Candidates)
	if err != nil {
		return nil, err
	}
	return t.told(found), nil
}

// trustSearch is a question for trust under way.
type trustSearch struct {
	net *snapshot
	day moment
	*scratch
}

// reached is the path from the asker to a candidate.
type reached struct {
	nodes    [graph.MaxTrustTies + 1]int32
	ties     int
	strength float64
}

func (r *reached) chain() chain { return chain{nodes: r.nodes[:r.ties+1], strength: r.strength} }

// open reports whether paths may pass a partner.
func (t *trustSearch) open(n int32) bool { return t.without[n] != t.turn && t.net.active(n) }

// expand notes whom the asker reaches by one tie and by two. The partners noted in second need not be
// open: that is for whoever looks there to check.
func (t *trustSearch) expand(ctx context.Context, asker int32) error {
	for _, a := range t.net.steps(asker, t.day) {
		if !t.open(a.to) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		t.first[a.to] = firstReach{strength: a.strength, turn: t.turn}
		for _, b := range t.net.steps(a.to, t.day) {
			t.second[b.to].note(t.turn, a.to, a.strength*b.strength)
		}
	}
	return nil
}

// note keeps a way if it is among the two strongest.
func (r *secondReach) note(turn uint32, via int32, strength float64) {
	switch {
	case r.turn != turn:
		*r = secondReach{best: strength, via: via, turn: turn}
	case strength > r.best:
		r.best, r.rival, r.via = strength, r.best, via
	case strength > r.rival:
		r.rival = strength
	}
}

// reach finds the path to each candidate that has one.
func (t *trustSearch) reach(ctx context.Context, asker int32, candidates []string) ([]reached, error) {
	found := make([]reached, 0, len(candidates))
	for _, id := range candidates {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		candidate, ok := t.net.findActive(id)
		if !ok || candidate == asker || !t.open(candidate) {
			continue
		}
		if path, ok := t.to(asker, candidate); ok {
			found = append(found, path)
		}
	}
	return found, nil
}

// to finds the path to a candidate: of those within the tolerance of the strongest, whatever their
// number of ties, the one with the fewest, of these the one with the smallest ids.
func (t *trustSearch) to(asker, candidate int32) (reached, bool) {
	one, two := t.direct(candidate), t.twice(candidate)
	strongest := max(one, two, t.thrice(candidate))
	floor := strongest - graph.StrengthTolerance
	path := reached{nodes: [...]int32{asker, candidate, candidate, candidate}}
	switch {
	case strongest == 0:
		return path, false
	case one > 0 && one >= floor:
		path.ties, path.strength = 1, one
	case two > 0 && two >= floor:
		path.ties = 2
		path.nodes[1], path.strength = t.between(candidate, floor)
	default:
		path.ties = 3
		path.nodes[1], path.nodes[2], path.strength = t.betweenTwo(candidate, floor)
	}
	return path, true
}

// direct is the strength of the tie from the asker, 0 for none.
func (t *trustSearch) direct(n int32) float64 {
	if r := &t.first[n]; r.turn == t.turn {
		return r.strength
	}
	return 0
}

// twice is the strength of the strongest way by two ties, 0 for none.
func (t *trustSearch) twice(n int32) float64 {
	if r := &t.second[n]; r.turn == t.turn {
		return r.best
	}
	return 0
}

// thrice is the strength of the strongest way by three ties, 0 for none.
func (t *trustSearch) thrice(candidate int32) float64 {
	best := 0.0
	for _, last := range t.net.steps(candidate, t.day) {
		if way := t.twice(last.to) * last.strength; way > best && t.open(last.to) {
			best = way
		}
	}
	return best
}

// between is the partner in the middle of the path by two ties: of those whose way is not below a floor,
// the one with the smallest id.
func (t *trustSearch) between(candidate int32, floor float64) (via int32, strength float64) {
	if r := &t.second[candidate]; r.rival < floor {
		return r.via, r.best
	}
	via = -1
	for _, last := range t.net.steps(candidate, t.day) {
		way := t.direct(last.to) * last.strength
		if way > 0 && way >= floor && (via < 0 || t.net.compareIDs(last.to, via) < 0) {
			via, strength = last.to, way
		}
	}
	return via, strength
}

// betweenTwo are the partners in the middle of the path by three ties: of those whose way is not below a
// floor, the pair with the smallest ids.
func (t *trustSearch) betweenTwo(candidate int32, floor float64) (first, second int32, strength float64) {
	first = -1
	consider := func(a, b int32, way float64) {
		if first < 0 || cmp.Or(t.net.compareIDs(a, first), t.net.compareIDs(b, second)) < 0 {
			first, second, strength = a, b, way
		}
	}
	for _, last := range t.net.steps(candidate, t.day) {
		best := t.twice(last.to) * last.strength
		if best == 0 || best < floor || !t.open(last.to) {
			continue
		}
		if r := &t.second[last.to]; r.rival*last.strength < floor {
			consider(r.via, last.to, best)
			continue
		}
		for _, middle := range t.net.steps(last.to, t.day) {
			if way := t.direct(middle.to) * middle.strength * last.strength; way > 0 && way >= floor {
				consider(middle.to, last.to, way)
			}
		}
	}
	return first, second, strength
}

// told tells all paths in full, in one piece of memory.
func (t *trustSearch) told(found []reached) map[string]graph.TrustPath {
	count := 0
	for i := range found {
		count += found[i].ties
	}
	partners := make([]string, count+len(found))
	ties := make([]graph.Tie, count)
	all := make(map[string]graph.TrustPath, len(found))
	for i := range found {
		n := found[i].ties
		path := t.net.path(found[i].chain(), t.day, partners[:0:n+1], ties[:0:n])
		partners, ties = partners[n+1:], ties[n:]
		all[path.Partners[n]] = path
	}
	return all
}
