package world

import (
	"math/rand/v2"
	"strings"
)

var (
	solutionNouns = []string{"Bridge", "Shelf", "Desk", "Frame", "Relay", "Ledger", "Pier", "Compass"}
	origins       = []string{"PARTNER", "PARTNER", "BLUEPRINT", "JOINT"}
)

// solutionRows: each names competencies that its first partner holds, and may build on an earlier one.
func (w *world) solutionRows(yield func([]string) bool) {
	for i := range w.spec.solutions {
		r := w.stream("solutions", i)
		p := w.ally(r, nil)
		partners, origin := []string{w.partners[p].id}, one(r, origins)
		if origin == "JOINT" {
			partners = append(partners, w.partners[w.ally(r, []int{p})].id)
		}
		main := w.partners[p].holdings[0].competency
		requires, also := []string{main}, one(r, w.partners[p].holdings).competency
		if also != main {
			requires = append(requires, also)
		}
		row := []string{w.solutionID(i), w.solutionName(r, p), list(partners...), origin, list(requires...), w.basis(r, i),
			w.competency(main).name + ", ready to use", synthetic}
		if !yield(row) {
			return
		}
	}
}

func (w *world) solutionID(i int) string {
	return number("solution", i+1, w.spec.solutions)
}

func (w *world) solutionName(r *rand.Rand, partner int) string {
	stem, _, _ := strings.Cut(w.partners[partner].name, " ")
	return stem + " " + one(r, solutionNouns)
}

// basis is an earlier solution, for one in four.
func (w *world) basis(r *rand.Rand, i int) string {
	if i == 0 || !chance(r, 25) {
		return ""
	}
	return w.solutionID(r.IntN(i))
}
