package scenarios

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// comparable is what of some answers must be the same on both sides: not the cursors.
func (c *lawful) comparable(replies []reply) any {
	var all []any
	for _, r := range replies {
		all = append(all, map[string]any{"data": withoutCursors(any(r.data)), "refusal": any(r.refusal)})
	}
	return all
}

func withoutCursors(v any) any {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, value := range v {
			if name != "startCursor" && name != "endCursor" {
				kept[name] = withoutCursors(value)
			}
		}
		return kept
	case []any:
		kept := make([]any, len(v))
		for i, value := range v {
			kept[i] = withoutCursors(value)
		}
		return kept
	}
	return v
}

// expected are the answers that the viewer must get.
func (c *lawful) expected(asked operation) any {
	if asked.question && c.readsArguments(asked.variables) {
		return c.masked(asked, c.visible.pages(operator, asked))
	}
	return c.masked(asked, c.readable.pages(operator, asked))
}

// masked are an operator's answers without what the viewer is not told of the nodes in them.
func (c *lawful) masked(asked operation, replies []reply) any {
	answers := c.comparable(replies)
	if c.viewer.Role == "ANALYST" {
		withoutSharing(answers)
	}
	if asked.question && c.viewer != operator {
		for _, answer := range answers.([]any) {
			c.maskRefusal(asked, answer.(map[string]any)["refusal"].(map[string]any))
			data, _ := answer.(map[string]any)["data"].(map[string]any)
			for _, field := range []string{"whoCanFill", "paths"} {
				if question, ok := data[field].(map[string]any); ok {
					c.maskQuestion(question)
				}
			}
		}
	}
	return answers
}

// withoutSharing takes from partnerships what they share. An operator is told what the level implies also where
// nothing is stated, and an analyst is not.
func withoutSharing(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, asked := v["dataSharing"]; asked {
			v["dataSharing"] = nil
		}
		for _, value := range v {
			withoutSharing(value)
		}
	case []any:
		for _, value := range v {
			withoutSharing(value)
		}
	}
}

// differences lists how an answer differs from the wanted one. Sums may be added up in another order.
func differences(want, got any) []string { return differ("", want, got) }

func differ(path string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || (w == nil) != (g == nil) || !slices.Equal(slices.Sorted(maps.Keys(w)), slices.Sorted(maps.Keys(g))) {
			break
		}
		var all []string
		for _, name := range slices.Sorted(maps.Keys(w)) {
			all = append(all, differ(path+"."+name, w[name], g[name])...)
		}
		return all
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			break
		}
		var all []string
		for i := range w {
			all = append(all, differ(path+"."+strconv.Itoa(i), w[i], g[i])...)
		}
		return all
	}
	if reflect.DeepEqual(want, got) || close9(want, got) {
		return nil
	}
	return []string{fmt.Sprintf("%s: expected %s, got %s", strings.TrimPrefix(path, "."), short(want), short(got))}
}

// close9 reports whether two values are numbers, or texts of numbers, that differ by rounding only.
func close9(want, got any) bool {
	a, aIs := numberOf(want)
	b, bIs := numberOf(got)
	return aIs && bIs && math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		f, err := strconv.ParseFloat(v, 64)
		return f, err == nil && strings.Contains(v, ".") && !strings.HasSuffix(v, ".25") // amounts are exact
	}
	return 0, false
}

func short(v any) string {
	text, _ := json.Marshal(v)
	if len(text) > 1500 {
		return string(text[:1500]) + "…"
	}
	return string(text)
}
