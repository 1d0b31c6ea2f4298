package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"valueweb/graph"
)

// The bounds of a query. They are far above what dashboards and generated clients send, and low enough that no
// query of 100 kB costs more than 20 ms before it is refused (BenchmarkRefusal).
const (
	maxDepth      = 24
	maxAliases    = 250
	maxDirectives = 100
	maxNesting    = 16 // of lists and objects in an argument
	// maxSelections counts fields as they are answered, with every fragment in each of its places.
	maxSelections = 3_000
	// maxComparisons bounds the work of checking that fields of one name can be merged, which grows with the
	// square of how often a name stands in one place, times the square of what is selected below.
	maxComparisons = 100_000
)

// bounds refuse a query whose very check would cost too much, before it is checked. What was checked once is
// known and not measured again.
type bounds struct {
	tokens int
	known  graphql.Cache[*ast.QueryDocument]
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = bounds{}

// ExtensionName names the extension.
func (bounds) ExtensionName() string { return "Bounds" }

// Validate accepts every schema.
func (bounds) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters changes nothing; it refuses a query that is out of bounds. One that cannot be read is
// left to whoever reads it next, and says why.
func (b bounds) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if _, known := b.known.Get(ctx, request.Query); known {
		return nil
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, b.tokens)
	if err != nil {
		return nil
	}
	if excess := excessOf(document); excess != "" {
		refused := gqlerror.Wrap(&graph.Error{Code: graph.CodeCostExceeded, Message: "the query is refused before it is checked: " + excess + "; ask in parts"})
		errcode.Set(refused, errcode.ValidationFailed)
		return refused
	}
	return nil
}

// excessOf says which bound a document exceeds, empty if none.
func excessOf(document *ast.QueryDocument) string {
	m := &measure{fragments: map[string]*ast.FragmentDefinition{}, extents: map[string]extent{}}
	for _, fragment := range document.Fragments {
		m.fragments[fragment.Name] = fragment
	}
	for _, operation := range document.Operations {
		m.applied(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			m.applied(variable.Directives)
			m.nesting = max(m.nesting, nestingOf(variable.DefaultValue))
		}
		m.count(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		m.applied(fragment.Directives)
		m.count(fragment.SelectionSet)
	}
	switch {
	case m.directives > maxDirectives:
		return "it has more than 100 directives"
	case m.aliases > maxAliases:
		return "it has more than 250 aliases"
	case m.nesting > maxNesting:
		return "an argument nests more than 16 lists or objects"
	}
	var all extent
	for _, operation := range document.Operations {
		all = all.beside(m.extent(operation.SelectionSet))
	}
	for _, fragment := range document.Fragments { // one that nobody uses is checked, too
		all = all.beside(m.fragment(fragment.Name))
	}
	switch {
	case all.depth > maxDepth:
		return "it is more than 24 fields deep"
	case all.selections > maxSelections:
		return "it selects more than 3,000 fields, fragments counted wherever they are spread"
	}
	for _, operation := range document.Operations {
		m.compare(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		m.compare(fragment.SelectionSet)
	}
	if m.comparisons > maxComparisons {
		return "it selects fields of one name too often in one place"
	}
	return ""
}

// measure takes the size of a document.
type measure struct {
	fragments                        map[string]*ast.FragmentDefinition
	extents                          map[string]extent // of fragments
	directives, aliases, comparisons int
	nesting                          int
}

// extent is how deep a selection is, and how many fields it has. It stops growing beyond its bounds.
type extent struct{ depth, selections int }

func (e extent) beside(other extent) extent {
	return extent{max(e.depth, other.depth), min(e.selections+other.selections, maxSelections+1)}
}

// count adds up what stands in the text.
func (m *measure) count(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias != s.Name {
				m.aliases++
			}
			m.arguments(s.Arguments)
			m.applied(s.Directives)
			m.count(s.SelectionSet)
		case *ast.InlineFragment:
			m.applied(s.Directives)
			m.count(s.SelectionSet)
		case *ast.FragmentSpread:
			m.applied(s.Directives)
		}
	}
}

// applied counts directives.
func (m *measure) applied(directives ast.DirectiveList) {
	m.directives += len(directives)
	for _, directive := range directives {
		m.arguments(directive.Arguments)
	}
}

// arguments takes the nesting of what is passed.
func (m *measure) arguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		m.nesting = max(m.nesting, nestingOf(argument.Value))
	}
}

func nestingOf(value *ast.Value) int {
	if value == nil {
		return 0
	}
	deepest := 0
	for _, child := range value.Children {
		deepest = max(deepest, 1+nestingOf(child.Value))
	}
	return deepest
}

// extent is that of a selection with all of its fragments.
func (m *measure) extent(set ast.SelectionSet) extent {
	var all extent
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			below := m.extent(s.SelectionSet)
			all = all.beside(extent{below.depth + 1, below.selections + 1})
		case *ast.InlineFragment:
			all = all.beside(m.extent(s.SelectionSet))
		case *ast.FragmentSpread:
			spread := m.fragment(s.Name)
			all = all.beside(extent{spread.depth, spread.selections + 1})
		}
	}
	return all
}

// fragment is the extent of a fragment. One that spreads itself, which the check refuses, ends there.
func (m *measure) fragment(name string) extent {
	if known, ok := m.extents[name]; ok {
		return known
	}
	m.extents[name] = extent{}
	if fragment := m.fragments[name]; fragment != nil {
		m.extents[name] = m.extent(fragment.SelectionSet)
	}
	return m.extents[name]
}

// compare adds up the pairs of fields that have one name in one place, weighted by what is below them.
func (m *measure) compare(set ast.SelectionSet) {
	if m.comparisons > maxComparisons {
		return
	}
	places := map[string]repeated{}
	m.gather(set, places, map[string]bool{})
	for _, r := range places {
		m.comparisons += r.times * (r.times - 1) / 2 * (1 + r.below*r.below)
	}
	var down func(set ast.SelectionSet)
	down = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if len(s.SelectionSet) > 0 {
					m.compare(s.SelectionSet)
				}
			case *ast.InlineFragment:
				down(s.SelectionSet)
			}
		}
	}
	down(set)
}

// repeated is how often a name stands in a place, and the most that is selected below one of them.
type repeated struct{ times, below int }

// gather adds the fields of a place, those of its fragments included.
func (m *measure) gather(set ast.SelectionSet, places map[string]repeated, spread map[string]bool) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			r := places[s.Alias]
			places[s.Alias] = repeated{r.times + 1, max(r.below, m.extent(s.SelectionSet).selections)}
		case *ast.InlineFragment:
			m.gather(s.SelectionSet, places, spread)
		case *ast.FragmentSpread:
			if fragment := m.fragments[s.Name]; fragment != nil && !spread[s.Name] {
				spread[s.Name] = true
				m.gather(fragment.SelectionSet, places, spread)
			}
		}
	}
}
