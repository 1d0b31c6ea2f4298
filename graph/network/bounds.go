package network

import "context"

// bounds say how strong the rest of a path can be at most: the strongest walk to the end that neither
// passes the start nor leaves the block of the two.
type bounds struct {
	exact  [][]float64 // by ties, then partner: the strongest walk of exactly so many; 0: none
	within [][]float64 // the strongest of at most so many
}

// bound finds the bounds for all that may follow the first tie, layer by layer from the end.
func (s *pathSearch) bound(ctx context.Context, closed []bool) error {
	block, err := s.net.block(ctx, s.from, s.to, closed, s.day)
	if err != nil {
		return err
	}
	layer := make([]float64, s.net.len())
	layer[s.to] = 1
	s.exact, s.within = [][]float64{layer}, [][]float64{layer}
	for ties := 1; ties < s.ties; ties++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		layer = s.before(layer, block)
		s.exact = append(s.exact, layer)
		s.within = append(s.within, higher(s.within[ties-1], layer))
	}
	return nil
}

// before is the layer of walks that are one tie longer than those of a layer.
func (s *pathSearch) before(layer []float64, block []bool) []float64 {
	longer := make([]float64, len(layer))
	for n, strength := range layer {
		if strength == 0 {
			continue
		}
		for _, previous := range s.net.steps(int32(n), s.day) {
			if walk := previous.strength * strength; walk > longer[previous.to] && block[previous.to] {
				longer[previous.to] = walk
			}
		}
	}
	longer[s.from], longer[s.to] = 0, 0
	return longer
}

// higher is the higher of two bounds for each partner.
func higher(a, b []float64) []float64 {
	higher := make([]float64, len(a))
	for n := range a {
		higher[n] = max(a[n], b[n])
	}
	return higher
}
