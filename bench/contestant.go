package bench

import (
	"context"
	"fmt"
	"math"
	"time"

	"valueweb/graph"
)

// Question is who can fill one need within a radius of a point: the first rows with their terms.
type Question struct {
	Competency string
	MinLevel   int
	At         graph.Point
	RadiusKm   float64
	Asker      string
	AsOf       graph.Date
	First      int
}

// Contestant is a way of answering questions. It is asked by several clients at once.
type Contestant interface {
	// Name is what the table calls it.
	Name() string
	// Ask returns once the whole answer has arrived. What is timed ends here.
	Ask(ctx context.Context, q Question) (Reply, error)
	// Spent is what the processes that answer have spent so far; the process that asks does not count.
	Spent(ctx context.Context) (Spent, error)
}

// Reply reads an answer that has arrived. A body that tells of an error is an error.
type Reply func() (Answer, error)

// Spent is what answering has cost the processes that did it.
type Spent struct {
	CPU         time.Duration
	Allocations uint64 // on the heap; 0 where the process does not count them
	Bytes       uint64 // of those
}

func (s Spent) plus(t Spent) Spent {
	return Spent{CPU: s.CPU + t.CPU, Allocations: s.Allocations + t.Allocations, Bytes: s.Bytes + t.Bytes}
}

func (s Spent) minus(t Spent) Spent {
	return Spent{CPU: s.CPU - t.CPU, Allocations: s.Allocations - t.Allocations, Bytes: s.Bytes - t.Bytes}
}

// each is the share of one of so many.
func (s Spent) each(of int) Spent {
	return Spent{CPU: s.CPU / time.Duration(of), Allocations: s.Allocations / uint64(of), Bytes: s.Bytes / uint64(of)}
}

// Answer is an answer as far as contestants must agree on it.
type Answer struct {
	Total int   // how many qualify in all
	Rows  []Row // nil of a contestant that ranks nobody: then only the totals are compared
}

// Row is one partner of an answer. Who is not asked what the terms rest on leaves Held and what follows
// empty; those are then not compared.
type Row struct {
	Partner       string
	Score, Km     float64
	Office        string             // the nearest from which the need can be filled
	Terms         [TermCount]float64 // in the order of graph.Terms
	Held          string             // the competency with which the need is filled
	Level         int                // of that holding; 0: not stated
	Certification string             // that attests it; empty: none
}

// TermCount is the number of terms of a score.
const TermCount = 6

// tolerance is the difference within which two figures are equal.
const tolerance = 1e-9

// Differs says how an answer differs from the wanted one; nil: not at all.
func (a Answer) Differs(want Answer) error {
	if a.Rows == nil && a.Total == want.Total {
		return nil
	}
	if a.Total != want.Total || len(a.Rows) != len(want.Rows) {
		return fmt.Errorf("%d rows of %d, want %d of %d", len(a.Rows), a.Total, len(want.Rows), want.Total)
	}
	for i, row := range a.Rows {
		if !row.equals(want.Rows[i]) {
			return fmt.Errorf("row %d is\n%+v, want\n%+v", i+1, row, want.Rows[i])
		}
	}
	return nil
}

func (r Row) equals(other Row) bool {
	a, b := r.figures(), other.figures()
	for i := range a {
		if math.Abs(a[i]-b[i]) > tolerance*max(1, math.Abs(b[i])) {
			return false
		}
	}
	if r.Partner != other.Partner || r.Office != other.Office {
		return false
	}
	return r.Held == "" || other.Held == "" ||
		r.Held == other.Held && r.Level == other.Level && r.Certification == other.Certification
}

func (r Row) figures() []float64 { return append(r.Terms[:], r.Score, r.Km) }
