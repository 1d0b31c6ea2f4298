package resolvers

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// creation is the mutation that is answered, as its client names it.
func creation(ctx context.Context, token graphql.Omittable[*string]) graph.Creation {
	field := graphql.GetFieldContext(ctx)
	c := graph.Creation{Mutation: field.Field.Name, Token: given(token)}
	if c.Token == "" {
		return c
	}
	body, err := json.Marshal(field.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables))
	if err != nil {
		panic(err) // what was read from JSON or a query can be written as JSON
	}
	c.Body = body
	return c
}
