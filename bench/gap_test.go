package bench

import (
	"slices"
	"testing"
	"time"

	"valueweb/graph"
)

// BenchmarkWhoCanFill asks the main question with an asker, all terms, the first 20 rows explained, at
// 10,000 partners with 25,000 offices, within 50 km. It reports the CPU time of the median and of the
// slowest hundredth of 400 questions, and how many candidates they rank.
func BenchmarkWhoCanFill(b *testing.B) {
	w := bigWorld()
	for _, c := range []struct {
		name       string
		competency func() string
	}{
		{"some competency", func() string { return w.leaves[1+zipf(w.rand, competencies-1, 0.8)] }},
		{"the broadest competency", func() string { return w.leaves[0] }},
	} {
		b.Run(c.name, func(b *testing.B) {
			questions := w.questions(400, c.competency)
			b.ReportAllocs()
			var took []time.Duration
			var found []int
			i := 0
			for b.Loop() {
				start := time.Now()
				answer := askGap(b, w, questions[i%len(questions)])
				took = append(took, time.Since(start))
				found = append(found, answer.Total)
				i++
			}
			report(b, took, found)
		})
	}
}

func report(b *testing.B, took []time.Duration, found []int) {
	slices.Sort(took)
	slices.Sort(found)
	at := func(p float64) int { return min(len(took)-1, int(float64(len(took))*p)) }
	b.ReportMetric(float64(took[at(0.5)].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[at(0.99)].Microseconds()), "p99-µs")
	b.ReportMetric(float64(found[at(0.5)]), "p50-candidates")
	b.ReportMetric(float64(found[at(0.99)]), "p99-candidates")
}

// BenchmarkFacts asks the store alone.
func BenchmarkFacts(b *testing.B) {
	w := bigWorld()
	questions := w.questions(400, func() string { return w.leaves[0] })
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		gap := questions[i%len(questions)]
		if _, err := w.Store.Gap(b.Context(), graph.Operator, graph.GapQuery{Gap: gap, Radii: []float64{*gap.RadiusKm}, Enough: graph.EnoughPartners}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
