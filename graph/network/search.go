package network

import (
	"container/heap"
	"context"
	"slices"

	"valueweb/graph"
)

// crowd is the number of paths beyond which paths of about the same strength are told apart by
// enumerating them in the order of ties and ids, rather than by comparing all of them.
const crowd = 10 * graph.MaxPaths

// rounding is more than the error of a product of at most graph.MaxHops strengths, whatever the order.
const rounding = 1e-14

// ctxEvery is the number of steps after which a search looks whether it is still wanted.
const ctxEvery = 256

// pathSearch is a question for paths under way.
type pathSearch struct {
	net      *snapshot
	day      moment
	from, to int32
	ties     int // at most
	bounds
}

// prefix is the beginning of a path.
type prefix struct {
	strength float64
	bound    float64 // no path that begins so is stronger
	node     int32
	parent   int32 // in frontier.prefixes; -1: node is the start
	ties     int8
}

// strongest finds the strongest paths, best first: always the beginning whose bound is highest is carried
// on. It finds every path as strong as the first-th strongest, less the tolerance; all is false where that
// would be more than crowded, then it has found so many of the strongest.
func (s *pathSearch) strongest(ctx context.Context, first, crowded int) (found []chain, all bool, err error) {
	crowded = max(crowded, first)
	f := &frontier{prefixes: []prefix{{strength: 1, bound: 1, node: s.from, parent: -1}}, order: []int32{0}}
	floor := 0.0
	for steps := 0; len(f.order) > 0; steps++ {
		if steps%ctxEvery == 0 && ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		at := f.pop()
		p := f.prefixes[at]
		if p.bound < floor {
			break
		}
		if p.node != s.to {
			s.carryOn(f, at, floor)
			continue
		}
		if len(found) == crowded {
			return found, false, nil
		}
		found = append(found, chain{nodes: f.nodes(at), strength: p.strength})
		if len(found) == first {
			weakest := slices.MaxFunc(found, stronger)
			floor = weakest.strength - graph.StrengthTolerance - rounding
		}
	}
	return found, true, nil
}

// carryOn adds all beginnings that are one tie longer and may lead to a path not below a floor. The best
// of them gets the very bound of its parent, whatever the rounding: so that among equals the search goes
// on to the end before it turns to another.
func (s *pathSearch) carryOn(f *frontier, at int32, floor float64) {
	p := f.prefixes[at]
	within := s.within[s.ties-int(p.ties)-1]
	for _, next := range s.net.steps(p.node, s.day) {
		strength := p.strength * next.strength
		bound := strength * within[next.to]
		if bound == 0 || bound < floor || f.passes(at, next.to) {
			continue
		}
		if bound > p.bound-rounding {
			bound = p.bound
		}
		f.push(prefix{strength: strength, bound: bound, node: next.to, parent: at, ties: p.ties + 1})
	}
}

// enumerate returns the first paths not below a floor in the order of ties and ids.
func (s *pathSearch) enumerate(ctx context.Context, floor float64, first int) ([]chain, error) {
	e := enumeration{pathSearch: s, ctx: ctx, floor: floor, first: first}
	for ties := 1; ties <= s.ties && len(e.found) < first; ties++ {
		e.walk([]int32{s.from}, 1, ties)
		if e.err != nil {
			return nil, e.err
		}
	}
	return e.found, nil
}

// enumeration visits paths in the order of their ids.
type enumeration struct {
	*pathSearch
	ctx   context.Context
	floor float64
	first int
	found []chain
	steps int
	err   error
}

// walk visits all paths that begin with nodes and have exactly so many ties left.
func (e *enumeration) walk(nodes []int32, strength float64, left int) {
	if e.steps++; e.steps%ctxEvery == 0 && e.err == nil {
		e.err = e.ctx.Err()
	}
	if left == 0 {
		if strength >= e.floor {
			e.found = append(e.found, chain{nodes: slices.Clone(nodes), strength: strength})
		}
		return
	}
	for _, next := range e.next(nodes, strength, e.exact[left-1]) {
		if e.err != nil || len(e.found) == e.first {
			return
		}
		e.walk(append(nodes, next.to), strength*next.strength, left-1)
	}
}

// next are the steps that may lead to a path not below the floor, in the order of ids.
func (e *enumeration) next(nodes []int32, strength float64, bound []float64) []step {
	var steps []step
	for _, next := range e.net.steps(nodes[len(nodes)-1], e.day) {
		most := strength * next.strength * bound[next.to]
		if most > 0 && most >= e.floor-rounding && !slices.Contains(nodes, next.to) {
			steps = append(steps, next)
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return e.net.compareIDs(a.to, b.to) })
	return steps
}

// frontier is the beginnings found so far, and those not yet carried on as a heap: the highest bound
// first, of equal ones the longest.
type frontier struct {
	prefixes []prefix
	order    []int32
}

func (f *frontier) Len() int { return len(f.order) }

func (f *frontier) Less(i, j int) bool {
	a, b := &f.prefixes[f.order[i]], &f.prefixes[f.order[j]]
	if a.bound != b.bound {
		return a.bound > b.bound
	}
	return a.ties > b.ties
}

func (f *frontier) Swap(i, j int) { f.order[i], f.order[j] = f.order[j], f.order[i] }

// Push and Pop complete heap.Interface. The heap is kept in order by heap.Fix alone, which needs no
// allocation for an element.
func (f *frontier) Push(any) {}
func (f *frontier) Pop() any { return nil }

func (f *frontier) push(p prefix) {
	f.prefixes = append(f.prefixes, p)
	f.order = append(f.order, int32(len(f.prefixes)-1))
	heap.Fix(f, len(f.order)-1)
}

func (f *frontier) pop() int32 {
	top, last := f.order[0], len(f.order)-1
	f.order[0] = f.order[last]
	if f.order = f.order[:last]; last > 0 {
		heap.Fix(f, 0)
	}
	return top
}

// passes reports whether a beginning has been at a partner.
func (f *frontier) passes(at, n int32) bool {
	for ; at >= 0; at = f.prefixes[at].parent {
		if f.prefixes[at].node == n {
			return true
		}
	}
	return false
}

// nodes are the partners of a beginning, from the start on.
func (f *frontier) nodes(at int32) []int32 {
	nodes := make([]int32, f.prefixes[at].ties+1)
	for i := len(nodes) - 1; i >= 0; i-- {
		nodes[i] = f.prefixes[at].node
		at = f.prefixes[at].parent
	}
	return nodes
}
