package graph

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// FigureKind is what figures count.
type FigureKind string

// What figures count.
const (
	FigureCustomers     FigureKind = "CUSTOMERS"
	FigureOpportunities FigureKind = "OPPORTUNITIES"
	FigureReferrals     FigureKind = "REFERRALS"
)

// FigureKinds lists what figures count.
var FigureKinds = []FigureKind{FigureCustomers, FigureOpportunities, FigureReferrals}

// FigureDimension is what figures are counted by.
type FigureDimension string

// What figures are counted by.
const (
	BySegment  FigureDimension = "SEGMENT"
	ByIndustry FigureDimension = "INDUSTRY"
	ByCountry  FigureDimension = "COUNTRY"
)

// FigureDimensions lists what figures are counted by.
var FigureDimensions = []FigureDimension{BySegment, ByIndustry, ByCountry}

// FiguresQuery asks a store for what there is to count.
type FiguresQuery struct {
	Of          FigureKind
	Partnership string // empty: all that the viewer is told of
}

// FigureKey are the values by which a record counts, in the order of FigureDimensions; empty: not stated.
type FigureKey [3]string

// FigureRow is a finest cell of figures: how many records count there, and how many of them the viewer may not read.
type FigureRow struct {
	Key            FigureKey
	Count, Unknown int
}

// FigureOverlap is how many unknown records some partnerships of the viewer, and no others, have in common.
type FigureOverlap struct {
	Partnerships []string
	Unknown      int
}

// FigureFacts is what a store counted.
type FigureFacts struct {
	Rows []FigureRow // in any order, one a key
	// Closed says that the partnership asked about tells nothing today: it is not in force or shares nothing.
	Closed bool
	// Overlaps are the unknown records of all partnerships of the viewer whose figures it may ask for, where it
	// asks for those of one.
	Overlaps []FigureOverlap
}

// FigureCell is a cell of figures. What is not asked for, or not stated, is nil, and so is a count that is not told.
type FigureCell struct {
	Segment, Industry, Country *string
	Count                      *int
}

// MaxFigureRows is how many finest cells figures may have.
const MaxFigureRows = 20_000

// Figures counts records by some dimensions, as docs/access.md defines it.
func (g *Graph) Figures(ctx context.Context, v Viewer, q FiguresQuery, by []FigureDimension) ([]FigureCell, error) {
	if err := q.validate(v, by); err != nil {
		return nil, err
	}
	facts, err := g.Store.Figures(ctx, v, q)
	if err != nil {
		return nil, g.suggest(ctx, v, err)
	}
	if facts.Closed {
		return []FigureCell{}, nil
	}
	if len(facts.Rows) > MaxFigureRows {
		return nil, &Error{Code: CodeCostExceeded, Message: fmt.Sprintf("there are more than %d combinations of segment, industry and country", MaxFigureRows)}
	}
	counted := facts.by(by)
	told := facts.told(q.Partnership, by)
	cells := make([]FigureCell, 0, len(counted))
	for _, key := range slices.SortedFunc(maps.Keys(counted), inOrderOf(by)) {
		cell := FigureCell{Segment: valueOf(key[0]), Industry: valueOf(key[1]), Country: valueOf(key[2])}
		if count := counted[key]; told(key) {
			cell.Count = &count
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

func (q FiguresQuery) validate(v Viewer, by []FigureDimension) error {
	if !slices.Contains(FigureKinds, q.Of) {
		return Invalid("of", "%q is nothing that figures count", q.Of)
	}
	for i, dimension := range by {
		switch {
		case !slices.Contains(FigureDimensions, dimension):
			return Invalid(indexed("by", i), "%q is nothing by which figures are counted", dimension)
		case slices.Contains(by[:i], dimension):
			return Invalid(indexed("by", i), "%s is named twice", dimension)
		}
	}
	if v.Role == RoleAnalyst && q.Partnership != "" {
		return &Error{Code: CodeForbidden, Field: "partnership", Message: "an analyst is told the figures of the whole network: leave the partnership out"}
	}
	return nil
}

// valueOf is a value of a cell, nil where there is none.
func valueOf(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// by adds the rows up by some dimensions.
func (f FigureFacts) by(dimensions []FigureDimension) map[FigureKey]int {
	kept := maskOf(dimensions)
	counted := map[FigureKey]int{}
	if kept == 0 {
		counted[FigureKey{}] = 0
	}
	for _, row := range f.Rows {
		counted[kept.of(row.Key)] += row.Count
	}
	return counted
}

// told says of which cells by some dimensions the viewer is told the count.
func (f FigureFacts) told(partnership string, by []FigureDimension) func(FigureKey) bool {
	if !tells(partnership, f.Overlaps) {
		return func(FigureKey) bool { return false }
	}
	kept, keptBack := maskOf(by), suppress(f.Rows)
	return func(key FigureKey) bool { return !keptBack[cellID{kept, key}] }
}

// tells reports whether a partnership of the viewer tells counts: whether it has as many unknown records as any
// that it is connected with by common ones, or the same ones as the one that has.
func tells(partnership string, overlaps []FigureOverlap) bool {
	connected := map[string]bool{partnership: true}
	for grown := true; grown; {
		grown = false
		for _, o := range overlaps {
			if !slices.ContainsFunc(o.Partnerships, func(p string) bool { return connected[p] }) {
				continue
			}
			for _, p := range o.Partnerships {
				grown = grown || !connected[p]
				connected[p] = true
			}
		}
	}
	size := map[string]int{}
	for _, o := range overlaps {
		for _, p := range o.Partnerships {
			size[p] += o.Unknown
		}
	}
	most := slices.MinFunc(slices.Collect(maps.Keys(connected)), func(a, b string) int {
		return cmp.Or(cmp.Compare(size[b], size[a]), strings.Compare(a, b))
	})
	return !slices.ContainsFunc(overlaps, func(o FigureOverlap) bool {
		return slices.Contains(o.Partnerships, partnership) != slices.Contains(o.Partnerships, most)
	})
}

// figureMask is a set of dimensions, a bit each.
type figureMask uint8

func maskOf(dimensions []FigureDimension) (mask figureMask) {
	for _, dimension := range dimensions {
		mask |= 1 << slices.Index(FigureDimensions, dimension)
	}
	return mask
}

// of is what a key says of the dimensions.
func (m figureMask) of(key FigureKey) FigureKey {
	for i := range key {
		if m&(1<<i) == 0 {
			key[i] = ""
		}
	}
	return key
}

// inOrderOf compares keys by the values of some dimensions, those that are not stated last.
func inOrderOf(by []FigureDimension) func(a, b FigureKey) int {
	return func(a, b FigureKey) int {
		for _, dimension := range by {
			i := slices.Index(FigureDimensions, dimension)
			if a[i] == b[i] {
				continue
			}
			if (a[i] == "") != (b[i] == "") {
				return cmp.Compare(len(b[i]), len(a[i])) // one of them is empty
			}
			return strings.Compare(a[i], b[i])
		}
		return 0
	}
}
