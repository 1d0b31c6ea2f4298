package sheet_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/sheet"
)

const holdingHeader = "partner_id,competency_id,office_id,level,since,until,remote,offer\n"

// claims writes the holdings that are in effect, and how many were taken over.
func claims(t *testing.T, store graph.Store) []string {
	t.Helper()
	var out []string
	over := 0
	for _, h := range all[*graph.Holding](t, store) {
		if h.MergedInto != "" {
			over++
			continue
		}
		out = append(out, fmt.Sprintf("%s %s %s level %d %s..%s remote %t %q parts %d", h.Partner, h.Competency, h.Office, h.Level, h.Since, h.Until, h.Remote, h.Offers, len(h.Parts)))
	}
	slices.Sort(out)
	if over > 0 {
		out = append(out, fmt.Sprint(over, " taken over"))
	}
	return out
}

func TestRowsThatOverlapAreOneHolding(t *testing.T) {
	for _, c := range []struct {
		name, rows string
		want       []string
		counts     sheet.Counts
	}{
		{
			"offers are joined, the highest level, the earliest start and the latest end taken",
			"a,cloud,,2,2020-01-01,2021-12-31,,x\na,cloud,,4,2021-06-01,2022-12-31,true,y\na,cloud,,,2019-01-01,2020-01-01,,\n",
			[]string{`a cloud  level 4 2019-01-01..2022-12-31 remote true ["x" "y"] parts 3`}, sheet.Counts{Rows: 3, Added: 1, Merged: 2},
		},
		{
			"a shared day is an overlap, the day after is none",
			"a,cloud,,1,2020-01-01,2020-12-31,,\na,cloud,,2,2020-12-31,2021-12-31,,\na,cloud,,3,2022-01-01,2022-12-31,,\n",
			[]string{`a cloud  level 2 2020-01-01..2021-12-31 remote false [] parts 2`, `a cloud  level 3 2022-01-01..2022-12-31 remote false [] parts 0`},
			sheet.Counts{Rows: 3, Added: 2, Merged: 1},
		},
		{
			"a period without ends overlaps all",
			"a,cloud,,1,2020-01-01,2020-12-31,,\na,cloud,,2,2022-01-01,,,\na,cloud,,,,,,\n",
			[]string{`a cloud  level 2 .. remote false [] parts 3`}, sheet.Counts{Rows: 3, Added: 1, Merged: 2},
		},
		{
			"rows of the same start and offer all count",
			"a,cloud,,4,2020-01-01,2020-12-31,,x\na,cloud,,2,2020-01-01,2021-12-31,true,x\n",
			[]string{`a cloud  level 4 2020-01-01..2021-12-31 remote true ["x"] parts 2`}, sheet.Counts{Rows: 2, Added: 1, Merged: 1},
		},
		{
			"rows that say the same are one",
			"a,cloud,,4,2020-01-01,,,x\na,cloud,,4,2020-01-01,,no,x\n",
			[]string{`a cloud  level 4 2020-01-01.. remote false ["x"] parts 0`}, sheet.Counts{Rows: 2, Added: 1, Merged: 1},
		},
		{
			"offices and competencies are told apart",
			"a,cloud,,1,,,,\na,cloud,a1,2,,,,\na,voice,,3,,,,\nb,cloud,,4,,,,\n",
			[]string{`a cloud  level 1 .. remote false [] parts 0`, `a cloud a1 level 2 .. remote false [] parts 0`, `a voice  level 3 .. remote false [] parts 0`, `b cloud  level 4 .. remote false [] parts 0`},
			sheet.Counts{Rows: 4, Added: 4},
		},
		{
			"a row that bridges two joins them",
			"a,cloud,,1,2020-01-01,2020-12-31,,\na,cloud,,2,2022-01-01,2022-12-31,,\na,cloud,,3,2020-06-01,2022-06-01,,\n",
			[]string{`a cloud  level 3 2020-01-01..2022-12-31 remote false [] parts 3`}, sheet.Counts{Rows: 3, Added: 1, Merged: 2},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := baseStore(t)
			report := write(t, store, "partner_competencies", holdingHeader+c.rows)
			same(t, "holdings", claims(t, store), c.want)
			same(t, "counts", report.Totals, c.counts)

			before := seq(t, store)
			again := write(t, store, "partner_competencies", holdingHeader+c.rows)
			same(t, "counts the second time", again.Totals, sheet.Counts{Rows: c.counts.Rows, Unchanged: c.counts.Rows})
			if seq(t, store) != before {
				t.Error("the second time wrote an event")
			}

			backwards := strings.SplitAfter(strings.TrimSuffix(c.rows, "\n"), "\n")
			backwards[len(backwards)-1] += "\n"
			slices.Reverse(backwards)
			other := baseStore(t)
			write(t, other, "partner_competencies", holdingHeader+strings.Join(backwards, ""))
			same(t, "holdings of the rows in the opposite order", claims(t, other), c.want)

			one := baseStore(t)
			for _, row := range backwards {
				write(t, one, "partner_competencies", holdingHeader+row)
			}
			write(t, one, "partner_competencies", holdingHeader+c.rows)
			inEffect := slices.DeleteFunc(claims(t, one), func(s string) bool { return strings.HasSuffix(s, "taken over") })
			same(t, "holdings of the rows in files of their own", inEffect, c.want)
		})
	}
}

