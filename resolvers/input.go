package resolvers

import (
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// stated is the value of an argument, its zero value where it is absent or null.
func stated[T any](argument *T) T {
	if argument == nil {
		var zero T
		return zero
	}
	return *argument
}

// orElse is an argument, or a default where it is absent or null.
func orElse[T any](argument *T, otherwise T) *T {
	if argument == nil {
		return &otherwise
	}
	return argument
}

// given is the value of an input field, its zero value where it is absent or null.
func given[T any](field graphql.Omittable[*T]) T { return stated(field.Value()) }

// known refuses values that are not in the schema. The parser of variables takes enum values in any case.
func known[E ~string](field string, values, all []E) error {
	for i, value := range values {
		if slices.Contains(all, value) {
			continue
		}
		e := graph.Invalid(fmt.Sprintf("%s.%d", field, i), "%q is not known here", value)
		for _, right := range all {
			e.Allowed = append(e.Allowed, string(right))
		}
		return e
	}
	return nil
}

// needsOf reads needs; a level that is absent is the lowest.
func needsOf(inputs []*gql.NeedInput) []graph.Need {
	needs := make([]graph.Need, len(inputs))
	for i, input := range inputs {
		needs[i] = graph.Need{Competency: input.Competency, MinLevel: *orElse(input.MinLevel.Value(), 1)}
	}
	return needs
}

func placeInput(input *gql.PlaceInput) graph.Place {
	return graph.Place{
		Customer:    given(input.Customer),
		Site:        given(input.Site),
		Point:       input.Point.Value(),
		Opportunity: given(input.Opportunity),
	}
}
