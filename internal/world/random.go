package world

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sort"
)

// stream is the random stream of thing number i of a sheet: its own, whatever the others draw.
func (w *world) stream(sheet string, i int) *rand.Rand {
	return stream(w.seed, sheet, i)
}

// stream of a seed; that of 0 is for what no seed changes.
func stream(seed uint64, sheet string, i int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(sheet))
	return rand.New(rand.NewPCG(scatter(seed^h.Sum64()), scatter(uint64(i))))
}

// scatter is the finaliser of SplitMix64: neighbouring numbers give unrelated ones.
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true in percent of a hundred draws.
func chance(r *rand.Rand, percent int) bool {
	return r.IntN(100) < percent
}

// between is uniform over low..high, both included.
func between(r *rand.Rand, low, high int) int {
	return low + r.IntN(high-low+1)
}

// one is uniform over the choices.
func one[T any](r *rand.Rand, choices []T) T {
	return choices[r.IntN(len(choices))]
}

// powerLaw is the weight of rank 1, 2, …: rank^-exponent, as a whole number so that sums are exact.
func powerLaw(rank int, exponent float64) uint64 {
	return uint64(math.Round(1e9 * math.Pow(float64(rank), -exponent)))
}

// urn draws numbers, each as often as its weight.
type urn struct {
	numbers []int
	sums    []uint64
}

// zipf draws 0..n-1, the first most often.
func zipf(n int, exponent float64) urn {
	var u urn
	for i := range n {
		u.add(i, powerLaw(i+1, exponent))
	}
	return u
}

func (u *urn) add(number int, weight uint64) {
	var sum uint64
	if len(u.sums) > 0 {
		sum = u.sums[len(u.sums)-1]
	}
	u.numbers = append(u.numbers, number)
	u.sums = append(u.sums, sum+weight)
}

// draw needs an urn that is not empty.
func (u *urn) draw(r *rand.Rand) int {
	x := r.Uint64N(u.sums[len(u.sums)-1])
	return u.numbers[sort.Search(len(u.sums), func(i int) bool { return u.sums[i] > x })]
}

// tries bounds the search for somebody suitable; past it, the fact is left out.
const tries = 32
