// Package bench holds the product beside its peers on worlds of realistic size and skew. It draws
// questions, has contestants answer them in alternating rounds of one run, holds their answers against
// each other and prints one table; docs/performance.md keeps the last one. Package main in
// bench/whocanfill is the command that `make bench` runs; the peers are packages of their own beside it.
//
// The benchmarks of this package itself measure the question without HTTP and without a peer, in a
// second. No figure in here is a test that can fail; a wrong answer is.
package bench
