package network

import "context"

// block marks the partners that lie on some loopless path between two partners, whatever its length. They
// are the biconnected component that the two would share if they were tied (Hopcroft and Tarjan 1973):
// without it a search would lose itself in what hangs on a partner that all paths pass, and through which
// no path can come back.
func (s *snapshot) block(ctx context.Context, from, to int32, closed []bool, day moment) ([]bool, error) {
	b := blockSearch{net: s, day: day, seen: make([]int32, s.len()), low: make([]int32, s.len())}
	for n, is := range closed {
		if is {
			b.seen[n] = -1
		}
	}
	b.seen[from], b.seen[to], b.low[to], b.clock = 1, 2, 1, 2
	if err := b.visit(ctx, to); err != nil {
		return nil, err
	}
	block := make([]bool, s.len())
	for _, n := range b.trail {
		block[n] = true
	}
	block[from] = true
	return block, nil
}

// blockSearch is a depth-first search that starts over the supposed tie of the two ends.
type blockSearch struct {
	net   *snapshot
	day   moment
	seen  []int32 // when a partner was first seen; 0: not yet, -1: closed
	low   []int32 // the earliest partner seen that what was visited from a partner is tied to
	clock int32
	trail []int32 // visited and not cut off, in the order of the visits
	open  []visit
}

// visit is a partner under way and its ties not yet looked at.
type visit struct {
	node int32
	rest []step
}

// visit searches from a partner on. Whatever cannot be tied to anything before the partner from which
// it was entered is cut off from the trail.
func (b *blockSearch) visit(ctx context.Context, start int32) error {
	b.enter(start)
	for len(b.open) > 0 {
		top := &b.open[len(b.open)-1]
		if len(top.rest) == 0 {
			b.leave()
			continue
		}
		next := top.rest[0].to
		top.rest = top.rest[1:]
		switch seen := b.seen[next]; {
		case seen == 0:
			if b.clock++; b.clock%ctxEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			b.seen[next], b.low[next] = b.clock, b.clock
			b.enter(next)
		case seen > 0:
			b.low[top.node] = min(b.low[top.node], seen)
		}
	}
	return nil
}

func (b *blockSearch) enter(n int32) {
	b.trail = append(b.trail, n)
	b.open = append(b.open, visit{node: n, rest: b.net.steps(n, b.day)})
}

func (b *blockSearch) leave() {
	done := b.open[len(b.open)-1].node
	b.open = b.open[:len(b.open)-1]
	if len(b.open) == 0 {
		return
	}
	parent := b.open[len(b.open)-1].node
	b.low[parent] = min(b.low[parent], b.low[done])
	if b.low[done] < b.seen[parent] {
		return
	}
	for last := int32(-1); last != done; {
		last = b.trail[len(b.trail)-1]
		b.trail = b.trail[:len(b.trail)-1]
	}
}
