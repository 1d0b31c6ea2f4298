package naive

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// close9 is how near two numbers are to be equal: absolute, or relative above 1.
const close9 = 1e-9

// Compare lists how an answer differs from the wanted one, one line each; none
// is right. Only what is wanted is looked at. rules are those of questions.json:
// `unordered` and `ignore` are lists of paths in which * stands for any element,
// `accept` gives other right values by exact path, `money` compares amounts as
// decimals.
func Compare(want, got any, rules map[string]any) []string {
	return comparison{rules}.at("", plain(want), plain(got))
}

type comparison struct{ rules map[string]any }

func (c comparison) at(path string, want, got any) []string {
	if c.any("ignore", path) {
		return nil
	}
	if others, found := c.others(path); found {
		without := map[string]any{}
		for name, rule := range c.rules {
			if name != "accept" {
				without[name] = rule
			}
		}
		all := append([]any{want}, others...)
		for _, other := range all {
			if len((comparison{without}).at(path, other, got)) == 0 {
				return nil
			}
		}
		return []string{fmt.Sprintf("%s: expected one of %s, got %s", path, short(all), short(got))}
	}
	switch want := want.(type) {
	case map[string]any:
		return c.object(path, want, got)
	case []any:
		return c.list(path, want, got)
	}
	if a, b, both := decimals(want, got); both && c.rules["money"] != nil && strings.HasSuffix(path, ".amount") && a.Cmp(b) == 0 {
		return nil
	}
	a, aNumber := want.(float64)
	b, bNumber := got.(float64)
	if aNumber && bNumber {
		if math.Abs(a-b) <= close9*max(1, math.Abs(a), math.Abs(b)) {
			return nil
		}
		return []string{fmt.Sprintf("%s: expected %v, got %v (off by %.3g)", path, a, b, b-a)}
	}
	if reflect.DeepEqual(want, got) {
		return nil
	}
	return []string{fmt.Sprintf("%s: expected %s, got %s", path, short(want), short(got))}
}

func (c comparison) object(path string, want map[string]any, got any) []string {
	fields, ok := got.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: expected %s, got %s", path, short(want), short(got))}
	}
	var out []string
	for _, name := range sortedKeys(want) {
		here := join(path, name)
		if value, told := fields[name]; told {
			out = append(out, c.at(here, want[name], value)...)
		} else if !c.any("ignore", here) {
			out = append(out, fmt.Sprintf("%s: missing, expected %s", here, short(want[name])))
		}
	}
	return out
}

func (c comparison) list(path string, want []any, got any) []string {
	items, ok := got.([]any)
	if !ok {
		return []string{fmt.Sprintf("%s: expected a list, got %s", path, short(got))}
	}
	if c.any("unordered", path) {
		byName := func(a, b any) int { return cmp.Compare(nameOf(a), nameOf(b)) }
		want, items = slices.Clone(want), slices.Clone(items)
		slices.SortStableFunc(want, byName)
		slices.SortStableFunc(items, byName)
	}
	var out []string
	if len(want) != len(items) {
		out = append(out, fmt.Sprintf("%s: expected %d elements %s, got %d %s", path, len(want), names(want), len(items), names(items)))
	}
	for i := range min(len(want), len(items)) {
		out = append(out, c.at(join(path, strconv.Itoa(i)), want[i], items[i])...)
	}
	return out
}

// any says whether a path fits one of the patterns of a rule.
func (c comparison) any(rule, path string) bool {
	patterns, _ := c.rules[rule].([]any)
	return slices.ContainsFunc(patterns, func(p any) bool {
		pattern, _ := p.(string)
		return fits(pattern, path)
	})
}

func fits(pattern, path string) bool {
	a, b := strings.Split(pattern, "."), strings.Split(path, ".")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != "*" && a[i] != b[i] {
			return false
		}
	}
	return true
}

// others are the further right values at a path.
func (c comparison) others(path string) ([]any, bool) {
	accept, _ := c.rules["accept"].(map[string]any)
	others, found := accept[path].([]any)
	return others, found
}

// nameOf is what an element of an unordered list goes by: the first thing in it
// that names it.
func nameOf(item any) string {
	fields, _ := item.(map[string]any)
	for _, name := range []string{"term", "id"} {
		if s, ok := fields[name].(string); ok {
			return s
		}
	}
	for _, name := range []string{"partner", "need"} {
		if node, ok := fields[name].(map[string]any); ok {
			s, _ := node["id"].(string)
			return s
		}
	}
	text, _ := json.Marshal(item) // maps are written in the order of their keys
	return string(text)
}

func names(items []any) string {
	var out []any
	for _, item := range items {
		out = append(out, nameOf(item))
	}
	return short(out)
}

func decimals(want, got any) (a, b *big.Rat, both bool) {
	x, _ := want.(string)
	y, _ := got.(string)
	a, okA := new(big.Rat).SetString(x)
	b, okB := new(big.Rat).SetString(y)
	return a, b, okA && okB
}

// plain turns a value into what JSON would give: float64, []any, map[string]any.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(text, &out) != nil {
		return v
	}
	return out
}

func short(v any) string {
	text, _ := json.Marshal(v)
	if len(text) < 160 {
		return string(text)
	}
	return string(text[:157]) + "..."
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func sortedKeys(m map[string]any) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