func TestARowThatBridgesTwoStoredHoldingsVoidsOneOfThem(t *testing.T) {
	store := baseStore(t)
	write(t, store, "partner_competencies", holdingHeader+"a,cloud,,1,2020-01-01,2020-12-31,,x\na,cloud,,2,2022-01-01,,,y\n")
	two := all[*graph.Holding](t, store)
	report := write(t, store, "partner_competencies", holdingHeader+"a,cloud,,,2020-06-01,2022-06-01,,z\n")
	same(t, "counts", report.Totals, sheet.Counts{Rows: 1, Merged: 1})
	same(t, "holdings", claims(t, store), []string{`a cloud  level 2 2020-01-01.. remote false ["x" "y" "z"] parts 3`, "1 taken over"})
	if void := get[*graph.Holding](t, store, two[1].ID); void.MergedInto != two[0].ID || void.Version != 2 {
		t.Errorf("the one with the larger id: %+v", void)
	}
	before := seq(t, store)
	again := write(t, store, "partner_competencies", holdingHeader+"a,cloud,,2,2022-01-01,,,y\na,cloud,,1,2020-01-01,2020-12-31,,x\na,cloud,,,2020-06-01,2022-06-01,,z\n")
	if again.Totals.Unchanged != 3 || seq(t, store) != before {
		t.Errorf("the same rows again: %+v", again.Totals)
	}
}

func TestARowOfTheSameStartAndOfferCorrectsAHolding(t *testing.T) {
	store := baseStore(t)
	write(t, store, "partner_competencies", holdingHeader+"a,cloud,,5,2020-01-01,2020-12-31,true,x\na,voice,,5,,,,\na,voice,,2,,,,x\n")
	report := write(t, store, "partner_competencies", holdingHeader+"a,cloud,,2,2020-01-01,,,x\na,voice,,1,,,,\n")
	same(t, "counts", report.Totals, sheet.Counts{Rows: 2, Changed: 2})
	same(t, "holdings", claims(t, store), []string{
		`a cloud  level 2 2020-01-01.. remote false ["x"] parts 0`, `a voice  level 2 .. remote false ["x"] parts 2`,
	})
}

func TestColumnsThatAFileLacksKeepWhatAHoldingSays(t *testing.T) {
	store := baseStore(t)
	write(t, store, "partner_competencies", holdingHeader+"a,cloud,,5,2020-01-01,2020-12-31,true,x\n")
	before := seq(t, store)
	report := write(t, store, "partner_competencies", "partner_id,competency_id\na,cloud\n")
	same(t, "counts", report.Totals, sheet.Counts{Rows: 1, Unchanged: 1})
	if seq(t, store) != before {
		t.Errorf("holdings: %q", claims(t, store))
	}
	write(t, store, "partner_competencies", "partner_id,competency_id,level,synthetic,external_ids\na,cloud,3,true,crm=7\n")
	same(t, "holdings", claims(t, store), []string{`a cloud  level 3 2020-01-01..2020-12-31 remote true ["x"] parts 0`})
	if h := all[*graph.Holding](t, store)[0]; !h.Synthetic || len(h.ExternalIDs) != 1 || h.Version != 2 {
		t.Errorf("%+v", h)
	}
}

