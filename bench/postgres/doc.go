// Package postgres is the peer of whoCanFill: PostgreSQL with PostGIS answers the same question with the
// same facts in one prepared statement, on the same rows, laid out for nothing else.
//
// schema.sql says what is worked out beforehand: the closure of the taxonomy, the pairs of holdings and
// offices under every need that they fill, which certification attests which holding, what proves
// something about which need, from when to when things occupy a partner, and the ties of one day. Most of
// this would have to be kept current by whoever wrote to such a database, and its ties hold for no other
// day; the peer is spared both. question.sql is the statement, radius.sql the bare radius query beside it.
package postgres
