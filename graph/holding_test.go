package graph_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
)

func holdingOf(p graph.HoldingPart) *graph.Holding {
	h := &graph.Holding{Level: p.Level, Since: p.Since, Until: p.Until, Remote: p.Remote}
	h.Synthetic, h.RetiredOn = p.Synthetic, p.RetiredOn
	if p.Offer != "" {
		h.Offers = []string{p.Offer}
	}
	return h
}

func TestPartsOfAHoldingAreASet(t *testing.T) {
	part := rapid.Custom(func(t *rapid.T) graph.HoldingPart {
		return graph.HoldingPart{
			Level: rapid.IntRange(0, 2).Draw(t, "level"), Since: graph.Date(rapid.IntRange(-1, 2).Draw(t, "since")),
			Until: graph.Date(rapid.SampledFrom([]int{0, 5, 6}).Draw(t, "until")), Remote: rapid.Bool().Draw(t, "remote"),
			Offer: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "offer"), Synthetic: rapid.Bool().Draw(t, "synthetic"),
			RetiredOn: graph.Date(rapid.SampledFrom([]int{0, 7, 8}).Draw(t, "retired")),
		}
	})
	merged := func(parts []graph.HoldingPart) *graph.Holding {
		h := holdingOf(parts[0])
		for _, p := range parts[1:] {
			h.Merge(holdingOf(p))
		}
		return h
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(part, 1, 6).Draw(t, "parts")
		want := merged(parts)
		shuffled := append(rapid.Permutation(parts).Draw(t, "permutation"), parts[0])
		if got := merged(shuffled); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nin another order:\n%+v", want, got)
		}
		distinct := slices.Clone(parts)
		slices.SortFunc(distinct, graph.HoldingPart.Compare)
		if distinct = slices.Compact(distinct); !slices.Equal(want.Claims(), distinct) || (len(distinct) == 1) != (want.Parts == nil) {
			t.Fatalf("%+v, want %+v", want, distinct)
		}
	})
}

func TestACorrectionReplacesTheOnlyPartOfItsSinceAndOffer(t *testing.T) {
	h := holdingOf(graph.HoldingPart{Level: 5, Since: 1, Offer: "x"})
	if !h.Correct(graph.HoldingPart{Level: 2, Since: 1, Until: 9, Offer: "x"}) || h.Level != 2 || h.Until != 9 || h.Parts != nil {
		t.Errorf("%+v", h)
	}
	if h.Correct(graph.HoldingPart{Level: 1, Since: 2, Offer: "x"}) || h.Level != 2 {
		t.Errorf("corrected by another start: %+v", h)
	}
	h.Merge(holdingOf(graph.HoldingPart{Level: 3, Since: 1, Offer: "x"}))
	if h.Correct(graph.HoldingPart{Level: 1, Since: 1, Offer: "x"}) || len(h.Parts) != 2 {
		t.Errorf("one of two was corrected: %+v", h)
	}
}

func TestAHoldingThatEndsCountsFromTodayOnNoMoreAndStaysWhatItWas(t *testing.T) {
	today := graph.NewDate(2026, 11, 22)
	yesterday, past, future := today.AddDays(-1), graph.NewDate(2025, 1, 1), graph.NewDate(2027, 1, 1)
	for name, c := range map[string]struct {
		holding graph.Holding
		until   graph.Date
	}{
		"one that has no end":     {graph.Holding{Since: past}, yesterday},
		"one without a beginning": {graph.Holding{Until: future}, yesterday},
		"one that is over":        {graph.Holding{Until: past}, past},
		"one of today":            {graph.Holding{Since: today}, today},
		"one to come":             {graph.Holding{Since: future}, future},
		"one of several offers":   {graph.Holding{Since: past, Offers: []string{"a", "b"}}, yesterday},
		"one of several parts":    {*merged(graph.Holding{Since: past, Level: 2}, graph.Holding{Since: today, Offers: []string{"a"}}), today},
	} {
		h := c.holding
		before := h
		h.End(today)
		if h.Until != c.until || h.RetiredOn != today || h.CurrentAt(today) || h.CurrentAt(future) {
			t.Errorf("%s ends as %+v", name, h)
		}
		if h.CurrentAt(yesterday) != before.CurrentAt(yesterday) || h.Level != before.Level || !slices.Equal(h.Offers, before.Offers) {
			t.Errorf("%s was %+v, and is said to have been %+v", name, before, h)
		}
		again := graph.Holding{Meta: graph.Meta{RetiredOn: h.RetiredOn}}
		for i, claim := range h.Claims() { // as it comes back from its rows
			row := graph.Holding{Meta: graph.Meta{RetiredOn: claim.RetiredOn}, Level: claim.Level, Since: claim.Since, Until: claim.Until}
			if claim.Offer != "" {
				row.Offers = []string{claim.Offer}
			}
			if i == 0 {
				again = row
			} else {
				again.Merge(&row)
			}
		}
		if again.CurrentAt(today) || again.Until != h.Until || again.RetiredOn != today {
			t.Errorf("%s comes back as %+v", name, again)
		}
	}
}

func merged(a, b graph.Holding) *graph.Holding {
	a.Merge(&b)
	return &a
}
