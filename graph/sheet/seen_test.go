package sheet_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/graph/storetest/every"
)

// inBatches imports one sheet with so many rows a transaction.
func inBatches(t testing.TB, store graph.Store, rows int, name, text string) *sheet.Report {
	t.Helper()
	in := sheet.New(store, graph.Operator, sheet.Options{})
	in.SetBatchSize(rows)
	if err := in.ImportSheet(t.Context(), name, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	accounted(t, in.Report())
	return in.Report()
}

// again fails unless importing a sheet once more changes nothing.
func again(t testing.TB, store graph.Store, name, text string) *sheet.Report {
	t.Helper()
	before := seq(t, store)
	report := load(t, store, sheets(name, text), sheet.Options{})
	if report.Totals.Added+report.Totals.Changed > 0 || seq(t, store) != before {
		t.Errorf("importing %s again: %+v, seq %d after %d", name, report.Totals, seq(t, store), before)
	}
	return report
}

// apart returns two rows with as many between them.
func apart(n int, header, row, between, other string) string {
	var b strings.Builder
	b.WriteString(header + row)
	for i := range n {
		fmt.Fprintf(&b, between, i)
	}
	return b.String() + other
}

func TestOfRowsWithOneIdTheFirstCountsHoweverFarApartTheyAre(t *testing.T) {
	for _, n := range []int{0, 1, 2500} {
		store := newStore(t)
		text := apart(n, "id,name\n", "dup,First\n", "p%d,Other\n", "dup,Second\ndup,First\n")
		report := load(t, store, sheets("partners", text), sheet.Options{})
		same(t, "counts", report.Totals, sheet.Counts{Rows: n + 3, Added: n + 1, Merged: 1, Rejected: 1, Warnings: 1})
		same(t, "problems", problems(report), []string{
			fmt.Sprintf(`partners %d id ERROR: the id "dup" stands in an earlier row already, and says something else`, n+3),
			fmt.Sprintf(`partners %d id WARNING: the id "dup" stands in an earlier row already, and says the same`, n+4),
		})
		if p := get[*graph.Partner](t, store, "dup"); p.Name != "First" || p.Version != 1 {
			t.Errorf("%+v", p)
		}
		same(t, "counts the second time", again(t, store, "partners", text).Totals, sheet.Counts{Rows: n + 3, Unchanged: n + 1, Merged: 1, Rejected: 1, Warnings: 1})
	}
}

func TestOfRowsWithOneNaturalKeyTheFirstCounts(t *testing.T) {
	for _, n := range []int{0, 2500} {
		store := baseStore(t)
		text := apart(n, "partner_id,name,city,lat,lng\n", "a,Hall,Lyon,1,1\n", "a,Office %d,,1,1\n", "a,Hall,Lyon,2,2\na,Hall,Lyon,1.0,1\n")
		report := load(t, store, sheets("offices", text), sheet.Options{})
		same(t, "problems", problems(report), []string{
			fmt.Sprintf(`offices %d partner_id ERROR: a row of the same partner_id, name and city stands above already, and says something else`, n+3),
			fmt.Sprintf(`offices %d partner_id WARNING: a row of the same partner_id, name and city stands above already, and says the same`, n+4),
		})
		again(t, store, "offices", text)
	}
}

func TestARejectedRowDoesNotClaimItsId(t *testing.T) {
	for _, rows := range []int{1, 2000} {
		for _, c := range []struct{ text, want string }{
			{"q,New,\nq,Newer,nobody\n", "q New "},
			{"q,Newer,nobody\nq,New,\n", "q New "},
			{"q,Itself,q\nq,New,\n", "q New "},
			{"q,Newer,r\nq,New,\nr,Late,\n", "q Newer r;r Late "},
			{"x,Ex,y\ny,Why,z\nz,Zed,nobody\nx,Bare,\nz,Zed,\n", "x Ex y;y Why z;z Zed "},
			{"x,Ex,y\ny,Why,x\nz,Zed,x\nz,Zed,\n", "z Zed "},
			{"x,Ex,nobody\nx,Ex,none\nx,Ex,\n", "x Ex "},
		} {
			store := newStore(t)
			text := "id,name,part_of\n" + c.text
			inBatches(t, store, rows, "partners", text)
			if got := strings.Join(partnersOf(t, store), ";"); got != c.want {
				t.Errorf("%q in batches of %d: %q, want %q", c.text, rows, got, c.want)
			}
			again(t, store, "partners", text)
		}
	}
}

func partnersOf(t testing.TB, store graph.Store) (out []string) {
	for _, p := range all[*graph.Partner](t, store) {
		out = append(out, fmt.Sprintf("%s %s %s", p.ID, p.Name, p.PartOf))
	}
	return out
}

func TestDuplicatesOfAPartnerWithAContactOfALaterSheetSayTheSame(t *testing.T) {
	store := newStore(t)
	text := apart(2500, "id,name,channel_manager\n", "dup,First,mia\n", "p%d,Other,\n", "dup,First,mia\n")
	pairs := sheets("partners", text, "contacts", "id,name,partner_id\nmia,Mia,dup\n")
	report := load(t, store, pairs, sheet.Options{})
	same(t, "counts", report.Totals, sheet.Counts{Rows: 2503, Added: 2502, Merged: 1, Warnings: 1})
	before := seq(t, store)
	if load(t, store, pairs, sheet.Options{}); seq(t, store) != before {
		t.Error("the second time changed something")
	}
}

func TestRowsOfOneHoldingCountAlikeNearAndFarApart(t *testing.T) {
	every.Embedded(t)
	for _, n := range []int{0, 2500, 12000} {
		for _, rows := range [][2]string{{"2", "4"}, {"4", "2"}} {
			store := baseStore(t)
			row := func(level string) string { return "a,cloud,," + level + ",2020-01-01,,,x\n" }
			var between strings.Builder
			for i := range n {
				fmt.Fprintf(&between, "b,voice,,3,2021-01-01,,,offer %d\n", i%50)
			}
			text := holdingHeader + row(rows[0]) + between.String() + row(rows[1])
			load(t, store, sheets("partner_competencies", text), sheet.Options{})
			same(t, "holdings", claims(t, store)[:1], []string{`a cloud  level 4 2020-01-01.. remote false ["x"] parts 2`})
			report := again(t, store, "partner_competencies", text)
			same(t, "unchanged rows", report.Totals.Unchanged, n+2)
		}
	}
}

func TestARowCorrectsAHoldingAlsoDownwards(t *testing.T) {
	store := baseStore(t)
	write(t, store, "partner_competencies", holdingHeader+"a,cloud,,5,2020-01-01,,yes,x\n")
	report := write(t, store, "partner_competencies", holdingHeader+"a,cloud,,1,2020-01-01,2022-01-01,,x\n")
	same(t, "counts", report.Totals, sheet.Counts{Rows: 1, Changed: 1})
	same(t, "holdings", claims(t, store), []string{`a cloud  level 1 2020-01-01..2022-01-01 remote false ["x"] parts 0`})
	write(t, store, "partner_competencies", holdingHeader+"a,cloud,,2,2020-01-01,2022-01-01,,x\na,cloud,,3,2020-01-01,2022-01-01,,x\n")
	same(t, "holdings after two rows", claims(t, store), []string{`a cloud  level 3 2020-01-01..2022-01-01 remote false ["x"] parts 2`})
}

func TestAStatedIdOfAHoldingStandsForAllItsPeriods(t *testing.T) {
	text := "id," + holdingHeader + "h,a,cloud,,1,2020-01-01,2020-12-31,,\nh,a,cloud,,2,2022-01-01,2022-12-31,,\n"
	for _, rows := range []int{1, 2000} {
		store := baseStore(t)
		inBatches(t, store, rows, "partner_competencies", strings.Replace(text, "\nh,a", "\nk,b,voice,,1,,,,\nh,a", 2))
		same(t, "holdings", claims(t, store)[0], `a cloud  level 2 2020-01-01..2022-12-31 remote false [] parts 2`)
		again(t, store, "partner_competencies", text)
	}
}

func TestPartnersDoNotDependOnWhereBatchesEnd(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var text strings.Builder
		text.WriteString("id,name,part_of\n")
		for range rapid.IntRange(1, 12).Draw(rt, "rows") {
			i := rapid.IntRange(0, 4).Draw(rt, "id")
			parent := rapid.SampledFrom([]string{"", "", "p0", "p1", "p2", "p3", "nobody"}).Draw(rt, "part of")
			fmt.Fprintf(&text, "p%d,%s,%s\n", i, rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "name"), parent)
		}
		one, other := newStore(t), newStore(t)
		inBatches(t, one, 2000, "partners", text.String())
		inBatches(t, other, rapid.IntRange(1, 5).Draw(rt, "batch"), "partners", text.String())
		if want, got := partnersOf(t, one), partnersOf(t, other); !slices.Equal(got, want) {
			rt.Fatalf("%s\nin batches: %q\nwant: %q", text.String(), got, want)
		}
		for _, store := range []graph.Store{one, other} {
			if again(t, store, "partners", text.String()); t.Failed() {
				rt.Fatalf("%s", text.String())
			}
		}
	})
}

