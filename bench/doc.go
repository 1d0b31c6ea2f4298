// Package bench measures what users wait for, on worlds of realistic size and skew. `make bench` runs it;
// docs/performance.md keeps the last table. No figure in it is a test that can fail.
package bench
