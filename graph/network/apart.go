package network

import (
	"context"

	"valueweb/graph"
)

// apart says why there is no path: the sizes of the components that the ends belong to, of the ACTIVE
// partners that the question does not avoid, and the fewest ties between the ends. An end that is not
// ACTIVE, or avoided, belongs to none.
func (s *snapshot) apart(ctx context.Context, q graph.PathQuery, day moment) (*graph.Apart, error) {
	from, fromActive := s.findActive(q.From)
	to, toActive := s.findActive(q.To)
	closed := s.closed(q.Avoid)
	fromActive, toActive = fromActive && !closed[from], toActive && !closed[to]
	var apart graph.Apart
	var err error
	joined := false
	if fromActive {
		if apart.From, apart.Hops, joined, err = s.component(ctx, from, to, closed, day); err != nil {
			return nil, err
		}
	}
	switch {
	case !toActive:
		apart.Hops = 0
	case joined:
		apart.To = apart.From
	default:
		apart.To, _, _, err = s.component(ctx, to, to, closed, day)
	}
	return &apart, err
}

// component counts the partners that one is joined with over any number of ties, itself included and
// none of them closed, and says whether another is among them and after how many ties.
func (s *snapshot) component(ctx context.Context, start, other int32, closed []bool, day moment) (size, hops int, joined bool, err error) {
	distance := make([]int32, s.len()) // from the start, plus 1; 0: not seen
	distance[start] = 1
	queue := []int32{start}
	for i := 0; i < len(queue); i++ {
		if i%ctxEvery == 0 && ctx.Err() != nil {
			return 0, 0, false, ctx.Err()
		}
		for _, next := range s.steps(queue[i], day) {
			if distance[next.to] == 0 && !closed[next.to] {
				distance[next.to] = distance[queue[i]] + 1
				queue = append(queue, next.to)
			}
		}
	}
	if distance[other] > 0 {
		return len(queue), int(distance[other] - 1), true, nil
	}
	return len(queue), 0, false, nil
}
