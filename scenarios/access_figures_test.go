package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"valueweb/scenarios/naive"
)

const guardedFigures = `query($of: FigureKind!, $by: [FigureDimension!]!, $partnership: ID) {
  figures(of: $of, by: $by, partnership: $partnership) { segment industry country count }
}`

// tooFew is how many unknown records are too few to be told.
const tooFew = 5

// figures draws a question for figures. A partner asks for those of its own partnerships mostly.
func (c *lawful) figures() operation {
	var by []any
	for _, i := range c.Perm(len(naive.Dimensions))[:c.IntN(len(naive.Dimensions)+1)] {
		by = append(by, naive.Dimensions[i])
	}
	partnership := ""
	if own := c.told["partnerships"]; c.viewer.Role == "PARTNER" && len(own) > 0 && c.chance(70) {
		partnership = own[c.IntN(len(own))]["id"]
	} else if c.chance(25) {
		partnership = c.any("partnerships")
	}
	return figuresBy(c.oneOf("CUSTOMERS", "OPPORTUNITIES", "REFERRALS", "REFERRALS"), partnership, by)
}

func figuresBy(of, partnership string, by []any) operation {
	variables := map[string]any{"of": of, "by": append([]any{}, by...), "partnership": nil}
	if partnership != "" {
		variables["partnership"] = partnership
	}
	return operation{text: guardedFigures, variables: variables, figures: true}
}

// modelled reports whether the model must say what figures are: an operator of what the viewer may read counts
// nothing that the viewer may not read.
func (c *lawful) modelled(o operation) bool {
	partnership, named := o.variables["partnership"].(string)
	if !o.figures || c.forbidden(o) || c.sight.Refused() {
		return false
	}
	return c.viewer.Role == "ANALYST" || named && c.degree("partnerships", partnership) == "SHOWN"
}

// tryFigures holds figures against the model.
func (c *lawful) tryFigures(o operation, got reply) {
	partnership, _ := o.variables["partnership"].(string)
	var by []string
	for _, dimension := range anyList(o.variables["by"]) {
		by = append(by, dimension.(string))
	}
	want, telling := c.sight.Figures(o.variables["of"].(string), partnership, by)
	var listed []string
	for _, cell := range anyList(got.data["figures"]) {
		cell := cell.(map[string]any)
		key := joined(cell, by)
		listed = append(listed, key)
		if wrong := wrongFigure(want[key], cell["count"], telling); wrong != "" {
			c.complain(o, "%s: %s", key, wrong)
		}
	}
	if ordered := slices.Clone(listed); len(listed) != len(want) || got.refusal != nil {
		c.complain(o, "expected %d cells, got %v %v", len(want), listed, got.refusal)
	} else if slices.SortFunc(ordered, nullsLast); !slices.Equal(ordered, listed) {
		c.complain(o, "the cells are not in order: %v", listed)
	}
}

// wrongFigure says what is wrong with a count, "" for nothing. What the viewer may read all of is always told.
func wrongFigure(want naive.Figure, count any, telling bool) string {
	switch {
	case want.Count == 0 && count != 0.0:
		return fmt.Sprintf("expected no such cell, got %v", count)
	case !telling && want.Count > 0 && count != nil:
		return fmt.Sprintf("expected no count beside a larger partnership, got %v", count)
	case want.Unknown > 0 && want.Unknown < tooFew && count != nil:
		return fmt.Sprintf("expected no count of %d unknown records, got %v", want.Unknown, count)
	case count != nil && count != float64(want.Count):
		return fmt.Sprintf("expected %d, got %v", want.Count, count)
	case count == nil && want.Unknown == 0 && telling:
		return fmt.Sprintf("expected %d, which the viewer may read, and was not told", want.Count)
	}
	return ""
}

// joined are the values of a cell.
func joined(cell map[string]any, by []string) string {
	var values []string
	for _, dimension := range by {
		value, _ := cell[strings.ToLower(dimension)].(string)
		values = append(values, value)
	}
	return strings.Join(values, "|")
}

func nullsLast(a, b string) int {
	stated := func(values string) []string {
		all := strings.Split(values, "|")
		for i, value := range all {
			if value == "" {
				all[i] = "\U0010FFFF"
			}
		}
		return all
	}
	return slices.Compare(stated(a), stated(b))
}

// audit asks for figures by everything that they can be counted by, and looks for small numbers that follow from what
// is told.
func (c *lawful) audit() {
	if c.sight.Refused() {
		return
	}
	of := c.oneOf("CUSTOMERS", "REFERRALS", "OPPORTUNITIES")
	if c.viewer.Role == "ANALYST" {
		c.auditOf(of, "")
	}
	for _, p := range c.told["partnerships"][:min(2, len(c.told["partnerships"]))] {
		if c.viewer.Role == "PARTNER" {
			c.auditOf(of, p["id"])
		}
	}
}

func (c *lawful) auditOf(of, partnership string) {
	told := naive.Told{}
	for _, table := range []string{"", "S", "I", "C", "SI", "SC", "IC", "SIC"} {
		var by []any
		for i, letter := range "SIC" {
			if strings.ContainsRune(table, letter) {
				by = append(by, naive.Dimensions[i])
			}
		}
		o := figuresBy(of, partnership, by)
		got := c.full.ask(c.viewer, o.text, o.variables)
		c.tryFigures(o, got)
		told[table] = map[[3]string]int{}
		for _, cell := range anyList(got.data["figures"]) {
			cell := cell.(map[string]any)
			var values [3]string
			copy(values[:], strings.Split(joined(cell, naive.Dimensions), "|"))
			told[table][values] = -1
			if count, is := cell["count"].(float64); is {
				told[table][values] = int(count)
			}
		}
	}
	if _, telling := c.sight.Figures(of, partnership, nil); !telling {
		return // no count was told
	}
	unknown, known := map[[3]string]int{}, map[[3]string]int{}
	finest, _ := c.sight.Figures(of, partnership, naive.Dimensions)
	for key, figure := range finest {
		var values [3]string
		copy(values[:], strings.Split(key, "|"))
		if known[values] = figure.Count - figure.Unknown; figure.Unknown > 0 {
			unknown[values] = figure.Unknown
		}
	}
	for table, cells := range told {
		for values, count := range cells {
			sum := 0
			for finest, n := range unknown {
				if naive.Projected(finest, table) == values {
					sum += n
				}
			}
			if count < 0 && sum > 0 && sum < tooFew && told.Derivable(unknown, known, table, values) {
				c.complain(figuresBy(of, partnership, nil), "that %q holds %d follows from %v", values, sum, told)
			}
		}
	}
}
