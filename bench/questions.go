package bench

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"valueweb/graph"
)

// AsOf is the day that questions about the generated worlds are about.
var AsOf = graph.NewDate(2026, 11, 22)

// The questions.
const (
	radiusKm = 50
	rows     = 20
	// needSkew is the exponent of Zipf's law by which needs are drawn: that by which they are held in the
	// generated worlds is about as steep.
	needSkew = 0.8
)

// Draw draws questions about the world in a folder of sheets: places where offices are, so that larger
// cities are asked about more; needs by Zipf's law, the most held ones first; askers evenly among the
// ACTIVE partners. The same seed draws the same questions.
func Draw(sheets string, n int, seed uint64) ([]Question, error) {
	w, err := readWorld(sheets)
	if err != nil {
		return nil, fmt.Errorf("draw questions: %w", err)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	questions := make([]Question, n)
	for i := range questions {
		questions[i] = Question{
			Competency: w.needs[zipf(random, len(w.needs), needSkew)], MinLevel: 1 + i%3, At: w.places[random.IntN(len(w.places))],
			RadiusKm: radiusKm, Asker: w.askers[random.IntN(len(w.askers))], AsOf: AsOf, First: rows,
		}
	}
	return questions, nil
}

// drawn is what questions are drawn from.
type drawn struct {
	places []graph.Point
	needs  []string // the most held first
	askers []string
}

func readWorld(sheets string) (*drawn, error) {
	w, held := &drawn{}, map[string]int{}
	err := errors.Join(
		eachRow(sheets, "offices", func(cell func(string) string) error {
			lat, err := strconv.ParseFloat(cell("lat"), 64)
			if err != nil {
				return err
			}
			lng, err := strconv.ParseFloat(cell("lng"), 64)
			w.places = append(w.places, graph.Point{Lat: lat, Lng: lng})
			return err
		}),
		eachRow(sheets, "partner_competencies", func(cell func(string) string) error {
			held[cell("competency_id")]++
			return nil
		}),
		eachRow(sheets, "partners", func(cell func(string) string) error {
			if cell("status") == string(graph.Active) {
				w.askers = append(w.askers, cell("id"))
			}
			return nil
		}),
	)
	w.needs = slices.SortedFunc(maps.Keys(held), func(a, b string) int {
		return cmp.Or(cmp.Compare(held[b], held[a]), cmp.Compare(a, b))
	})
	return w, err
}

// eachRow calls yield for every row of a sheet with a look-up of its cells by column.
func eachRow(sheets, name string, yield func(cell func(column string) string) error) error {
	file, err := os.Open(filepath.Join(sheets, name+".csv"))
	if err != nil {
		return err
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.ReuseRecord = true
	header, err := reader.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	at := map[string]int{}
	for i, column := range header {
		at[column] = i
	}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = yield(func(column string) string { return row[at[column]] })
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}

// zipf draws a rank below n, the k-th with a weight of about 1/k^s.
func zipf(random *rand.Rand, n int, s float64) int {
	u := random.Float64()
	return min(n-1, int(math.Pow(1+u*(math.Pow(float64(n), 1-s)-1), 1/(1-s)))-1)
}
