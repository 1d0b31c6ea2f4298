package scenarios

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// dealers writes the sheets of a country of N dealers: dealer-0001 … lie on a grid of 60 by N/60 around
// Lyon, two kilometres apart, every third carries the line tractors, every fifth has no capacity left.
func dealers(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	sheets := map[string][][]string{
		"competencies":         {{"id", "name", "parent_id"}, {"machines", "Machines", ""}, {"tractors", "Tractors", "machines"}},
		"partners":             {{"id", "name", "kind", "capacity"}},
		"offices":              {{"id", "partner_id", "name", "country", "lat", "lng"}},
		"partner_competencies": {{"partner_id", "competency_id", "level"}},
	}
	add := func(sheet string, cells ...string) { sheets[sheet] = append(sheets[sheet], cells) }
	order := rand.New(rand.NewPCG(4, 4)).Perm(n) // the order of the rows says nothing
	for _, i := range order {
		id := fmt.Sprintf("dealer-%04d", i)
		capacity := "5"
		if i%5 == 0 {
			capacity = "0"
		}
		add("partners", id, "Dealer "+strconv.Itoa(i), "RESELLER", capacity)
		lat, lng := 45.75+float64(i/60)*0.018, 4.85+float64(i%60)*0.0258
		add("offices", id+"-shop", id, "Shop "+strconv.Itoa(i), "FR", fmt.Sprintf("%.5f", lat), fmt.Sprintf("%.5f", lng))
		if i%3 == 0 {
			add("partner_competencies", id, "tractors", "4")
		}
	}
	writeSheets(ts, args[1], sheets)
}
