package sheet_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/graph/storetest"
	"valueweb/graph/storetest/every"
)

func memory(t *testing.T) graph.Store { return newStore(t) }

func TestWhatIsExportedIsTheSameGraphOnceItIsImported(t *testing.T) {
	every.Embedded(t)
	storetest.RunExport(t, memory, memory)
}

func TestTheGivenWorldsComeBackFromTheirExport(t *testing.T) {
	every.Embedded(t)
	dirs := []string{realData}
	for i := 1; i <= 5; i++ {
		dirs = append(dirs, fmt.Sprintf("%s/v%d", worlds, i))
	}
	for _, dir := range dirs {
		store := newStore(t)
		load(t, store, os.DirFS(dir), sheet.Options{})
		storetest.RoundTrip(t.Context(), t, store, newStore(t))
	}
}

func TestAGraphMovesFromOneStoreToAnotherByItsSheets(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		source := newStore(t)
		load(t, source, os.DirFS(worlds+"/v4"), sheet.Options{})
		storetest.RoundTrip(t.Context(), t, source, store)
	})
}

func TestAnExportComesBackWhereverTransactionsEnd(t *testing.T) {
	every.Embedded(t)
	rapid.Check(t, func(rt *rapid.T) {
		source, target := newStore(t), newStore(t)
		first, then := storetest.Anything(rt)
		keep(t, source, first...)
		keep(t, source, then...)
		texts, _ := exported(t, source)
		rows := rapid.IntRange(1, 3).Draw(rt, "rows")
		for round := range 2 {
			in := sheet.New(target, graph.Operator, sheet.Options{})
			in.SetBatchSize(rows)
			for _, name := range sheet.Written() {
				if err := in.ImportSheet(t.Context(), name, strings.NewReader(texts[name])); err != nil {
					rt.Fatal(err)
				}
			}
			if err := in.Close(t.Context()); err != nil {
				rt.Fatal(err)
			}
			if report := in.Report(); !report.Complete() || round > 0 && report.Totals.Unchanged != report.Totals.Rows {
				rt.Fatalf("round %d: %+v %q", round, report.Totals, problems(report))
			}
			back, _ := exported(t, target)
			for name, text := range texts {
				if back[name] != text {
					rt.Fatalf("round %d, %d rows a transaction: %s was\n%s\nand is\n%s", round, rows, name, text, back[name])
				}
			}
		}
	})
}

func TestTheGraphsThatAreDrawnStateEveryField(t *testing.T) {
	seen := map[string]bool{}
	draw := rapid.Custom(func(rt *rapid.T) []graph.Node {
		first, then := storetest.Anything(rt)
		return append(first, then...)
	})
	for i := range 300 {
		for _, node := range draw.Example(i) {
			stated(reflect.ValueOf(node).Elem(), string(node.Kind()), seen)
		}
	}
	var never []string
	for _, kind := range graph.Kinds {
		if kind == graph.KindAPIKey {
			continue // which no sheet holds
		}
		for _, field := range fields(reflect.TypeOf(graph.NewNode(kind)).Elem(), string(kind)) {
			if !seen[field] && !strings.HasSuffix(field, "Version") && !strings.HasSuffix(field, "At") {
				never = append(never, field)
			}
		}
	}
	same(t, "fields that no graph states", never, []string(nil))
}

// stated notes which fields of a value are not zero; a list stands for its elements.
func stated(v reflect.Value, path string, seen map[string]bool) {
	switch {
	case v.IsZero():
	case v.Kind() == reflect.Pointer:
		seen[path] = true
		stated(v.Elem(), path, seen)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			stated(v.Index(i), path, seen)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			stated(v.Field(i), path+"."+v.Type().Field(i).Name, seen)
		}
	default:
		seen[path] = true
	}
}

// fields lists the paths that stated can note.
func fields(t reflect.Type, path string) (all []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() == "time" {
		return []string{path}
	}
	for i := range t.NumField() {
		all = append(all, fields(t.Field(i).Type, path+"."+t.Field(i).Name)...)
	}
	return all
}

// exported writes the sheets of a store to memory.
func exported(t testing.TB, store graph.Store, only ...string) (map[string]string, *sheet.ExportReport) {
	t.Helper()
	texts := map[string]string{}
	report, err := sheet.Export(t.Context(), store, graph.Operator, func(name string) (io.WriteCloser, error) {
		return &place{name: name, into: texts}, nil
	}, only...)
	if err != nil {
		t.Fatal(err)
	}
	return texts, report
}

// place is where a sheet is written to; it is there once it is closed.
type place struct {
	strings.Builder
	name string
	into map[string]string
}

func (p *place) Close() error {
	p.into[p.name] = p.String()
	return nil
}

