package graph

import (
	"cmp"
	"math/bits"
	"slices"
)

// fewest is the number of unknown records from which on it is told.
const fewest = 5

// cellID names a cell of figures: by which dimensions it is counted, and their values.
type cellID struct {
	by  figureMask
	key FigureKey
}

// suppress returns the cells whose counts are kept back, so that no sensitive one can be told from the others.
//
// It is complementary suppression by the hypercube method (Repsilber), taken to all margins of a table at once. A
// *shift* says that there might be one record more here and one less there, in some finest cells. Whoever sees
// only cells whose sums a shift leaves alone cannot know that it was not made. So for every sensitive cell a shift is
// chosen that changes it, and all that it changes is kept back: that is the proof, whatever else is chosen. Shifts
// along a hypercube (signs alternating from corner to corner) change few margins: along two dimensions none by
// only one of them, along three none but the finest cells. Where the table is too sparse for one, a record moves
// from one cell to another; where nothing can move, there is one record more, which changes everything up to the
// total. The cheapest shift wins: it keeps back the fewest records.
//
// Only unknown records decide, and a finest cell that holds one keeps one: that it is listed tells as much.
func suppress(rows []FigureRow) map[cellID]bool {
	l := newLattice(rows)
	for _, target := range l.sensitive() {
		if !l.cells[target].changed {
			l.protect(target)
		}
	}
	kept := map[cellID]bool{}
	for i := range l.cells {
		if cell := &l.cells[i]; cell.keptBack() {
			kept[cell.cellID] = true
		}
	}
	return kept
}

// masks is how many sets of dimensions there are.
const masks = 8

// lattice is a table of unknown records with all of its margins.
type lattice struct {
	unknown []int           // by row, ascending
	places  []place         // by row
	of      [][masks]int32  // the cells that hold a row, by dimensions
	at      map[place]int32 // the rows
	cells   []latticeCell
	// delta and touched are what a shift that is being weighed does to cells.
	delta   []int8
	touched []int32
}

// place is a key with a number for every value, which is quicker to look up.
type place [3]int32

type latticeCell struct {
	cellID
	unknown int
	rows    []int32 // ascending
	changed bool    // by a shift that was chosen
}

func (c *latticeCell) sensitive() bool { return c.unknown < fewest }

func (c *latticeCell) keptBack() bool { return c.changed || c.sensitive() }

func newLattice(rows []FigureRow) *lattice {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r FigureRow) bool { return r.Unknown == 0 })
	slices.SortFunc(rows, func(a, b FigureRow) int {
		return cmp.Or(cmp.Compare(a.Unknown, b.Unknown), slices.Compare(a.Key[:], b.Key[:]))
	})
	l := &lattice{at: map[place]int32{}, of: make([][masks]int32, len(rows))}
	cells, numbers := map[cellID]int32{}, map[cellID]int32{}
	for i, row := range rows {
		l.place(row, numbers)
		for mask := range figureMask(masks) {
			id := cellID{mask, mask.of(row.Key)}
			at, known := cells[id]
			if !known {
				at = int32(len(l.cells))
				cells[id] = at
				l.cells = append(l.cells, latticeCell{cellID: id})
			}
			cell := &l.cells[at]
			cell.unknown, cell.rows = cell.unknown+row.Unknown, append(cell.rows, int32(i))
			l.of[i][mask] = at
		}
	}
	l.delta = make([]int8, len(l.cells))
	return l
}

// place adds a row. Values are numbered as they come.
func (l *lattice) place(row FigureRow, numbers map[cellID]int32) {
	var at place
	for i := range at {
		value := cellID{1 << i, figureMask(1 << i).of(row.Key)}
		if _, known := numbers[value]; !known {
			numbers[value] = int32(len(numbers))
		}
		at[i] = numbers[value]
	}
	l.at[at] = int32(len(l.places))
	l.unknown, l.places = append(l.unknown, row.Unknown), append(l.places, at)
}

// sensitive are the cells that must be protected, coarse ones first: a shift that changes one changes finer ones, too.
func (l *lattice) sensitive() (cells []int32) {
	for i := range l.cells {
		if l.cells[i].sensitive() {
			cells = append(cells, int32(i))
		}
	}
	slices.SortStableFunc(cells, func(a, b int32) int {
		a8, b8 := l.cells[a].by, l.cells[b].by
		return cmp.Or(cmp.Compare(bits.OnesCount8(uint8(a8)), bits.OnesCount8(uint8(b8))), cmp.Compare(a8, b8))
	})
	return cells
}

// move is one record more or less in a row.
type move struct {
	row  int32
	more bool
}

// search looks for the cheapest shift that changes a cell.
type search struct {
	*lattice
	target int32
	best   []move
	loss   int // unknown records kept back by the best shift beside those that are anyway
	width  int // cells
}

