package graph

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// drawTable draws a table of unknown records: sparse or dense, of up to so many values a dimension.
func drawTable(t *rapid.T, sizes [3]int, most int) (rows []FigureRow) {
	var n [3]int
	for i := range n {
		n[i] = rapid.IntRange(1, sizes[i]).Draw(t, "size")
	}
	density := rapid.SampledFrom([]int{20, 50, 90, 100}).Draw(t, "density")
	for s := range n[0] {
		for i := range n[1] {
			for c := range n[2] {
				if rapid.IntRange(1, 100).Draw(t, "there") <= density {
					rows = append(rows, FigureRow{Key: keyOf(s, i, c), Unknown: rapid.IntRange(1, most).Draw(t, "unknown")})
				}
			}
		}
	}
	return rows
}

func keyOf(s, i, c int) FigureKey {
	values := []string{"", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o"}
	return FigureKey{values[s], values[i], values[c]}
}

// audit is an attacker of its own making. It knows which finest cells hold a record, and the sums of the cells that
// are told, and says which sensitive cells can hold one number only.
type audit struct {
	rows []FigureRow
	sums []auditSum
}

type auditSum struct {
	id   cellID
	rows []int
	sum  int
	told bool
}

func newAudit(rows []FigureRow, kept map[cellID]bool) *audit {
	a := &audit{rows: rows}
	at := map[cellID]int{}
	for i, row := range rows {
		for mask := range 8 {
			id := cellID{by: figureMask(mask)}
			for d := range 3 {
				if mask>>d&1 == 1 {
					id.key[d] = row.Key[d]
				}
			}
			if _, known := at[id]; !known {
				at[id] = len(a.sums)
				a.sums = append(a.sums, auditSum{id: id, told: !kept[id]})
			}
			sum := &a.sums[at[id]]
			sum.rows, sum.sum = append(sum.rows, i), sum.sum+row.Unknown
		}
	}
	return a
}

// derivable are the sensitive cells that are told, or of which no other number fits what is told.
func (a *audit) derivable() (found []cellID) {
	for _, sum := range a.sums {
		if sum.sum < 5 && (sum.told || !a.otherwise(sum)) {
			found = append(found, sum.id)
		}
	}
	return found
}

// otherwise looks for other numbers, at least 1 each, by trying them all.
func (a *audit) otherwise(target auditSum) bool {
	tried := make([]int, len(a.rows))
	var try func(i int) bool
	try = func(i int) bool {
		for _, sum := range a.sums {
			if sum.told && !fits(sum, tried, i, 12) {
				return false
			}
		}
		if i == len(a.rows) {
			total := 0
			for _, row := range target.rows {
				total += tried[row]
			}
			return total != target.sum
		}
		for n := 1; n <= 12; n++ {
			if tried[i] = n; try(i + 1) {
				return true
			}
		}
		return false
	}
	return try(0)
}

// fits reports whether a sum can still come out, of whose rows those before i are decided.
func fits(sum auditSum, tried []int, i, most int) bool {
	least, greatest := 0, 0
	for _, row := range sum.rows {
		if row < i {
			least, greatest = least+tried[row], greatest+tried[row]
		} else {
			least, greatest = least+1, greatest+most
		}
	}
	return least <= sum.sum && sum.sum <= greatest
}

// sensitiveOnly keeps back what is sensitive, and nothing else.
func sensitiveOnly(rows []FigureRow) map[cellID]bool {
	kept := map[cellID]bool{}
	for _, sum := range newAudit(rows, nil).sums {
		if sum.sum < 5 {
			kept[sum.id] = true
		}
	}
	return kept
}

func TestNoSensitiveFigureCanBeToldFromTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawTable(t, [3]int{3, 2, 2}, rapid.SampledFrom([]int{2, 6, 8}).Draw(t, "most"))
		if found := newAudit(rows, suppress(rows)).derivable(); len(found) > 0 {
			t.Fatalf("%v: derivable %v", rows, found)
		}
	})
}

// TestTheAuditFindsWhatIsNotComplemented plants the fault of keeping back nothing but what is sensitive.
func TestTheAuditFindsWhatIsNotComplemented(t *testing.T) {
	found := 0
	for i := range 100 {
		rows := rapid.Custom(func(t *rapid.T) []FigureRow { return drawTable(t, [3]int{3, 2, 2}, 8) }).Example(i)
		if len(newAudit(rows, sensitiveOnly(rows)).derivable()) > 0 {
			found++
		}
	}
	if found < 30 {
		t.Errorf("only %d of 100 tables are told apart", found)
	}
	line := []FigureRow{{Key: keyOf(1, 0, 0), Unknown: 3}, {Key: keyOf(2, 0, 0), Unknown: 9}}
	if got := fmt.Sprint(newAudit(line, sensitiveOnly(line)).derivable()); got == "[]" {
		t.Error("3 = 12 - 9 was not found")
	}
	ones := []FigureRow{{Key: keyOf(1, 0, 0), Unknown: 1}, {Key: keyOf(2, 0, 0), Unknown: 1}, {Key: keyOf(3, 0, 0), Unknown: 1}, {Key: keyOf(4, 0, 0), Unknown: 1}, {Key: keyOf(5, 0, 0), Unknown: 1}}
	if len(newAudit(ones, sensitiveOnly(ones)).derivable()) != 20 { // each by segment alone, and by segment and what is not stated
		t.Error("that five cells with five records hold one each was not found")
	}
}

