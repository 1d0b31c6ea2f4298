package naive

import "slices"

// Told are cells of figures as they came back: by the dimensions of each table, in the order of Dimensions, and the
// values of each cell; -1 is a count that was not told.
type Told map[string]map[[3]string]int

// Derivable reports whether there is only one number that a cell can hold, of those whose numbers were kept back: by
// trying all numbers of 1 or more in the finest cells. unknown are the true numbers of the finest cells.
func (t Told) Derivable(unknown, known map[[3]string]int, table string, cell [3]string) bool {
	var cells [][3]string
	for values := range unknown {
		cells = append(cells, values)
	}
	slices.SortFunc(cells, func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
	sums := t.sums(cells, known)
	within := func(i int) bool { return Projected(cells[i], table) == cell }
	truth := 0
	for i := range cells {
		if within(i) {
			truth += unknown[cells[i]]
		}
	}
	numbers := make([]int, len(cells))
	var try func(i int) bool
	try = func(i int) bool {
		for _, s := range sums {
			if !s.possible(numbers, i, unknown, cells) {
				return false
			}
		}
		if i == len(cells) {
			sum := 0
			for i := range cells {
				if within(i) {
					sum += numbers[i]
				}
			}
			return sum != truth
		}
		for _, n := range around(unknown[cells[i]]) {
			if numbers[i] = n; try(i + 1) {
				return true
			}
		}
		return false
	}
	return !try(0)
}

// widest is by how much a number may differ from the true one when numbers are tried.
const widest = 3

// around are numbers of 1 or more, the nearest first.
func around(n int) (all []int) {
	all = append(all, n)
	for by := 1; by <= widest; by++ {
		if all = append(all, n+by); n > by {
			all = append(all, n-by)
		}
	}
	return all
}

// sum is what was told of some finest cells together.
type sum struct {
	of    []int
	total int
}

// sums are the counts that were told, without what the viewer knows itself.
func (t Told) sums(cells [][3]string, known map[[3]string]int) (all []sum) {
	for table, told := range t {
		for values, count := range told {
			if count < 0 {
				continue
			}
			s := sum{total: count}
			for i, cell := range cells {
				if Projected(cell, table) == values {
					s.of = append(s.of, i)
				}
			}
			for cell, n := range known {
				if Projected(cell, table) == values {
					s.total -= n
				}
			}
			all = append(all, s)
		}
	}
	return all
}

// possible reports whether the sum can still come out once the cells before i have their numbers.
func (s sum) possible(numbers []int, i int, unknown map[[3]string]int, cells [][3]string) bool {
	least, most := 0, 0
	for _, cell := range s.of {
		if cell < i {
			least, most = least+numbers[cell], most+numbers[cell]
		} else {
			n := unknown[cells[cell]]
			least, most = least+max(1, n-widest), most+n+widest
		}
	}
	return least <= s.total && s.total <= most
}

// Projected are the values by the dimensions of a table, which are named by their first letters.
func Projected(values [3]string, table string) [3]string {
	for i, letter := range "SIC" {
		if !slices.Contains([]rune(table), letter) {
			values[i] = ""
		}
	}
	return values
}
