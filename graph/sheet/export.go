package sheet

import (
	"context"
	"fmt"
	"io"
	"slices"

	"valueweb/graph"
)

// pageSize is the number of nodes that an export reads at a time.
const pageSize = 1000

// Sink takes an export: it is asked for a place for each sheet, in the order in which sheets can be imported.
// The place is closed once the sheet is whole, and not at all if it never is.
type Sink func(sheet string) (io.WriteCloser, error)

// ExportReport says what an export wrote.
type ExportReport struct {
	// Seq is that of the log before the first page was read, SeqAfter that after the last one. They are the
	// same for a store that can hold a moment still.
	Seq      int64 `json:"seq,string"`
	SeqAfter int64 `json:"seqAfter,string"`
	// Moved: the graph changed under way, so that the sheets are not of one moment and may name nodes that
	// they do not hold.
	Moved  bool            `json:"moved"`
	Sheets []ExportedSheet `json:"sheets"`
	Nodes  int             `json:"nodes"`
	Rows   int             `json:"rows"`
	// Problems holds the first 1,000; ProblemCount counts all.
	Problems     []ExportProblem `json:"problems"`
	ProblemCount int             `json:"problemCount"`
}

// ExportedSheet counts what stands in a sheet; a holding of several claims has a row for each.
type ExportedSheet struct {
	Sheet string `json:"sheet"`
	Nodes int    `json:"nodes"`
	Rows  int    `json:"rows"`
}

// ExportProblem is something of a node that an import of its row would not bring back.
type ExportProblem struct {
	Sheet  string `json:"sheet"`
	ID     string `json:"id"`
	Column string `json:"column,omitempty"`
	Value  string `json:"value,omitempty"`
	Reason string `json:"reason"`
}

// Complete reports whether an import would bring everything back.
func (r *ExportReport) Complete() bool { return r.ProblemCount == 0 }

// Written lists the sheets that an export writes, in the order in which they can be imported. What the
// sheets of the real data set beside them say is written in these.
func Written() []string {
	var names []string
	for _, s := range sheets {
		if !s.theirs {
			names = append(names, s.sheet)
		}
	}
	return names
}

// Export writes all that the viewer may see of the graph as sheets, or only some of them: CSV with a header,
// rows in the order of their ids, read page by page. A sheet without rows is written too, so that every
// export holds every sheet.
//
// What is imported from the sheets is the same graph, but for versions, time stamps and the log. Each row is
// read back as it is written; what would not come back, because a store holds what a sheet cannot say, is
// written as well as it can be and named in the report.
func Export(ctx context.Context, store graph.Store, viewer graph.Viewer, sink Sink, only ...string) (*ExportReport, error) {
	x := &exporter{viewer: viewer, reader: store, report: ExportReport{Sheets: []ExportedSheet{}, Problems: []ExportProblem{}}}
	if err := x.begin(ctx, store); err != nil {
		return &x.report, err
	}
	for _, s := range sheets {
		if s.theirs || len(only) > 0 && !slices.Contains(only, s.sheet) {
			continue
		}
		if err := x.export(ctx, s, sink); err != nil {
			return &x.report, fmt.Errorf("exporting %s: %w", s.sheet, err)
		}
	}
	return &x.report, x.end(ctx, store)
}

// exporter writes sheets.
type exporter struct {
	viewer graph.Viewer
	reader graph.Lister
	report ExportReport
}

// begin holds the graph still where the store can, and notes where it stands.
func (x *exporter) begin(ctx context.Context, store graph.Store) (err error) {
	if still, can := store.(graph.Snapshotter); can {
		snapshot, err := still.Snapshot(ctx, x.viewer)
		if err != nil {
			return fmt.Errorf("reading the graph: %w", err)
		}
		x.reader, x.report.Seq = snapshot, snapshot.Seq()
		return nil
	}
	x.report.Seq, err = store.Seq(ctx)
	return err
}

// end notes whether the graph moved.
func (x *exporter) end(ctx context.Context, store graph.Store) (err error) {
	x.report.SeqAfter = x.report.Seq
	if _, still := x.reader.(graph.Snapshot); !still {
		x.report.SeqAfter, err = store.Seq(ctx)
	}
	x.report.Moved = x.report.SeqAfter != x.report.Seq
	return err
}

func (x *exporter) export(ctx context.Context, s *table, sink Sink) error {
	place, err := sink(s.sheet)
	if err != nil {
		return err
	}
	out := newRecordWriter(place)
	counts, err := s.dump(ctx, x, out)
	if err == nil {
		err = out.flush()
	}
	if err != nil {
		return err
	}
	if err := place.Close(); err != nil {
		return err
	}
	x.report.Sheets = append(x.report.Sheets, counts)
	x.report.Nodes += counts.Nodes
	x.report.Rows += counts.Rows
	return nil
}

// pages reads all nodes of a kind in the order of their ids.
func (x *exporter) pages(ctx context.Context, kind graph.Kind, each func(graph.Node) error) error {
	query := graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: pageSize}}
	for {
		page, err := x.reader.List(ctx, x.viewer, query)
		if err != nil {
			return fmt.Errorf("reading a page of nodes: %w", err)
		}
		for _, node := range page.Nodes {
			if err := each(node); err != nil {
				return err
			}
		}
		if !page.HasNext || len(page.Keys) == 0 {
			return nil
		}
		query.Page.After = &page.Keys[len(page.Keys)-1]
	}
}

func (x *exporter) problem(p ExportProblem) {
	x.report.ProblemCount++
	if len(x.report.Problems) < maxProblems {
		x.report.Problems = append(x.report.Problems, p)
	}
}
