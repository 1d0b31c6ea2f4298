// Package graph is the domain of Valueweb: who can do what, where, for whom, and who trusts whom.
//
// A question travels one way. A resolver hands a question (Gap, PathQuestion, a list) to [Graph]; Graph
// validates it and asks the [Store] for facts in one bounded traversal; pure functions rank, explain and
// page those facts. Ties between partners come from a [Network], an in-memory projection that follows
// the store's log. A store returns facts and never ranks; ranking exists once, here.
//
// The vocabulary is that of the GraphQL schema, the Neo4j labels and the columns of the sheets alike:
// one concept, one word, one basename in every package.
//
// The package imports neither the GraphQL server nor a database driver.
package graph
