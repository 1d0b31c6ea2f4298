// Command whocanfill measures the main question on world m: over HTTP through the product on both stores,
// through PostgreSQL, and through hand-written Cypher. It prints a Markdown table for docs/performance.md.
//
//	VALUEWEB_WORLD          a folder of sheets; by default world m is generated into a temporary one
//	VALUEWEB_BENCH_STORE    a data directory that holds that world already, of which a copy is served; by
//	                        default the sheets are imported into a temporary one
//	VALUEWEB_BENCH_NEO4J    the folder of a Neo4j that holds that world already, or keeps it for the next run;
//	                        by default a temporary one. VALUEWEB_NEO4J_URI names a running server instead
//	VALUEWEB_BENCH_FIELD    who takes part: some of postgres,embedded,neo4j; by default all
//	VALUEWEB_BENCH_TIMES    how many times every contestant answers the questions, 5 by default
//	VALUEWEB_BENCH_PROFILE  a file for a profile of the product's CPU time while it is measured
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"valueweb/bench"
)

// questions is how many questions there are.
const questions = 400

// seed draws the questions.
const seed = 1

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	run := measure
	if address := os.Getenv(serveVariable); address != "" {
		run = serve
	}
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "whocanfill:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context) (err error) {
	times, err := timesOf(os.Getenv("VALUEWEB_BENCH_TIMES"))
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "valueweb-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	sheets, err := sheetsOf(temporary)
	if err != nil {
		return err
	}
	all, err := bench.Draw(sheets, questions, seed)
	if err != nil {
		return err
	}
	field := &field{sheets: sheets, temporary: temporary}
	defer func() { err = errors.Join(err, field.close()) }()
	if err := field.enter(ctx); err != nil {
		return err
	}
	progress("measure")
	results, answers, err := bench.Measure(ctx, field.entries, all, times)
	if err != nil {
		return err
	}
	bench.Print(os.Stdout, results, answers)
	return nil
}

func timesOf(text string) (int, error) {
	if text == "" {
		return 5, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("VALUEWEB_BENCH_TIMES: %q is no number of times", text)
	}
	return n, nil
}

// progress says what is being done now.
func progress(doing string) { fmt.Fprintln(os.Stderr, "…", doing) }
