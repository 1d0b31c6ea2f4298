package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/sheet"
)

// RunExport checks that what is exported from one store is the same graph once it is imported into another
// one, be they of one kind or of two. Each graph opens both stores anew; they must be empty.
func RunExport(t *testing.T, from, to func(t *testing.T) graph.Store) {
	t.Run("A node of every kind with every field comes back from its sheets", func(t *testing.T) {
		source := from(t)
		write(t.Context(), t, source, Specimens())
		RoundTrip(t.Context(), t, source, to(t))
	})
	t.Run("A graph of anything that the sheets can say comes back from them", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			source := from(t)
			first, then := Anything(rt)
			write(t.Context(), rt, source, first)
			write(t.Context(), rt, source, then)
			RoundTrip(t.Context(), rt, source, to(t))
		})
	})
}

// RoundTrip exports a store into another, empty one. Everything must come back, and nothing else; importing
// the same sheets again must change nothing, and exporting them again must give the same bytes.
func RoundTrip(ctx context.Context, t rapid.TB, from, to graph.Store) {
	t.Helper()
	sheets, report := export(ctx, t, from)
	if !report.Complete() {
		t.Fatalf("what is lost on the way: %+v", report.Problems)
	}
	if imported := load(ctx, t, to, sheets); !imported.Complete() {
		t.Fatalf("rows are rejected: %+v\n%s", imported.Problems, sheets[strings.TrimSuffix(imported.Problems[0].File, ".csv")])
	}
	SameGraph(ctx, t, from, to)
	before, err := to.Seq(ctx)
	must(t, err)
	again := load(ctx, t, to, sheets)
	if after, err := to.Seq(ctx); err != nil || after != before || again.Totals.Unchanged != again.Totals.Rows {
		t.Fatalf("importing again changes something: seq %d after %d, %v, %+v", after, before, err, again.Files)
	}
	second, _ := export(ctx, t, to)
	for name, text := range sheets {
		if !bytes.Equal(text.Bytes(), second[name].Bytes()) {
			t.Fatalf("%s is exported as\n%s\nand after an import as\n%s", name, text, second[name])
		}
	}
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// write puts nodes, none of which may be refused, in one transaction.
func write(ctx context.Context, t rapid.TB, store graph.Store, nodes []graph.Node) {
	t.Helper()
	_, err := store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		if err != nil {
			return err
		}
		for i, refusal := range refusals {
			if refusal != nil {
				t.Fatalf("%s is refused: %v\n%s", nodes[i].GID(), refusal, asText(nodes[i]))
			}
		}
		return logChanges(ctx, tx)
	})
	must(t, err)
}

type memorySheet struct{ *bytes.Buffer }

func (memorySheet) Close() error { return nil }

func export(ctx context.Context, t rapid.TB, store graph.Store) (map[string]*bytes.Buffer, *sheet.ExportReport) {
	t.Helper()
	sheets := map[string]*bytes.Buffer{}
	report, err := sheet.Export(ctx, store, graph.Operator, func(name string) (io.WriteCloser, error) {
		sheets[name] = new(bytes.Buffer)
		return memorySheet{sheets[name]}, nil
	})
	must(t, err)
	return sheets, report
}

func load(ctx context.Context, t rapid.TB, store graph.Store, sheets map[string]*bytes.Buffer) *sheet.Report {
	t.Helper()
	var sources []sheet.Source
	for name, text := range sheets {
		sources = append(sources, sheet.Source{Name: name + ".csv", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(text.Bytes())), nil
		}})
	}
	report, err := sheet.Import(ctx, store, graph.Operator, sources, sheet.Options{})
	must(t, err)
	return report
}

// SameGraph fails unless two stores hold the same nodes, versions and time stamps apart. API keys are not exported.
func SameGraph(ctx context.Context, t rapid.TB, a, b graph.Store) {
	t.Helper()
	for _, kind := range graph.Kinds {
		if kind == graph.KindAPIKey {
			continue // which no sheet holds
		}
		left, right := everyNode(ctx, t, a, kind), everyNode(ctx, t, b, kind)
		for i := range max(len(left), len(right)) {
			switch {
			case i >= len(left):
				t.Fatalf("%d nodes of kind %s become %d, such as\n%s", len(left), kind, len(right), asText(right[i]))
			case i >= len(right):
				t.Fatalf("%d nodes of kind %s become %d, without\n%s", len(left), kind, len(right), asText(left[i]))
			}
			x, errX := cbor.Marshal(bare(left[i]))
			y, errY := cbor.Marshal(bare(right[i]))
			if errX != nil || errY != nil || !bytes.Equal(x, y) {
				t.Fatalf("%s was\n%s\nand came back as\n%s", left[i].GID(), asText(left[i]), asText(right[i]))
			}
		}
	}
}

func everyNode(ctx context.Context, t rapid.TB, store graph.Store, kind graph.Kind) (nodes []graph.Node) {
	t.Helper()
	page := graph.PageQuery{First: 500}
	for {
		found, err := store.List(ctx, graph.Operator, graph.ListQuery{Kind: kind, Order: byID, Page: page})
		must(t, err)
		nodes = append(nodes, found.Nodes...)
		if !found.HasNext {
			return nodes
		}
		page.After = &found.Keys[len(found.Keys)-1]
	}
}

// bare is a copy of a node without what is the store's. Several offers that a holding makes by itself are a
// part each, which says the same.
func bare(node graph.Node) graph.Node {
	text, err := cbor.Marshal(node)
	if err != nil {
		panic(err) // nodes are stored in this form
	}
	bare := graph.NewNode(node.Kind())
	if err := cbor.Unmarshal(text, bare); err != nil {
		panic(err)
	}
	header := bare.Header()
	header.Version, header.CreatedAt, header.UpdatedAt = 0, time.Time{}, time.Time{}
	if h, is := bare.(*graph.Holding); is && len(h.Parts) == 0 && len(h.Offers) > 1 {
		h.Merge(h)
	}
	return bare
}

func asText(node graph.Node) string {
	text, err := json.MarshalIndent(bare(node), "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}
