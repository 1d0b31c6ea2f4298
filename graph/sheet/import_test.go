package sheet_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/sheet"
	"valueweb/graph/storetest/every"
	"valueweb/internal/neo4jserver"
)

const (
	realData = "../../data/real"
	worlds   = "../../testdata/worlds"
)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

func newStore(t testing.TB) graph.Store {
	t.Helper()
	store := embedded.Memory(embedded.Options{})
	t.Cleanup(func() { store.Close() })
	return store
}

func load(t testing.TB, store graph.Store, fsys fs.FS, opts sheet.Options) *sheet.Report {
	t.Helper()
	sources, err := sheet.Dir(fsys)
	if err != nil {
		t.Fatal(err)
	}
	report, err := sheet.Import(t.Context(), store, graph.Operator, sources, opts)
	if err != nil {
		t.Fatal(err)
	}
	accounted(t, report)
	return report
}

// accounted fails where a record got lost in a report.
func accounted(t testing.TB, report *sheet.Report) {
	t.Helper()
	for _, f := range report.Files {
		if sum := f.Added + f.Changed + f.Unchanged + f.Merged + f.Rejected; f.Rows != sum {
			t.Errorf("%s: %d rows, but %d added, changed, unchanged, merged and rejected: %+v", f.File, f.Rows, sum, f.Counts)
		}
	}
}

// sheets makes a directory of sheets: names and contents in turn.
func sheets(pairs ...string) fs.FS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]+".csv"] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

func seq(t testing.TB, store graph.Store) int64 {
	t.Helper()
	n, err := store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// get reads one node, nil for none.
func get[T graph.Node](t testing.TB, store graph.Store, id string) (node T) {
	t.Helper()
	nodes, err := store.Read(t.Context(), graph.Operator, node.Kind(), []string{id})
	if err != nil {
		t.Fatal(err)
	}
	if nodes[0] == nil {
		return node
	}
	return nodes[0].(T)
}

func all[T graph.Node](t testing.TB, store graph.Store) (out []T) {
	t.Helper()
	var zero T
	page, err := store.List(t.Context(), graph.Operator, graph.ListQuery{
		Kind: zero.Kind(), Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 1 << 30},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range page.Nodes {
		out = append(out, n.(T))
	}
	return out
}

// problems writes problems as "file row column severity: reason".
func problems(report *sheet.Report) []string {
	var out []string
	for _, p := range report.Problems {
		out = append(out, fmt.Sprintf("%s %d %s %s: %s", strings.TrimSuffix(p.File, ".csv"), p.Row, p.Column, p.Severity, p.Reason))
	}
	return out
}

// same fails unless two things are written alike.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	g, _ := json.MarshalIndent(got, "", " ")
	w, _ := json.MarshalIndent(want, "", " ")
	if string(g) != string(w) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, g, w)
	}
}

func count(t testing.TB, store graph.Store) map[graph.Kind]int {
	t.Helper()
	status, err := store.Status(t.Context(), graph.Operator)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[graph.Kind]int{}
	for kind, n := range status.Counts {
		if n > 0 {
			counts[kind] = n
		}
	}
	return counts
}

func fileOf(t testing.TB, report *sheet.Report, name string) *sheet.FileReport {
	t.Helper()
	i := slices.IndexFunc(report.Files, func(f *sheet.FileReport) bool { return f.Sheet == name })
	if i < 0 {
		t.Fatalf("the report does not tell of %s", name)
	}
	return report.Files[i]
}

func TestTheRealDataSetIsImportedAsItStands(t *testing.T) {
	store := newStore(t)
	report := load(t, store, os.DirFS(realData), sheet.Options{})
	if !report.Complete() || report.ProblemCount != 0 {
		t.Fatalf("problems: %q", problems(report))
	}
	same(t, "nodes", count(t, store), map[graph.Kind]int{
		graph.KindPartner: 1005, graph.KindOffice: 875, graph.KindCompetency: 31, graph.KindCertification: 1110,
		graph.KindSolution: 189, graph.KindSite: 148, graph.KindPartnership: 496, graph.KindHolding: 1469,
	})
	same(t, "ignored files", report.Ignored, []sheet.Ignored{
		{File: "merges.csv", Reason: "not a sheet"}, {File: "provider_locations_2019.csv", Reason: "not a sheet"},
	})
	same(t, "unknown columns of certifications", fileOf(t, report, "certifications").UnknownColumns, []string{"source", "member_since"})
	same(t, "unknown columns of partners", fileOf(t, report, "partners").UnknownColumns, []string{"source"})
	if report.Seq != seq(t, store) || report.Seq == 0 {
		t.Errorf("the report says seq %d, the store %d", report.Seq, seq(t, store))
	}
}

func TestImportingTheRealDataSetTwiceChangesNothing(t *testing.T) {
	store := newStore(t)
	load(t, store, os.DirFS(realData), sheet.Options{})
	before := seq(t, store)
	report := load(t, store, os.DirFS(realData), sheet.Options{})
	if report.Totals.Unchanged != report.Totals.Rows || report.Seq != before || seq(t, store) != before {
		t.Errorf("the second time: %+v, seq %d after %d", report.Totals, report.Seq, before)
	}
}

func TestTheGeneratedWorldsAreImportedWholeAndTwiceWithoutChange(t *testing.T) {
	for i := 1; i <= 5; i++ {
		name := fmt.Sprintf("v%d", i)
		t.Run(name, func(t *testing.T) {
			every.Store(t, func(t *testing.T, store graph.Store) {
				world := os.DirFS(worlds + "/" + name)
				report := load(t, store, world, sheet.Options{})
				if !report.Complete() {
					t.Fatalf("problems: %q", problems(report))
				}
				before := seq(t, store)
				again := load(t, store, world, sheet.Options{})
				if again.Totals.Unchanged != again.Totals.Rows || seq(t, store) != before {
					t.Errorf("the second time: %+v, seq %d after %d", again.Totals, seq(t, store), before)
				}
			})
		})
	}
}

// fickle is a store whose transactions fail once before they succeed.
type fickle struct{ graph.Store }

func (s fickle) Write(ctx context.Context, v graph.Viewer, fn func(context.Context, graph.Tx) error) (int64, error) {
	if err := s.Rehearse(ctx, v, fn); err != nil {
		return 0, err
	}
	return s.Store.Write(ctx, v, fn)
}

func TestATransactionThatIsRunAgainCountsOnce(t *testing.T) {
	for _, dir := range []string{realData, worlds + "/v3"} {
		steady, again := newStore(t), fickle{newStore(t)}
		want := load(t, steady, os.DirFS(dir), sheet.Options{})
		got := load(t, again, os.DirFS(dir), sheet.Options{})
		same(t, "report", got, want)
		same(t, "nodes", count(t, again), count(t, steady))
	}
}

func TestOnlyOperatorsImport(t *testing.T) {
	store := newStore(t)
	sources, err := sheet.Dir(fstest.MapFS{"partners.csv": {Data: []byte("id,name\nacme,Acme\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, viewer := range []graph.Viewer{{}, {Role: graph.RolePartner, Organisation: "acme"}, {Role: graph.RoleAnalyst}} {
		for _, options := range []sheet.Options{{}, {DryRun: true}} {
			_, err := sheet.Import(t.Context(), store, viewer, sources, options)
			if e, ok := graph.AsError(err); !ok || e.Code != graph.CodeForbidden {
				t.Errorf("as %q a sheet is imported: %v", viewer, err)
			}
		}
	}
	if seq, err := store.Seq(t.Context()); err != nil || seq != 0 {
		t.Errorf("the log stands at %d, %v", seq, err)
	}
}