// TestNoSensitiveFigureOfALargeTableIsASumOfOthers looks for sensitive cells that follow from what is told by sums
// and differences, in tables too large to try all numbers.
func TestNoSensitiveFigureOfALargeTableIsASumOfOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawTable(t, [3]int{7, 5, 4}, rapid.SampledFrom([]int{3, 9, 40}).Draw(t, "most"))
		a := newAudit(rows, suppress(rows))
		var told span
		for _, sum := range a.sums {
			if sum.told {
				told.add(a.vector(sum))
			}
		}
		for _, sum := range a.sums {
			if sum.sum < 5 && (sum.told || told.holds(a.vector(sum))) {
				t.Fatalf("%v follows in %v", sum.id, rows)
			}
		}
	})
}

func (a *audit) vector(sum auditSum) []int64 {
	v := make([]int64, len(a.rows))
	for _, row := range sum.rows {
		v[row] = 1
	}
	return v
}

// span is a basis of vectors over the integers modulo a prime, one a leading place.
type span map[int][]int64

const prime = 1_000_000_007

// rest is what is left of a vector, and its leading place; -1: nothing.
func (s span) rest(v []int64) ([]int64, int) {
	for i := range v {
		if v[i] == 0 {
			continue
		}
		base, ok := s[i]
		if !ok {
			return v, i
		}
		factor := v[i]
		for j := i; j < len(v); j++ {
			v[j] = ((v[j]-factor*base[j])%prime + prime) % prime
		}
	}
	return nil, -1
}

func (s *span) add(v []int64) {
	if *s == nil {
		*s = span{}
	}
	v, lead := s.rest(v)
	if lead < 0 {
		return
	}
	inverse := power(v[lead], prime-2)
	for j := range v {
		v[j] = v[j] * inverse % prime
	}
	(*s)[lead] = v
}

func (s span) holds(v []int64) bool {
	_, lead := s.rest(v)
	return lead < 0
}

func power(base, exponent int64) int64 {
	result := int64(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = result * base % prime
		}
		base = base * base % prime
	}
	return result
}

func TestWhatIsKeptBackDependsOnUnknownRecordsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawTable(t, [3]int{4, 3, 3}, 9)
		var shuffled []FigureRow
		for _, i := range rapid.Permutation(indices(len(rows))).Draw(t, "order") {
			row := rows[i]
			row.Count = row.Unknown + rapid.IntRange(0, 9).Draw(t, "known")
			shuffled = append(shuffled, row)
		}
		shuffled = append(shuffled, FigureRow{Key: FigureKey{"known", "", ""}, Count: 3})
		if a, b := fmt.Sprint(suppress(rows)), fmt.Sprint(suppress(shuffled)); a != b {
			t.Fatalf("%s\n%s", a, b)
		}
	})
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestLittleIsKeptBack holds how much is lost in tables as they are.
func TestLittleIsKeptBack(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []FigureRow
		kept int // cells of all tables
	}{
		{"nothing is sensitive", dense(2, 2, 2, func(int, int, int) int { return 5 }), 0},
		{"a cube around one cell", dense(3, 3, 3, func(s, i, c int) int { return map[bool]int{true: 2, false: 7}[s+i+c == 0] }), 8},
		{"a line: the cell, another one, and what they are with nothing beside them", dense(1, 1, 4, func(_, _, c int) int { return 4 + c }), 8},
		{"all of it, where nothing can stand for it", dense(1, 1, 1, func(int, int, int) int { return 3 }), 8},
		{"the total, where the other number would follow from it", dense(1, 1, 2, func(int, int, int) int { return 1 }), 12},
	} {
		if got := len(suppress(c.rows)); got != c.kept {
			t.Errorf("%s: %d cells are kept back, expected %d: %v", c.name, got, c.kept, suppress(c.rows))
		}
	}
}

func dense(segments, industries, countries int, unknown func(s, i, c int) int) (rows []FigureRow) {
	for s := range segments {
		for i := range industries {
			for c := range countries {
				rows = append(rows, FigureRow{Key: keyOf(s, i, c), Unknown: unknown(s, i, c)})
			}
		}
	}
	return rows
}

// BenchmarkSuppression is of a table of thousands of cells, half of which are sensitive.
func BenchmarkSuppression(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[FigureKey]bool{}
	var rows []FigureRow
	for len(rows) < 5000 {
		key := FigureKey{fmt.Sprint(r.IntN(12)), fmt.Sprint(r.IntN(30)), fmt.Sprint(r.IntN(60))}
		if !seen[key] {
			rows = append(rows, FigureRow{Key: key, Unknown: 1 + r.IntN(9)})
		}
		seen[key] = true
	}
	for b.Loop() {
		suppress(rows)
	}
}
