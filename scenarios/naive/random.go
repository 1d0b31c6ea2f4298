package naive

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// asOfs are the dates that random questions ask about most; random facts begin
// and end around them, and on them.
var asOfs = []string{"2024-02-29", "2025-06-30", "2026-02-28", "2026-06-30", "2026-11-22"}

// Random makes a small nasty world: file name → CSV. Offices share points and
// lie on both sides of the 180th meridian, competencies have several broader
// ones, facts end on the very day that is asked about, partners are twins.
//
// Left out on purpose, because the specification leaves the answer open or no
// import should accept it: a lead that is also a member, a closing before the
// sending, chains that come back to an ancestor, rows of one holding whose dates
// only touch, offices at ±180° itself.
func Random(r *rand.Rand) map[string][]byte {
	m := &maker{Rand: r, sheets: map[string][][]string{}}
	m.places()
	m.taxonomy()
	m.partners()
	m.customers()
	m.partnerships()
	m.referrals()
	m.opportunities()
	m.walls()
	files := map[string][]byte{}
	for name, rows := range m.sheets {
		var text bytes.Buffer
		out := csv.NewWriter(&text)
		if err := out.WriteAll(rows); err != nil {
			panic(err) // a buffer takes everything
		}
		files[name+".csv"] = text.Bytes()
	}
	return files
}

// maker draws a world and remembers what later facts refer to.
type maker struct {
	*rand.Rand
	sheets       map[string][][]string
	cities       []Point
	points       []Point // shared by offices, sites and questions
	competencies []string
	ids          []string            // of partners
	offices      map[string][]string // partner → office ids
	customerIDs  []string
	siteOf       map[string][]string // customer ("" = free) → site ids
}

// row appends to a sheet; the first row of a sheet is its header.
func (m *maker) row(sheet string, cells ...string) {
	m.sheets[sheet] = append(m.sheets[sheet], cells)
}

func (m *maker) header(sheet, columns string) {
	m.sheets[sheet] = [][]string{strings.Split(columns, ",")}
}

// chance is true in percent of all cases.
func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// some picks up to n different ones.
func some(r *rand.Rand, from []string, n int) []string {
	all := slices.Clone(from)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

// maybe is a cell that is stated in percent of all cases.
func (m *maker) maybe(percent int, cell string) string {
	if m.chance(percent) {
		return cell
	}
	return ""
}

// date is near one of the dates asked about, or on an edge of a window that ends
// there, or anywhere in six years.
func (m *maker) date() string {
	asOf := pick(m.Rand, asOfs)
	switch m.IntN(10) {
	case 0, 1:
		return asOf
	case 2:
		return addDays(asOf, pick(m.Rand, []int{-1, 1}))
	case 3:
		return addDays(asOf, pick(m.Rand, []int{-91, -90, -89}))
	case 4:
		return addDays(monthsBefore(asOf, 36), pick(m.Rand, []int{0, 1}))
	}
	return addDays("2021-03-01", m.IntN(2200))
}

// later is a date not before another.
func (m *maker) later(than string) string {
	if d := m.date(); m.chance(60) && d >= than {
		return d
	}
	return addDays(than, m.IntN(200))
}

// span is a time that may be open at either end.
func (m *maker) span(percent int) (from, to string) {
	from, to = m.maybe(percent, m.date()), m.maybe(percent, m.date())
	if from != "" && to != "" && from > to {
		return to, from
	}
	return from, to
}

func (m *maker) places() {
	all := []Point{{45.75, 4.85}, {48.78, 9.18}, {48.86, 2.35}, {51.5, -0.12}, {40.7, -74}, {78.2, 15.6}, {-33.9, 18.4}}
	m.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	m.cities = all[:2+m.IntN(2)]
	if m.chance(40) {
		m.cities = append(m.cities, Point{-16.8, 179.9}, Point{-17.2, -179.8})
	}
	for range 6 {
		m.points = append(m.points, m.around(pick(m.Rand, m.cities)))
	}
}

// around is a point up to some 100 km from another.
func (m *maker) around(p Point) Point {
	far := pick(m.Rand, []float64{0.02, 0.3, 1})
	lng := p.Lng + far*(2*m.Float64()-1)
	if lng >= 179.999 {
		lng -= 360
	}
	if lng <= -179.999 {
		lng += 359.99
	}
	return Point{fivePlaces(p.Lat + far*(2*m.Float64()-1)), fivePlaces(lng)}
}

func fivePlaces(f float64) float64 {
	f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'f', 5, 64), 64)
	return f
}

func cell(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// point is a shared one or one of its own.
func (m *maker) point() Point {
	if m.chance(50) {
		return pick(m.Rand, m.points)
	}
	return m.around(pick(m.Rand, m.cities))
}

// taxonomy is acyclic because what is broader came before.
func (m *maker) taxonomy() {
	m.header("competencies", "id,name,parent_id")
	for i := range 4 + m.IntN(6) {
		id := fmt.Sprintf(pick(m.Rand, []string{"c%d", "C_%d", "comp-%d"}), i)
		m.row("competencies", id, "Fähigkeit "+id, strings.Join(some(m.Rand, m.competencies, m.IntN(3)), ";"))
		m.competencies = append(m.competencies, id)
	}
}

func (m *maker) customers() {
	m.header("customers", "id,name,segment")
	m.header("sites", "id,customer_id,name,city,country,lat,lng")
	m.siteOf = map[string][]string{}
	sites := func(customer string, n int) {
		for range n {
			p, id := m.point(), fmt.Sprintf("s%d", len(m.sheets["sites"]))
			m.row("sites", id, customer, "Site "+id, "", "", cell(p.Lat), cell(p.Lng))
			m.siteOf[customer] = append(m.siteOf[customer], id)
		}
	}
	for i, n := range []int{0, 1, 3, 1, 3, 2} {
		id := fmt.Sprintf("k%d", i)
		m.row("customers", id, "Kunde "+id, pick(m.Rand, []string{"", "SMB", "Öffentliche Hand"}))
		m.customerIDs = append(m.customerIDs, id)
		sites(id, n)
	}
	sites("", 2)
}