// keep puts nodes into a store as they are.
func keep(t testing.TB, store graph.Store, nodes ...graph.Node) {
	t.Helper()
	_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		if err = errors.Join(err, errors.Join(refusals...)); err != nil || len(tx.Changed()) == 0 {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEverySheetIsWrittenWithItsHeaderAndRowsById(t *testing.T) {
	store := newStore(t)
	write(t, store, "partners", "id,name,aliases,capacity,tags\nz,\"Zed, \"\"the\"\" best\",a\\;b;c\\\\,0,\na,A,,,x\n")
	texts, report := exported(t, store)
	same(t, "partners", texts["partners"], "id,name,aliases,tags,kind,status,tier,capacity,joined_on,employees,website,discoverable,part_of,channel_manager,synthetic,retired_on,external_ids\r\n"+
		"a,A,,x,OTHER,ACTIVE,,,,,,true,,,false,,\r\n"+
		"z,\"Zed, \"\"the\"\" best\",a\\;b;c\\\\,,OTHER,ACTIVE,,0,,,,true,,,false,,\r\n")
	if p := get[*graph.Partner](t, store, "z"); !slices.Equal(p.Aliases, []string{"a;b", `c\`}) {
		t.Errorf("aliases %q", p.Aliases)
	}
	same(t, "an empty sheet", texts["regions"], "id,name,countries,parent_id,synthetic,retired_on,external_ids\r\n")
	same(t, "sheets", len(texts), len(sheet.Written()))
	same(t, "counts", report.Sheets[2], sheet.ExportedSheet{Sheet: "partners", Nodes: 2, Rows: 2})
	if report.Seq != 1 || report.SeqAfter != 1 || report.Moved || report.Rows != 2 || len(report.Sheets) != len(sheet.Written()) {
		t.Errorf("%+v", report)
	}
	one, report := exported(t, store, "partners")
	if len(one) != 1 || one["partners"] != texts["partners"] || len(report.Sheets) != 1 {
		t.Errorf("%+v", report)
	}
}

func TestABackslashInAListTakesTheSemicolonBehindIt(t *testing.T) {
	store := newStore(t)
	write(t, store, "partners", `id,name,aliases
a,A,one\;two;C:\dir; x\\ ;\;;end\
`)
	same(t, "aliases", get[*graph.Partner](t, store, "a").Aliases, []string{"one;two", `C:\dir`, `x\`, ";", `end\`})
}

func TestWhatASheetCannotSayIsWrittenAndNamed(t *testing.T) {
	every.Embedded(t)
	meta := graph.Meta{ID: "x"}
	for _, c := range []struct {
		node graph.Node
		want string
	}{
		{&graph.Partner{Meta: meta, Name: " blank ", Status: graph.Active, PartnerKind: graph.ISV}, `partners x name " blank ": it comes back as "blank"`},
		{&graph.Partner{Meta: meta, Name: "x\r\ny", Status: graph.Active, PartnerKind: graph.ISV}, `partners x name "x\r\ny": it comes back as "x\ny"`},
		{&graph.Partner{Meta: meta, Name: "X", Status: graph.Active}, `partners x kind "": nothing is stated, which comes back as "OTHER"`},
		{&graph.Partner{Meta: meta, Name: "X", PartnerKind: graph.ISV}, `partners x status "": nothing is stated, which comes back as "ACTIVE"`},
		{&graph.Partner{Meta: meta, Name: "X", Status: graph.Active, PartnerKind: graph.ISV, Tags: []string{"t", "t"}}, `partners x tags "t;t": it comes back as "t"`},
		{&graph.Partner{Meta: meta, Name: "X", Status: graph.Active, PartnerKind: graph.ISV, Capacity: new(-1)}, `partners x capacity "-1": "-1" is not a whole number, 0 or more`},
		{&graph.Partner{Meta: meta, Name: "X", Status: graph.Active, PartnerKind: graph.ISV, Website: "x.example"}, `partners x website "x.example": "x.example" is not a web address such as https://example.org`},
		{&graph.Partner{Meta: graph.Meta{ID: "x", ExternalIDs: []graph.ExternalID{{System: "crm", ID: "1"}, {System: "crm", ID: "2"}}}, Name: "X", Status: graph.Active, PartnerKind: graph.ISV}, `partners x external_ids "crm=1;crm=2": the system "crm" has two ids here`},
		{&graph.Partnership{Meta: meta, Parties: []string{"a"}, Collaboration: graph.LowCollaboration}, `partnerships x partners "": a partnership joins two partners or more`},
		{&graph.Referral{Meta: meta, From: "a", To: "a", State: graph.ReferralNew, SentOn: 1}, `referrals x to_partner_id "a": a partner refers to another one, not to itself`},
		{&graph.Opportunity{Meta: meta, Title: "X", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll}, Needs: []graph.Need{{Competency: "cloud"}}}, `opportunities x needs "cloud:0": the level in "cloud:0" is not between 1 and 5`},
		{&graph.Solution{Meta: meta, Name: "X", Partners: slices.Repeat([]string{"a", "b"}, 300_000)}, `solutions x  "": the record is`},
	} {
		store := baseStore(t)
		keep(t, store, c.node)
		texts, report := exported(t, store)
		if report.Complete() || report.ProblemCount != 1 {
			t.Fatalf("%s: %+v", c.want, report.Problems)
		}
		p := report.Problems[0]
		if got := fmt.Sprintf("%s %s %s %q: %s", p.Sheet, p.ID, p.Column, p.Value, p.Reason); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\nwant %s", got, c.want)
		}
		if !strings.Contains(texts[p.Sheet], "\r\nx,") {
			t.Errorf("the row is not written:\n%s", texts[p.Sheet])
		}
	}
}

// restless is a store that changes with every page that is read. A store that holds a moment still shows
// none of it.
type restless struct {
	graph.Store
	t     *testing.T
	pages int
}

func (s *restless) List(ctx context.Context, v graph.Viewer, q graph.ListQuery) (graph.Page, error) {
	s.pages++
	keep(s.t, s.Store, &graph.Region{Meta: graph.Meta{ID: fmt.Sprint("r", s.pages)}, Name: "R"})
	return s.Store.List(ctx, v, q)
}

func TestAGraphThatMovesUnderAnExportIsReported(t *testing.T) {
	store := baseStore(t)
	before := seq(t, store)
	_, report := exported(t, &restless{Store: store, t: t})
	if after := seq(t, store); report.Seq != before || report.SeqAfter != after || after == before || !report.Moved {
		t.Errorf("%+v, seq %d after %d", report, after, before)
	}
}

func TestAnExportIsOfOneMomentWhereTheStoreCanHoldIt(t *testing.T) {
	store := baseStore(t)
	want, before := exported(t, store)
	texts := map[string]string{}
	report, err := sheet.Export(t.Context(), store, graph.Operator, func(name string) (io.WriteCloser, error) {
		keep(t, store, &graph.Customer{Meta: graph.Meta{ID: "while-" + name}, Name: "New"})
		return &place{name: name, into: texts}, nil
	})
	if err != nil || report.Moved || report.Seq != before.Seq || seq(t, store) == before.Seq {
		t.Errorf("%+v, %v", report, err)
	}
	same(t, "sheets", texts, want)
}

func TestAFailureEndsAnExportAndLeavesTheSheetOpen(t *testing.T) {
	store := baseStore(t)
	texts := map[string]string{}
	_, err := sheet.Export(t.Context(), store, graph.Operator, func(name string) (io.WriteCloser, error) {
		if name == "partners" {
			return full{&place{name: name, into: texts}}, nil
		}
		return &place{name: name, into: texts}, nil
	})
	if err == nil || err.Error() != "exporting partners: the disk is full" || len(texts) != 2 {
		t.Errorf("%v, %d sheets", err, len(texts))
	}
	if _, err := sheet.Export(t.Context(), store, graph.Viewer{}, nil); err == nil {
		t.Error("nobody may export the graph")
	}
}

type full struct{ *place }

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestAnExportReadsPageByPage(t *testing.T) {
	store := newStore(t)
	var text strings.Builder
	text.WriteString("id,name\n")
	for i := range 2500 {
		fmt.Fprintf(&text, "p%04d,P\n", 2499-i)
	}
	write(t, store, "partners", text.String())
	counted := &restless{Store: store, t: t}
	_, report := exported(t, counted, "partners")
	if report.Rows != 2500 || counted.pages != 3 {
		t.Errorf("%d rows in %d pages", report.Rows, counted.pages)
	}
}

func TestARowOfAHoldingThatWasTakenOverClaimsNothing(t *testing.T) {
	header := "id,partner_id,competency_id,level,since,offer,external_ids,merged_into\n"
	store := baseStore(t)
	text := header + "h1,a,cloud,4,2020-01-01,x,crm=1,\nh1,a,cloud,2,2020-01-01,y,crm=2,\nh2,a,cloud,2,2020-01-01,y,crm=2,h1\n"
	report := write(t, store, "partner_competencies", text)
	same(t, "counts", report.Totals, sheet.Counts{Rows: 3, Added: 2, Merged: 1})
	same(t, "holdings", claims(t, store), []string{`a cloud  level 4 2020-01-01.. remote false ["x" "y"] parts 2`, "1 taken over"})
	if again := write(t, store, "partner_competencies", text); again.Totals.Unchanged != 3 {
		t.Errorf("the second time %+v", again.Totals)
	}

	live := baseStore(t)
	write(t, live, "partner_competencies", header+"h2,a,cloud,2,2020-01-01,y,crm=2,\n")
	write(t, live, "partner_competencies", text)
	storetest.RoundTrip(t.Context(), t, live, newStore(t))
	same(t, "holdings where one was live", claims(t, live), claims(t, store))

	report = load(t, store, sheets("partner_competencies", header+",a,cloud,1,,,,h1\nh1,a,cloud,1,,,,h1\nh3,a,voice,1,,,,h1\nh3,a,voice,1,,,,h2\nh3,a,voice,1,,,,\n"), sheet.Options{})
	same(t, "problems", problems(report), []string{
		"partner_competencies 2 merged_into ERROR: a holding that was taken over needs its id",
		"partner_competencies 3 merged_into ERROR: a holding cannot take over itself",
		"partner_competencies 5 merged_into ERROR: another row of the same id says something else about who took the holding over",
		"partner_competencies 6 merged_into ERROR: another row of the same id says something else about who took the holding over",
	})
}
