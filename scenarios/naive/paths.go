package naive

import (
	"cmp"
	"slices"
)

// same is how far apart two strengths may be and still count as equal.
const same = 1e-12

// path is a loopless sequence of partners and the product of its ties.
type path struct {
	partners []string
	strength float64
}

// beats orders paths of equal strength: fewer hops, then the smallest ids.
func (p path) beats(q path) bool {
	if len(p.partners) != len(q.partners) {
		return len(p.partners) < len(q.partners)
	}
	return slices.Compare(p.partners, q.partners) < 0
}

// strongest takes the k strongest paths out of all: again and again the best of
// those that are as strong as the strongest left.
func strongest(all []path, k int) []path {
	var out []path
	for len(all) > 0 && len(out) < k {
		top := 0.0
		for _, p := range all {
			top = max(top, p.strength)
		}
		best := -1
		for i, p := range all {
			if p.strength >= top-same && (best < 0 || p.beats(all[best])) {
				best = i
			}
		}
		out = append(out, all[best])
		all = slices.Delete(all, best, best+1)
	}
	return out
}

// walk enumerates the loopless paths of at most hops ties between two partners
// that may be walked over. A branch is left only where it cannot end among the k
// strongest: ties are below 1, so that a path never gains by going on, or where
// the goal is too many ties away.
func walk(ties map[string]map[string]tie, open map[string]bool, from, to string, hops, k int) []path {
	var found []path
	var kept []float64 // the k greatest strengths found, descending
	if !open[from] || !open[to] {
		return nil
	}
	away := hopsTo(ties, open, to)
	visited := map[string]bool{from: true}
	var step func(trail []string, strength float64)
	step = func(trail []string, strength float64) {
		at := trail[len(trail)-1]
		if at == to {
			found = append(found, path{slices.Clone(trail), strength})
			kept = append(kept, strength)
			slices.SortFunc(kept, func(a, b float64) int { return cmp.Compare(b, a) })
			kept = kept[:min(k, len(kept))]
			return
		}
		for next, t := range ties[at] {
			far, reachable := away[next]
			if visited[next] || !reachable || len(trail)+far > hops {
				continue
			}
			if len(kept) == k && strength*t.strength < kept[k-1]-2*same {
				continue
			}
			visited[next] = true
			step(append(trail, next), strength*t.strength)
			delete(visited, next)
		}
	}
	step([]string{from}, 1)
	return strongest(found, k)
}

// hopsTo is the least number of ties from every partner to one of them.
func hopsTo(ties map[string]map[string]tie, open map[string]bool, to string) map[string]int {
	away := map[string]int{to: 0}
	for hop, grew := 1, true; grew; hop++ {
		grew = false
		for a, tied := range ties {
			if _, known := away[a]; known || !open[a] {
				continue
			}
			for b := range tied {
				if far, known := away[b]; known && far == hop-1 {
					away[a], grew = hop, true
				}
			}
		}
	}
	return away
}

// Paths answers the variables of `paths` (from, to, maxHops, first, avoid,
// asOf) with {nodes, apart}, or with an error code.
func (w *World) Paths(variables map[string]any) (map[string]any, string) {
	in := reader{fields: variables}
	from, to, avoid := in.text("from"), in.text("to"), in.texts("avoid")
	hops, first := in.whole("maxHops", 3), in.whole("first", 5)
	asOf := in.date("asOf")
	if in.wrong || from == to || hops < 1 || hops > 6 || first < 1 || first > 20 {
		return nil, "VALIDATION"
	}
	open := map[string]bool{}
	for _, p := range w.Partners {
		open[p.ID] = p.Status == "ACTIVE"
	}
	for _, id := range append([]string{from, to}, avoid...) {
		if _, known := w.partner(id); !known {
			return nil, "NOT_FOUND"
		}
	}
	for _, id := range avoid {
		open[id] = false
	}
	ties := w.ties(asOf)
	nodes := []any{}
	for _, p := range walk(ties, open, from, to, hops, first) {
		nodes = append(nodes, pathNode(p, ties))
	}
	answer := map[string]any{"nodes": nodes, "apart": nil}
	if len(nodes) == 0 {
		answer["apart"] = map[string]any{"from": component(ties, open, from), "to": component(ties, open, to)}
	}
	return answer, ""
}

func pathNode(p path, ties map[string]map[string]tie) map[string]any {
	steps := []any{}
	for i, b := range p.partners[1:] {
		t := ties[p.partners[i]][b]
		var partnership any
		if len(t.partnership) > 0 {
			partnership = ref(t.partnership[0].ID)
		}
		steps = append(steps, map[string]any{"strength": t.strength, "referrals": float64(t.referrals), "partnership": partnership})
	}
	return map[string]any{"strength": p.strength, "partners": refs(p.partners), "ties": steps}
}

// component is the number of open partners that are tied to one in any number
// of steps, itself included; none if it is not open itself.
func component(ties map[string]map[string]tie, open map[string]bool, of string) float64 {
	if !open[of] {
		return 0
	}
	return float64(len(hopsTo(ties, open, of)))
}
