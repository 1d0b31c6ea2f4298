package resolvers

import (
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"valueweb/internal/gql"
)

// SDL is the schema as it was written, for /schema.graphqls.
func SDL() string {
	return gql.NewExecutableSchema(gql.Config{}).Schema().Query.Position.Src.Input
}

// schema is what requests are checked against: what was written, without the @defer that the parser adds
// by itself and that no transport here can answer.
var schema = sync.OnceValue(func() *ast.Schema {
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: SDL()})
	delete(schema.Directives, "defer")
	return schema
})

// executable joins the schema to its resolvers.
func executable(resolvers *root) graphql.ExecutableSchema {
	return gql.NewExecutableSchema(gql.Config{Schema: schema(), Resolvers: resolvers})
}
