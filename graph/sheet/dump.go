package sheet

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"valueweb/graph"
)

// dump writes the nodes of a table.
func (t *table) dump(ctx context.Context, x *exporter, out *recordWriter) (counts ExportedSheet, err error) {
	counts.Sheet = t.sheet
	own := t.own()
	header := make([]string, len(own))
	for i, c := range own {
		header[i] = c.name
	}
	if err := out.write(header); err != nil {
		return counts, err
	}
	b, _, _, _ := t.bind(header)
	err = x.pages(ctx, t.kind(), func(n graph.Node) error {
		records := t.records(own, n)
		counts.Nodes++
		counts.Rows += len(records)
		for _, cells := range records {
			if err := out.write(cells); err != nil {
				return err
			}
		}
		if lost := t.lost(b, n, records); lost != nil {
			x.problem(ExportProblem{Sheet: t.sheet, ID: n.Header().ID, Column: lost.column, Value: shorten(lost.value), Reason: lost.reason})
		}
		return nil
	})
	return counts, err
}

// own are the columns that are written.
func (t *table) own() []column {
	return slices.DeleteFunc(slices.Clone(t.columns), func(c column) bool { return c.foreign })
}

// records are the rows of a node as cells.
func (t *table) records(columns []column, n graph.Node) [][]string {
	rows := []graph.Node{n}
	if t.rows != nil {
		rows = t.rows(n)
	}
	records := make([][]string, len(rows))
	for i, row := range rows {
		records[i] = make([]string, len(columns))
		for at, c := range columns {
			records[i][at] = c.get(row)
		}
	}
	return records
}

// lost reads back what a node was written as and says what of it does not come back; nil: nothing.
func (t *table) lost(b *binding, n graph.Node, records [][]string) *finding {
	var back graph.Node
	for _, cells := range records {
		if size := recordSize(cells); size > maxRecord {
			return &finding{reason: fmt.Sprintf("the record is %d bytes long; an import takes %d", size, maxRecord)}
		}
		fresh := t.fresh()
		if found := t.apply(b, asRead(cells), fresh); found.failed() {
			return &found.only(SeverityError)[0]
		}
		if back == nil {
			back = fresh
		} else {
			t.join(back, fresh)
		}
	}
	var found findings
	if t.check != nil {
		t.check(back, &found)
	}
	if found.failed() {
		return &found.only(SeverityError)[0]
	}
	stored := t.bare(n)
	if sameNode(stored, back) {
		return nil
	}
	return t.difference(b, stored, back)
}

// bare is a node as it comes back from its rows: without what is the store's.
func (t *table) bare(n graph.Node) graph.Node {
	bare := t.clone(n)
	if t.settled != nil {
		bare = t.settled(n)
	}
	header := bare.Header()
	header.Version, header.CreatedAt, header.UpdatedAt = 0, time.Time{}, time.Time{}
	return bare
}

// difference names the column by which two nodes differ.
func (t *table) difference(b *binding, stored, back graph.Node) *finding {
	for _, c := range b.columns {
		was, is := c.get(stored), c.get(back)
		switch {
		case was == is:
		case was == "":
			return &finding{column: c.name, reason: fmt.Sprintf("nothing is stated, which comes back as %q", shorten(is))}
		default:
			return &finding{column: c.name, value: was, reason: fmt.Sprintf("it comes back as %q", shorten(is))}
		}
	}
	return &finding{reason: "the node does not come back as it is"}
}

// asRead are cells as a reader of CSV hands them out: a line in a cell ends with \n alone.
func asRead(cells []string) []string {
	read := slices.Clone(cells)
	for i, text := range read {
		read[i] = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return read
}

// sameNode compares as a store does: what is empty is not stated.
func sameNode(a, b any) bool {
	x, errX := cbor.Marshal(a)
	y, errY := cbor.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
