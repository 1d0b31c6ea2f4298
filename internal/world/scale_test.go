package world

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	importer "valueweb/graph/sheet"
)

func TestWorldsHaveTheSizesOfTheirSpecification(t *testing.T) {
	for name, want := range map[string]struct {
		made                                                                             func() spec
		partners, offices, customers, competencies, referrals, opportunities, continents int
	}{
		"alliance": {alliance, 700, 2_100, 2_800, 200, 20_000, 2_000, 1},
		"m":        {medium, 10_000, 25_000, 100_000, 1_000, 1_000_000, 50_000, 1},
		"l":        {large, 100_000, 250_000, 1_000_000, 5_000, 10_000_000, 500_000, 10},
	} {
		s := want.made()
		if s.partners != want.partners || s.offices != want.offices || s.customers != want.customers || len(s.taxonomy) != want.competencies ||
			s.referrals != want.referrals || s.opportunities != want.opportunities || len(s.hubs) != want.continents {
			t.Errorf("world %s has another size", name)
		}
	}
}

func TestCountsAreExact(t *testing.T) {
	forEveryMade(t, func(t *testing.T, s spec, world tables) {
		for sheet, want := range map[string]int{"partners": s.partners, "offices": s.offices, "customers": s.customers, "competencies": len(s.taxonomy),
			"referrals": s.referrals, "opportunities": s.opportunities, "partnerships": s.partnerships} {
			if got := len(world[sheet]); got != want {
				t.Errorf("%d %s, want %d", got, sheet, want)
			}
		}
	})
}