func TestAStatedIdOfAHoldingIsKept(t *testing.T) {
	store := baseStore(t)
	header := "id," + holdingHeader
	write(t, store, "partner_competencies", header+"h1,a,cloud,,1,2020-01-01,2020-12-31,,\nh2,b,cloud,,1,,,,\n")
	report := write(t, store, "partner_competencies", header+"h1,a,cloud,,1,2024-01-01,2024-12-31,,\n")
	same(t, "counts", report.Totals, sheet.Counts{Rows: 1, Changed: 1})
	if h := get[*graph.Holding](t, store, "h1"); h.Since.String() != "2024-01-01" || h.Version != 2 || len(h.Parts) != 0 {
		t.Errorf("%+v", h)
	}
	report = load(t, store, sheets("partner_competencies", header+"h2,a,voice,,1,,,,\n"), sheet.Options{})
	same(t, "problems", problems(report), []string{`partner_competencies 2 id ERROR: the id is that of a holding of "b" in "cloud"`})
}

func TestHoldingsOfOnePartnerStayInOneTransaction(t *testing.T) {
	store := baseStore(t)
	var rows strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&rows, "a,cloud,,%d,2020-01-01,,,offer %d\n", 1+i%5, i%1250)
	}
	before := seq(t, store)
	report := write(t, store, "partner_competencies", holdingHeader+rows.String())
	same(t, "counts", report.Totals, sheet.Counts{Rows: 5000, Added: 1, Merged: 4999})
	if seq(t, store) != before+1 {
		t.Errorf("%d events", seq(t, store)-before)
	}
}

// naiveClaim is a claim of one partner to one competency; days count from 2020-01-01, 0 is open.
type naiveClaim struct {
	level, since, until int
	remote              bool
	offers              []string
}

// naiveMerge joins claims that share a day until none do.
func naiveMerge(claims []naiveClaim) []naiveClaim {
	for i := range claims {
		for j := i + 1; j < len(claims); j++ {
			a, b := claims[i], claims[j]
			if a.until != 0 && b.since > a.until || b.until != 0 && a.since > b.until {
				continue
			}
			a.level, a.remote, a.since = max(a.level, b.level), a.remote || b.remote, min(a.since, b.since)
			if a.until = max(a.until, b.until); claims[i].until == 0 || b.until == 0 {
				a.until = 0
			}
			a.offers = slices.Concat(a.offers, b.offers)
			slices.Sort(a.offers)
			a.offers = slices.Compact(a.offers)
			claims[i] = a
			return naiveMerge(slices.Delete(claims, j, j+1))
		}
	}
	return claims
}

func TestHoldingsAreMergedAsANaiveModelDoes(t *testing.T) {
	start := graph.NewDate(2020, 1, 1)
	date := func(day int) graph.Date {
		if day == 0 {
			return 0
		}
		return start.AddDays(day)
	}
	rapid.Check(t, func(rt *rapid.T) {
		var rows strings.Builder
		var model []naiveClaim
		for range rapid.IntRange(1, 8).Draw(rt, "rows") {
			c := naiveClaim{level: rapid.IntRange(0, 5).Draw(rt, "level"), since: rapid.IntRange(0, 12).Draw(rt, "since"), remote: rapid.Bool().Draw(rt, "remote")}
			if rapid.Bool().Draw(rt, "ends") {
				c.until = max(1, c.since) + rapid.IntRange(0, 3).Draw(rt, "days")
			}
			if offer := rapid.SampledFrom([]string{"", "x", "y"}).Draw(rt, "offer"); offer != "" {
				c.offers = []string{offer}
			}
			model = append(model, c)
			level := ""
			if c.level > 0 {
				level = fmt.Sprint(c.level)
			}
			fmt.Fprintf(&rows, "a,cloud,,%s,%s,%s,%t,%s\n", level, date(c.since), date(c.until), c.remote, strings.Join(c.offers, ""))
		}
		var want []string
		for _, c := range naiveMerge(model) {
			want = append(want, fmt.Sprintf("a cloud  level %d %s..%s remote %t %q", c.level, date(c.since), date(c.until), c.remote, c.offers))
		}
		slices.Sort(want)

		store := baseStore(t)
		write(t, store, "partner_competencies", holdingHeader+rows.String())
		got := claims(t, store)
		for i := range got {
			got[i] = got[i][:strings.Index(got[i], " parts ")]
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("rows:\n%s\nholdings:\n%s\nwant:\n%s", rows.String(), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		before := seq(t, store)
		if again := write(t, store, "partner_competencies", holdingHeader+rows.String()); again.Totals.Unchanged != again.Totals.Rows || seq(t, store) != before {
			rt.Fatalf("rows:\n%s\nthe second time: %+v", rows.String(), again.Totals)
		}
	})
}
