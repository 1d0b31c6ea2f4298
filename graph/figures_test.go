package graph

import (
	"context"
	"fmt"
	"testing"
)

// counting is a store that counted some rows.
type counting struct {
	Store
	facts FigureFacts
}

func (c counting) Figures(context.Context, Viewer, FiguresQuery) (FigureFacts, error) {
	return c.facts, nil
}

func TestFiguresOfMoreCellsThanAnswersHoldAreRefused(t *testing.T) {
	var facts FigureFacts
	for i := range MaxFigureRows + 1 {
		facts.Rows = append(facts.Rows, FigureRow{Key: FigureKey{fmt.Sprint(i)}, Count: 1})
	}
	g := &Graph{Store: counting{facts: facts}}
	_, err := g.Figures(t.Context(), Operator, FiguresQuery{Of: FigureCustomers}, nil)
	if e, ok := AsError(err); !ok || e.Code != CodeCostExceeded {
		t.Errorf("%d cells: %v", len(facts.Rows), err)
	}
	facts.Rows = facts.Rows[1:]
	g.Store = counting{facts: facts}
	cells, err := g.Figures(t.Context(), Operator, FiguresQuery{Of: FigureCustomers}, []FigureDimension{BySegment})
	if err != nil || len(cells) != MaxFigureRows {
		t.Errorf("%d cells, %v", len(cells), err)
	}
}

func TestWhichOfSeveralPartnershipsTell(t *testing.T) {
	common := func(unknown int, partnerships ...string) FigureOverlap {
		return FigureOverlap{Partnerships: partnerships, Unknown: unknown}
	}
	for name, c := range map[string]struct {
		overlaps []FigureOverlap
		tell     string
	}{
		"nothing is unknown":           {nil, "a b c"},
		"nothing in common":            {[]FigureOverlap{common(3, "a"), common(9, "b")}, "a b c"},
		"all in common":                {[]FigureOverlap{common(3, "a", "b")}, "a b c"},
		"a part of the other":          {[]FigureOverlap{common(3, "a", "b"), common(1, "b")}, "b c"},
		"some in common":               {[]FigureOverlap{common(1, "a", "b"), common(4, "a"), common(3, "b")}, "a c"},
		"as many":                      {[]FigureOverlap{common(1, "a", "b"), common(4, "a"), common(4, "b")}, "a c"},
		"connected by a third":         {[]FigureOverlap{common(1, "a", "b"), common(1, "b", "c"), common(5, "c"), common(4, "a")}, "c"},
		"the same as the largest":      {[]FigureOverlap{common(5, "a", "c"), common(1, "a", "b", "c")}, "a c"},
		"smaller ones that are equal":  {[]FigureOverlap{common(5, "a", "b", "c"), common(1, "b")}, "b"},
		"equal, and apart from others": {[]FigureOverlap{common(5, "a", "b"), common(9, "c")}, "a b c"},
	} {
		told := ""
		for _, partnership := range []string{"a", "b", "c"} {
			if tells(partnership, c.overlaps) {
				told += " " + partnership
			}
		}
		if told != " "+c.tell {
			t.Errorf("%s: %s tell, expected %s", name, told, c.tell)
		}
	}
}
