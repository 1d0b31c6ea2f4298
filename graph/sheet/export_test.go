package sheet

import (
	"slices"
	"testing"
)

// SetBatchSize changes the number of rows of a transaction.
func (in *Importer) SetBatchSize(rows int) { in.batch = rows }

// silent lists the columns that are not written, and whether all of them are known to be read only.
func (t *table[T, P]) silent() (names []string, known bool) {
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
		names, known := s.(interface{ silent() ([]string, bool) }).silent()
		if !known {
			t.Errorf("a column of %s has no writer: %q", s.name(), names)
		}
		if !s.foreign() {
			silent = append(silent, names...)
		}
	}
	if want := []string{"partners.kinds", "offices.facility", "offices.role"}; !slices.Equal(silent, want) {
		t.Errorf("not written: %q, want %q", silent, want)
	}
}