// How many rows of a line are tried as neighbours of a corner, and how many of each list as the other end of a move.
const (
	mostNeighbours = 6
	mostEnds       = 24
)

// whole is all dimensions.
const whole figureMask = masks - 1

// protect chooses a shift for a sensitive cell, and keeps back what it changes. The cell holds few rows.
func (l *lattice) protect(target int32) {
	s := &search{lattice: l, target: target}
	for _, anchor := range l.cells[target].rows {
		s.consider([]move{{anchor, true}})
		for _, more := range []bool{true, false} {
			if from := (move{anchor, more}); l.possible(from) {
				s.cubes(from)
				s.moves(from)
			}
		}
	}
	l.apply(s.best)
	for _, cell := range l.touched {
		l.cells[cell].changed = l.cells[cell].changed || l.delta[cell] != 0
	}
	l.clear()
}

// possible reports whether a row can do without what a move takes: one record stays.
func (l *lattice) possible(m move) bool { return m.more || l.unknown[m.row] > 1 }

// cubes considers the hypercubes with a corner, along dimensions by which the target is counted.
func (s *search) cubes(from move) {
	along := s.cells[s.target].by
	var near [3][]int32
	for i := range near {
		if along&(1<<i) != 0 {
			near[i] = s.others(from, whole&^(1<<i), mostNeighbours)
		}
	}
	opposite := s.places[from.row]
	for i := range near {
		for _, a := range near[i] {
			opposite[i] = s.places[a][i]
			for j := range i {
				for _, b := range near[j] {
					opposite[j] = s.places[b][j]
					s.cube(from, opposite, 1<<i|1<<j)
				}
			}
		}
	}
	for _, a := range near[0] {
		for _, b := range near[1] {
			for _, c := range near[2] {
				s.cube(from, place{s.places[a][0], s.places[b][1], s.places[c][2]}, whole)
			}
		}
	}
}

// cube considers the hypercube between two opposite corners, if it has all of the others.
func (s *search) cube(from move, opposite place, along figureMask) {
	var corners [masks]move
	all := corners[:0]
	for i := range figureMask(masks) {
		flipped := whole - i // the far corners first: they are those that lack
		if flipped&^along != 0 {
			continue
		}
		at := s.places[from.row]
		for i := range at {
			if flipped&(1<<i) != 0 {
				at[i] = opposite[i]
			}
		}
		row, there := s.at[at]
		corner := move{row, from.more != (bits.OnesCount8(uint8(flipped))%2 == 1)}
		if !there || !s.possible(corner) {
			return
		}
		all = append(all, corner)
	}
	s.consider(all)
}

// moves considers to move a record between a row and another one: first those that differ in one dimension, then
// in two, then in all.
func (s *search) moves(from move) {
	for _, alike := range [...]figureMask{6, 5, 3, 4, 2, 1, 0} {
		for _, to := range s.others(from, alike, mostEnds) {
			s.consider([]move{from, {to, !from.more}})
		}
	}
}

// others are rows that are like the row of a move in some dimensions, and can make the opposite move: some, with the
// fewest records first.
func (s *search) others(of move, alike figureMask, most int) []int32 {
	rows := s.cells[s.of[of.row][alike]].rows
	if of.more { // so that others have one less
		begin, _ := slices.BinarySearchFunc(rows, 2, func(row int32, least int) int { return cmp.Compare(s.unknown[row], least) })
		rows = rows[begin:]
	}
	found := make([]int32, 0, most)
	for _, row := range rows {
		if len(found) == most {
			break
		}
		if row != of.row {
			found = append(found, row)
		}
	}
	return found
}

// consider weighs a shift that is possible.
func (s *search) consider(shift []move) {
	if s.best != nil && s.width == 0 {
		return // nothing is better than what keeps back nothing more
	}
	s.apply(shift)
	if s.delta[s.target] != 0 {
		if loss, width := s.cost(); s.best == nil || loss < s.loss || loss == s.loss && width < s.width {
			s.best, s.loss, s.width = slices.Clone(shift), loss, width
		}
	}
	s.clear()
}

// cost is what the shift that is applied keeps back beside what is anyway: records, and cells.
func (s *search) cost() (loss, width int) {
	for _, cell := range s.touched {
		if s.delta[cell] != 0 && !s.cells[cell].keptBack() {
			loss, width = loss+s.cells[cell].unknown, width+1
		}
	}
	return loss, width
}

// apply notes what a shift does to every cell.
func (l *lattice) apply(shift []move) {
	for _, m := range shift {
		by := int8(1)
		if !m.more {
			by = -1
		}
		for _, cell := range l.of[m.row] {
			l.delta[cell] += by
			l.touched = append(l.touched, cell)
		}
	}
}

// clear forgets the shift that was applied. A cell may have been touched more than once.
func (l *lattice) clear() {
	for _, cell := range l.touched {
		l.delta[cell] = 0
	}
	l.touched = l.touched[:0]
}