func TestHoldingsDoNotDependOnWhereBatchesEnd(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := func(what string) string {
			var text strings.Builder
			text.WriteString("synthetic,retired_on," + holdingHeader)
			for range rapid.IntRange(1, 10).Draw(rt, what) {
				since := rapid.SampledFrom([]string{"", "2020-01-01", "2021-01-01", "2022-01-01"}).Draw(rt, "since")
				until := rapid.SampledFrom([]string{"", "2022-01-01", "2022-06-30"}).Draw(rt, "until")
				if since != "" && since != "2022-01-01" && rapid.Bool().Draw(rt, "short") {
					until = since[:4] + "-12-31"
				}
				fmt.Fprintf(&text, "%t,%s,%s,cloud,,%d,%s,%s,%t,%s\n", rapid.Bool().Draw(rt, "synthetic"),
					rapid.SampledFrom([]string{"", "2030-01-01", "2031-01-01"}).Draw(rt, "retired"), rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "partner"),
					rapid.IntRange(1, 3).Draw(rt, "level"), since, until, rapid.Bool().Draw(rt, "remote"), rapid.SampledFrom([]string{"", "x"}).Draw(rt, "offer"))
			}
			return text.String()
		}
		before, text := rows("rows before"), rows("rows")
		size := rapid.IntRange(1, 4).Draw(rt, "batch")
		one, other := baseStore(t), baseStore(t)
		for _, sheet := range []string{before, text} {
			inBatches(t, one, 2000, "partner_competencies", sheet)
			inBatches(t, other, size, "partner_competencies", sheet)
		}
		if want, got := inEffect(t, one), inEffect(t, other); !slices.Equal(got, want) {
			rt.Fatalf("%s%s\nin batches: %s\nwant: %s", before, text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for _, store := range []graph.Store{one, other} {
			if again(t, store, "partner_competencies", text); t.Failed() {
				rt.Fatalf("%s%s", before, text)
			}
		}
	})
}

// inEffect writes holdings that were not taken over, with all their parts.
func inEffect(t testing.TB, store graph.Store) (out []string) {
	for _, h := range all[*graph.Holding](t, store) {
		if h.MergedInto == "" {
			out = append(out, fmt.Sprintf("%s %s %t %s %v", h.Partner, h.Competency, h.Synthetic, h.RetiredOn, h.Claims()))
		}
	}
	slices.Sort(out)
	return out
}
