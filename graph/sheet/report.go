package sheet

import "unicode/utf8"

// Severity tells rows that were left out from rows that were stored all the same.
type Severity string

// The severities of a problem.
const (
	SeverityError   Severity = "ERROR"   // the row, or the whole file, was left out
	SeverityWarning Severity = "WARNING" // the row was stored
)

// maxProblems is the number of problems that a report keeps; all of them are counted.
const maxProblems = 1000

// maxValue is the length to which the offending value of a problem is cut, in bytes.
const maxValue = 200

// Problem is one thing that is wrong with a file.
type Problem struct {
	File     string   `json:"file"`
	Row      int      `json:"row"`  // number of the record; the header is record 1
	Line     int      `json:"line"` // on which the record starts
	Column   string   `json:"column,omitempty"`
	Value    string   `json:"value,omitempty"`
	Reason   string   `json:"reason"`
	Severity Severity `json:"severity"`
}

// Counts says what became of the records of a file: Rows = Added + Changed + Unchanged + Merged +
// Rejected.
type Counts struct {
	Rows      int `json:"rows"` // records after the header, without empty ones
	Empty     int `json:"empty"`
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Merged    int `json:"merged"` // joined with another row or with a stored node
	Rejected  int `json:"rejected"`
	Warnings  int `json:"warnings"`
}

func (c *Counts) add(other Counts) {
	c.Rows += other.Rows
	c.Empty += other.Empty
	c.Added += other.Added
	c.Changed += other.Changed
	c.Unchanged += other.Unchanged
	c.Merged += other.Merged
	c.Rejected += other.Rejected
	c.Warnings += other.Warnings
}

// FileReport says what became of one file.
type FileReport struct {
	File  string `json:"file"`
	Sheet string `json:"sheet"`
	Counts
	// Refused: the header is wrong, and nothing of the file was read; a problem says why.
	Refused        bool     `json:"refused,omitempty"`
	UnknownColumns []string `json:"unknownColumns,omitempty"`
}

// Ignored is a file that was left alone.
type Ignored struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// Report says what an import did, or in a dry run would have done.
type Report struct {
	DryRun bool `json:"dryRun"`
	// Seq is that of the last event of the log after the import.
	Seq     int64         `json:"seq,string"`
	Files   []*FileReport `json:"files"`
	Ignored []Ignored     `json:"ignored"`
	Totals  Counts        `json:"totals"`
	// Problems holds the first 1,000; ProblemCount counts all.
	Problems     []Problem `json:"problems"`
	ProblemCount int       `json:"problemCount"`
}

// Complete reports whether nothing was left out: no row rejected and no file refused.
func (r *Report) Complete() bool {
	for _, f := range r.Files {
		if f.Refused || f.Rejected > 0 {
			return false
		}
	}
	return true
}

func (r *Report) keep(p Problem) {
	r.ProblemCount++
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, p)
	}
}

func (r *Report) sum() {
	r.Totals = Counts{}
	for _, f := range r.Files {
		r.Totals.add(f.Counts)
	}
}

// finding is a problem before it is known in which file and row it stands.
type finding struct {
	severity Severity
	column   string
	value    string
	reason   string
}

// findings collects what is wrong with one row.
type findings []finding

func (f *findings) fail(column, value, reason string) {
	*f = append(*f, finding{SeverityError, column, value, reason})
}

func (f *findings) warn(column, value, reason string) {
	*f = append(*f, finding{SeverityWarning, column, value, reason})
}

func (f findings) failed() bool {
	for _, one := range f {
		if one.severity == SeverityError {
			return true
		}
	}
	return false
}

// only returns the findings of one severity.
func (f findings) only(severity Severity) findings {
	var out findings
	for _, one := range f {
		if one.severity == severity {
			out = append(out, one)
		}
	}
	return out
}

// shorten cuts a value to what a report shows of it.
func shorten(value string) string {
	if len(value) <= maxValue {
		return value
	}
	cut := maxValue
	for cut > 0 && !utf8.RuneStart(value[cut]) {
		cut--
	}
	return value[:cut] + "…"
}
