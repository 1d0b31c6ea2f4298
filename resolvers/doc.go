// Package resolvers answers GraphQL: it turns the arguments of a field into a question of package graph and
// the answer into what the schema says. It knows nothing that the domain does not; ranking, paging and
// access are below it.
//
// A field that names other nodes loads them for all rows of the answer at once (batch.go). Failures are
// presented in one place (errors.go). [NewServer] puts the parts together.
package resolvers
