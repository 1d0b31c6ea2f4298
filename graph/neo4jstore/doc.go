// Package neo4jstore keeps the graph in a Neo4j server or cluster: the store for shared, larger and
// clustered deployments, with many stateless servers in front.
//
// The graph reads naturally to whoever opens the database: labels, relations and properties are the words
// of the domain (1-graph.md). A node is one node with its properties, what it names is a relation, a list
// keeps its order in the position of its relations. Three things are kept beside, each in the transaction
// of the change: the keys by which lists are ordered (byName, byTier …) and the texts in which a filter
// looks, because the database neither folds nor joins texts as package graph does; the summaries HOLDS and
// REFERRED, which are for readers of the database and which no question of this package rests on; and the
// log, an Event a change.
//
// # Statements
//
// Every statement stands in a .cypher file of its own or is joined from such files when the program
// starts ([statements]); none is made from what a client sent. A question is one statement that returns
// one row. Distances are not taken from the database: it is asked for a little more than the radius, and
// kilometres are measured and cut by [graph.Kilometres], as in every store.
//
// # One moment
//
// The database reads what is committed, not a snapshot, and makes a commit visible bit by bit: properties,
// relations and each index by themselves, in an order that is nobody's to rely on (a text index comes after
// the one by which an event is found). So every read is checked. Before a transaction is committed the node
// Commit is told so, and after it once more, each in a transaction of its own; a read looks at it, and at the
// seq of the log, first and last. Where no commit was under way and none was begun, what lies between is the
// graph at that seq; if not it is read again after a moment, and after a few times with the log locked, so
// that no writer moves ([Store.view]). A writer that dies between the two leaves the commit open: the next
// writer, or the next reader that holds the lock, closes it.
//
// # Viewers
//
// A question has a variant for each role that does not see everything, made of the same text: where a node is
// matched stands SEEN(Kind n) or THERE(Kind n), which the operator's variant leaves out, and which a role's fills
// with a condition from a file seen-*.cypher or there-*.cypher ([sighted]). What the conditions compare with is
// compiled by a statement of its own (access-*.cypher), kept with the seq and the day of which it is, and used
// for as long as every read that goes by it sees that very seq; if one does not, it is compiled anew and the
// question asked again.
//
// # Writing
//
// A transaction takes the lock of the log before it does anything else: writers of all servers pass one
// after the other, so that what a writer has read holds until it commits, and seq is gapless and in commit
// order. Changes are gathered in memory and written when the transaction ends; a rehearsal gathers them
// likewise, takes no lock and writes nothing.
package neo4jstore
