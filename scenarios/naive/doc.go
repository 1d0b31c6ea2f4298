// Package naive answers whoCanFill and paths by the plainest loops over all
// facts: no index, no store, no code shared with the product. Its only worth is
// that it is obviously what the specification says, so that an answer of the
// product can be held against it on worlds nobody has looked at by hand.
//
// Load reads a world from its sheets, (*World).WhoCanFill and (*World).Paths
// answer GraphQL variables with plain JSON-like values, Compare holds two
// answers against each other, Random and RandomQuestions make small nasty
// worlds and questions about them.
//
// See says what a viewer sees of a world, as docs/access.md defines it: the sheets
// without what is hidden, and those without what it may not read or is not told.
// RandomGuarded makes worlds in which that is another part for everybody.
//
// Every date is an ISO 8601 string, "" where none is stated: such strings order
// as the dates do.
package naive
