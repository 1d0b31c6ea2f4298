package sheet

import (
	"slices"
	"testing"
)

// SetBatchSize changes the number of rows of a transaction.
func (in *Importer) SetBatchSize(rows int) { in.batch = rows }

// silent lists the columns that are not written, and whether all of them are known to be read only.
func (t *table) silent() (names []string, known bool) {
	known = true
	for _, c := range t.columns {
		if c.foreign || c.get == nil {
			names, known = append(names, t.sheet+"."+c.name), known && c.foreign
		}
	}
	return names, known
}

func TestEveryColumnThatIsReadIsWrittenButThoseOfTheRealDataSet(t *testing.T) {
	var silent []string
	for _, s := range sheets {
		names, known := s.silent()
		if !known {
			t.Errorf("a column of %s has no writer: %q", s.sheet, names)
		}
		if !s.theirs {
			silent = append(silent, names...)
		}
	}
	if want := []string{"partners.kinds", "offices.facility", "offices.role"}; !slices.Equal(silent, want) {
		t.Errorf("not written: %q, want %q", silent, want)
	}
}

// A column takes any node when it is compiled; one of another kind than its table's would panic here.
func TestEveryColumnIsAboutTheNodesOfItsTable(t *testing.T) {
	for _, s := range sheets {
		t.Run(s.sheet, func(t *testing.T) {
			for _, c := range s.columns {
				n := s.fresh()
				_ = c.set(n, cell{column: c.name}) // whether an empty cell will do is not the question
				if c.get != nil {
					c.get(n)
				}
			}
			n := s.fresh()
			if s.key != nil {
				s.key(n)
			}
			if s.check != nil {
				s.check(n, new(findings))
			}
			if s.loose != nil {
				s.loose(n)
			}
			if s.late != nil {
				s.late(n)
			}
			if n.Kind() != s.kind() {
				t.Errorf("a new node of %s is a %s", s.sheet, n.Kind())
			}
		})
	}
}