func TestNoRowIsRejectedOrWarnedAbout(t *testing.T) {
	for name, s := range map[string]spec{"alliance": alliance(), "of two continents": twoContinents()} {
		memory := Memory()
		if err := build(s, 3).write(memory); err != nil {
			t.Fatal(err)
		}
		sources, err := importer.Dir(memory.FS())
		if err != nil {
			t.Fatal(err)
		}
		report, err := importer.Import(t.Context(), embedded.Memory(embedded.Options{}), graph.Operator, sources, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Files {
			if f.Rejected+f.Warnings+f.Merged > 0 || f.Added != f.Rows {
				t.Errorf("world %s, %s: %+v", name, f.File, f.Counts)
			}
		}
		for _, p := range report.Problems[:min(5, len(report.Problems))] {
			t.Errorf("%+v", p)
		}
	}
}

// gauge counts rows and now and then measures the heap that is in use.
type gauge struct {
	rows, every int
	least, most uint64
}

func (g *gauge) Sheet(string, ...string) (Rows, error) { return g, nil }

func (g *gauge) Write(...string) error {
	if g.rows++; g.rows%g.every == 0 {
		heap := heapInUse()
		g.least, g.most = min(g.least, heap), max(g.most, heap)
	}
	return nil
}

func (g *gauge) Close() error { return nil }

func heapInUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func TestMemoryStaysFlatInTheRows(t *testing.T) {
	before := heapInUse()
	w := build(scaled(size{partners: 1_000, offices: 2_500, customers: 20_000, competencies: 200, referrals: 60_000, opportunities: 5_000, continents: 1, cities: 50}), 1)
	if state := heapInUse() - before; state > 4<<20 {
		t.Errorf("the state of 1,000 partners takes %d bytes", state)
	}
	g := &gauge{every: 10_000, least: math.MaxUint64}
	if err := w.write(g); err != nil {
		t.Fatal(err)
	}
	if g.most-g.least > 1<<20 || g.rows < 120_000 {
		t.Errorf("over %d rows the heap went from %d to %d bytes", g.rows, g.least, g.most)
	}
}

func TestTheTopHundredthOfThePartnersReceivesATenthOfTheReferralsOrMore(t *testing.T) {
	forEveryMade(t, func(t *testing.T, s spec, world tables) {
		counts := tally(world["referrals"], "to_partner_id")
		if top := sum(counts[:s.partners/100]); top*10 < s.referrals {
			t.Errorf("%d of %d", top, s.referrals)
		}
		if top := sum(tally(world["referrals"], "from_partner_id")[:s.partners/100]); top*16 < s.referrals {
			t.Errorf("it sends %d of %d", top, s.referrals)
		}
	})
}

func TestCitiesFollowAPowerLaw(t *testing.T) {
	forEveryMade(t, func(t *testing.T, s spec, world tables) {
		counts := tally(world["offices"], "city")
		if largest := counts[0] * len(s.hubs) * 100 / s.offices; largest < 4 || largest > 30 {
			t.Errorf("the largest city has %d %% of the offices of its continent", largest)
		}
		if slope := slopeOf(counts[:20*len(s.hubs)]); slope > -0.4 || slope < -1.2 {
			t.Errorf("exponent %v", slope)
		}
	})
}

func TestCompetenciesFollowZipfsLaw(t *testing.T) {
	forEveryMade(t, func(t *testing.T, _ spec, world tables) {
		if slope := slopeOf(tally(world["partner_competencies"], "competency_id")[:40]); slope > -0.5 || slope < -1.3 {
			t.Errorf("exponent %v", slope)
		}
	})
}

func TestTheTaxonomyHasSeveralLevelsAndNodesUnderTwo(t *testing.T) {
	forEveryMade(t, func(t *testing.T, s spec, _ tables) {
		depths, twice := map[string]int{}, 0
		for _, c := range s.taxonomy {
			for _, broader := range c.broader {
				depths[c.id] = max(depths[c.id], depths[broader]+1)
			}
			if len(c.broader) > 1 {
				twice++
			}
		}
		deepest := 0
		for _, depth := range depths {
			deepest = max(deepest, depth)
		}
		if deepest < 4 || twice < 4 {
			t.Errorf("%d levels below the broadest, %d competencies under two", deepest, twice)
		}
	})
}

func TestReferralsComeInBurstsAndBySeason(t *testing.T) {
	w := build(alliance(), 1)
	circles := map[string]int{}
	for _, p := range w.partners {
		circles[p.id] = p.circle
	}
	forEveryMade(t, func(t *testing.T, s spec, world tables) {
		months := map[string]int{}
		for _, r := range world["referrals"] {
			months[r["sent_on"][5:7]]++
		}
		if months["08"]*3 > months["10"]*2 {
			t.Errorf("%d in August, %d in October", months["08"], months["10"])
		}
	})
	weeks := map[[2]int]int{}
	for _, r := range kept["alliance"]["referrals"] {
		week := int(parseDay(t, r["sent_on"])-w.from) / 7
		weeks[[2]int{circles[r["from_partner_id"]], week}]++
	}
	cells := len(w.circles) * (1 + int(w.until-w.from)/7)
	mean, variance := float64(w.spec.referrals)/float64(cells), 0.0
	for _, n := range weeks {
		variance += (float64(n) - mean) * (float64(n) - mean)
	}
	variance = (variance + float64(cells-len(weeks))*mean*mean) / float64(cells)
	if variance < 4*mean { // they would be equal if referrals came by themselves
		t.Errorf("a circle sends %.2f a week with a variance of %.2f", mean, variance)
	}
}

func TestMostReferralsStayWithinTheirCircleAndContinent(t *testing.T) {
	for _, s := range []spec{alliance(), twoContinents()} {
		w := build(s, 1)
		numbers := map[string]int{}
		for i, p := range w.partners {
			numbers[p.id] = i
		}
		circle, continent := 0, 0
		for row := range w.referralRows {
			from, to := numbers[row[1]], numbers[row[2]]
			if w.partners[from].circle == w.partners[to].circle {
				circle++
			}
			if w.continentOf(from) == w.continentOf(to) {
				continent++
			}
		}
		if circle*100 < 55*s.referrals || continent*100 < 90*s.referrals {
			t.Errorf("%d of %d stay within their circle, %d on their continent", circle, s.referrals, continent)
		}
	}
}

func TestAWorldOfMoreContinentsIsNoDenser(t *testing.T) {
	nearby := func(continents int) float64 {
		w := build(scaled(size{partners: 500 * continents, offices: 1_500 * continents, customers: 100, competencies: 100, referrals: 100, opportunities: 10,
			continents: continents, cities: 40}), 1)
		var all []point
		for _, p := range w.partners {
			for _, o := range p.offices {
				all = append(all, o.at)
			}
		}
		const radius = 45_000 // 50 km
		pairs := 0
		for i, a := range all {
			for _, b := range all[i+1:] {
				if apart(a, b) <= radius*radius {
					pairs++
				}
			}
		}
		return float64(2*pairs) / float64(len(all))
	}
	if one, four := nearby(1), nearby(4); one < 20 || math.Abs(four/one-1) > 0.35 {
		t.Errorf("%.1f offices within 50 km of one on one continent, %.1f on four", one, four)
	}
}

func TestAMillionCustomersHaveNamesOfTheirOwn(t *testing.T) {
	w := build(twoContinents(), 1)
	round := words * len(w.trades) // after which names begin again with a last word
	seen := map[string]bool{}
	for first := 0; first < 1_000_000; first += round {
		for i := range 15_000 { // more than there are invented words
			name, _ := w.customerName(first + i)
			if seen[name] {
				t.Fatalf("%s occurs twice", name)
			}
			seen[name] = true
		}
	}
}

func TestCitiesOfTheLargestWorldHaveIdsOfTheirOwnAndLieOnTheGlobe(t *testing.T) {
	s := large()
	ids := map[string]bool{}
	for _, p := range s.places {
		if ids[p.id] || !safe.MatchString(p.id) || p.at.lat < -9_000_000 || p.at.lat > 9_000_000 || p.at.lng < -18_000_000 || p.at.lng > 18_000_000 {
			t.Errorf("%v", p)
		}
		ids[p.id] = true
	}
	names := map[string]bool{}
	for _, c := range s.taxonomy {
		if names[c.name] || ids[c.id] {
			t.Errorf("two competencies are called %s", c.name)
		}
		names[c.name], ids[c.id] = true, true
	}
}

// tally counts the values of a column, the most frequent first.
func tally(rows []record, column string) []int {
	by := map[string]int{}
	for _, r := range rows {
		by[r[column]]++
	}
	var counts []int
	for _, n := range by {
		counts = append(counts, n)
	}
	slices.SortFunc(counts, func(a, b int) int { return cmp.Compare(b, a) })
	return counts
}

func sum(numbers []int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}

// slopeOf is the exponent of counts by rank: the least-squares slope on logarithmic scales.
func slopeOf(counts []int) float64 {
	var x, y, xx, xy float64
	for i, n := range counts {
		a, b := math.Log(float64(i+1)), math.Log(float64(n))
		x, y, xx, xy = x+a, y+b, xx+a*a, xy+a*b
	}
	n := float64(len(counts))
	return (n*xy - x*y) / (n*xx - x*x)
}

func parseDay(t *testing.T, cell string) day {
	t.Helper()
	at, err := time.Parse(time.DateOnly, cell)
	if err != nil {
		t.Fatal(err)
	}
	return day(at.Unix() / 86400)
}
