package resolvers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// nested is a query whose fields stand so deep.
func nested(depth int) string {
	return "{ partners { nodes {" + strings.Repeat(" partOf {", depth-3) + " id" + strings.Repeat(" }", depth-3) + " } } }"
}

// doubling is a query of a few lines whose fragments spread each other twice, so many times over.
func doubling(times int) string {
	var text strings.Builder
	text.WriteString("{ partners { nodes { ...f0 } } }\n")
	for i := range times {
		fmt.Fprintf(&text, "fragment f%d on Partner { ...f%d ...f%d }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "fragment f%d on Partner { id }", times)
	return text.String()
}

// towering is doubling with a field a storey, so that nothing is spread twice in one place.
func towering(times int) string {
	var text strings.Builder
	text.WriteString("{ partners { nodes { ...f0 } } }\n")
	for i := range times {
		fmt.Fprintf(&text, "fragment f%d on Partner { a: partOf { ...f%d } b: partOf { ...f%d } }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "fragment f%d on Partner { id }", times)
	return text.String()
}

func repeatedly(text string, times int) string { return strings.Repeat(text, times) }

func aliased(times int) string {
	var text strings.Builder
	for i := range times {
		fmt.Fprintf(&text, " a%d: id", i)
	}
	return text.String()
}

func TestAQueryOutOfBoundsIsRefusedBeforeItIsChecked(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		in := func(fields string) string { return "{ partners { nodes {" + fields + " } } }" }
		for name, c := range map[string]struct{ query, says string }{
			"as deep as may be":              {nested(maxDepth), ""},
			"too deep":                       {nested(maxDepth + 1), "deep"},
			"too deep in a fragment":         {"{ partners { nodes { ...f } } } fragment f on Partner {" + repeatedly(" partOf {", maxDepth) + " id" + repeatedly(" }", maxDepth) + " }", "deep"},
			"too deep in what nobody asks":   {"query a { partners { nodes { id } } } query b " + nested(maxDepth+1), "deep"},
			"as many aliases as may be":      {in(aliased(maxAliases)), ""},
			"too many aliases":               {in(aliased(maxAliases + 1)), "aliases"},
			"as many directives as may be":   {in(" id" + repeatedly(" @include(if: true)", 1) + repeatedly(" ... @include(if: true) { id }", maxDirectives-1)), ""},
			"too many directives":            {in(repeatedly(" ... @include(if: true) { id }", maxDirectives+1)), "directives"},
			"lists in lists":                 {"{ nodes(gids: " + repeatedly("[", maxNesting+2) + repeatedly("]", maxNesting+2) + ") { id } }", "nests"},
			"objects in a default":           {"query($a: GapInput = " + repeatedly("{a: ", maxNesting+1) + "1" + repeatedly("}", maxNesting+1) + ") { partners { nodes { id } } }", "nests"},
			"fragments that double":          {doubling(20), "3,000 fields"},
			"fragments that tower":           {towering(14), "3,000 fields"},
			"one field a hundred times":      {in(repeatedly(" id", 100)), ""},
			"one field a thousand times":     {in(repeatedly(" id", 1000)), "too often"},
			"objects of one name":            {in(repeatedly(" partOf { id name kind tier status }", 120)), "too often"},
			"a fragment that spreads itself": {"{ partners { nodes { ...f } } } fragment f on Partner { partOf { ...f } }", "Cannot spread"},
		} {
			text, _ := json.Marshal(map[string]any{"query": c.query, "operationName": map[bool]any{true: "a"}[strings.HasPrefix(c.query, "query a")]})
			a := f.send(t, httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(text)))
			switch {
			case c.says == "" && len(a.Errors) > 0:
				t.Errorf("%s: %v", name, a.Errors)
			case c.says != "" && (len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, c.says)):
				t.Errorf("%s: %.300v, expected: %s", name, a.Errors, c.says)
			case c.says != "" && c.says != "Cannot spread" && a.Errors[0].Extensions["code"] != string(graph.CodeCostExceeded):
				t.Errorf("%s: %v", name, a.Errors[0].Extensions)
			}
		}
	})
}

// BenchmarkRefusal is what a query costs that is as long as may be and refused, or just not refused: the worst that
// were found.
func BenchmarkRefusal(b *testing.B) {
	store := embedded.Memory(embedded.Options{})
	defer store.Close()
	g := &graph.Graph{Store: store, Clock: time.Now}
	server := NewServer(g, slog.New(slog.DiscardHandler), Options{})
	in := func(fields string) string { return "{ partners { nodes {" + fields + " } } }" }
	distinct := func(n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, " x%d", i)
		}
		return text.String()
	}
	for name, query := range map[string]string{
		"unknown fields":       in(distinct(2_900)),
		"one field":            in(repeatedly(" id", 440)),
		"one field, too often": in(repeatedly(" id", 7_400)),
		"objects of one name":  in(repeatedly(" partOf { id name kind tier status }", 80)),
		"objects of objects":   in(repeatedly(" partOf {"+repeatedly(" partOf { id name kind }", 6)+" }", 10)),
		"fragments, doubling":  doubling(400),
		"fragments, towering":  towering(10),
		"many fragments":       manyFragments(900),
		"deep braces":          "{" + repeatedly(" a {", 7_000),
		"a long text":          `{ partner(id: "` + repeatedly("x", 100_000) + `") { id } }`,
		"a long list":          `{ nodes(gids: [` + repeatedly(`"a",`, 14_000) + `]) { id } }`,
		"lists in lists":       `{ nodes(gids: ` + repeatedly("[", 7_000) + repeatedly("]", 7_000) + `) { id } }`,
		"directives":           in(" id" + repeatedly(" @include(if: true)", 3_500)),
		"operations":           repeatedly("query { partners { nodes { id } } } ", 1_500),
		"variables":            "query(" + variables(2_900) + ") { partners { nodes { id } } }",
	} {
		b.Run(name, func(b *testing.B) {
			body, _ := json.Marshal(map[string]any{"query": query})
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r.WithContext(WithViewer(r.Context(), graph.Operator)))
				if !strings.Contains(w.Body.String(), "errors") && !strings.Contains(name, "one field") && !strings.Contains(name, "objects") && !strings.Contains(name, "fragments") && name != "a long text" {
					b.Fatalf("it was not refused: %.300s", w.Body)
				}
			}
		})
	}
}

// manyFragments is a query that spreads so many fragments side by side.
func manyFragments(n int) string {
	var text, fragments strings.Builder
	for i := range n {
		fmt.Fprintf(&text, " ...f%d", i)
		fmt.Fprintf(&fragments, "\nfragment f%d on Partner { id }", i)
	}
	return "{ partners { nodes {" + text.String() + " } } }" + fragments.String()
}

func variables(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "$v%d: ID ", i)
	}
	return text.String()
}
