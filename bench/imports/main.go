// Command imports measures imports: of both stores, and on Neo4j of the bare driver, which writes the same
// nodes, relations, summaries and events in the same batches. It prints a Markdown table for
// docs/performance.md.
//
//	VALUEWEB_WORLD        a folder of sheets; by default world alliance is generated into a temporary one
//	VALUEWEB_BENCH_TIMES  how many times each imports, in turns, 3 by default
//
// The bare driver is handed its batches ready made: they are recorded from an import by the store. It reads no
// sheets, looks for nothing that is there already, checks nothing and takes no lock.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/sheet"
	"valueweb/internal/world"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := measure(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "imports:", err)
		os.Exit(1)
	}
}

// contestant imports the sheets into an empty store, and says how long that took.
type contestant struct {
	name string
	run  func(ctx context.Context) (time.Duration, error)
}

func measure(ctx context.Context) (err error) {
	times := 3
	if text := os.Getenv("VALUEWEB_BENCH_TIMES"); text != "" {
		if times, err = strconv.Atoi(text); err != nil || times < 1 {
			return fmt.Errorf("VALUEWEB_BENCH_TIMES: %q is no number of times", text)
		}
	}
	temporary, err := os.MkdirTemp("", "valueweb-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	sheets := os.Getenv("VALUEWEB_WORLD")
	if sheets == "" {
		sheets = filepath.Join(temporary, "sheets")
		if err := world.Generate("alliance", 1, world.Dir(sheets, false)); err != nil {
			return err
		}
	}
	database, err := startDatabase(ctx, sheets)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.close()) }()
	rows, err := database.record(ctx)
	if err != nil {
		return err
	}
	return compare(ctx, rows, times, []contestant{
		{"bare driver, UNWIND batches", database.replay},
		{"Valueweb, Neo4j", database.imported},
		{"Valueweb, embedded, durable", func(ctx context.Context) (time.Duration, error) { return intoDirectory(ctx, temporary, sheets) }},
	})
}

// compare has all import in turns, and prints what each did at best and on average.
func compare(ctx context.Context, rows, times int, contestants []contestant) error {
	took := make([][]time.Duration, len(contestants))
	for range times {
		for i, c := range contestants {
			fmt.Fprintln(os.Stderr, "…", c.name)
			elapsed, err := c.run(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			took[i] = append(took[i], elapsed)
		}
	}
	fmt.Printf("| import of %d rows | rows/s, of all turns | rows/s, each turn | to the bare driver |\n|---|---|---|---|\n", rows)
	bare := total(took[0])
	for i, c := range contestants {
		fmt.Printf("| %s | %.0f |", c.name, float64(rows*times)/total(took[i]).Seconds())
		for _, one := range took[i] {
			fmt.Printf(" %.0f", float64(rows)/one.Seconds())
		}
		fmt.Printf(" | %.2f × |\n", bare.Seconds()/total(took[i]).Seconds())
	}
	return nil
}

func total(all []time.Duration) (sum time.Duration) {
	for _, one := range all {
		sum += one
	}
	return sum
}

// intoDirectory imports into a new data directory.
func intoDirectory(ctx context.Context, temporary, sheets string) (took time.Duration, err error) {
	directory, err := os.MkdirTemp(temporary, "store-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(directory)
	store, err := embedded.Open(ctx, directory, embedded.Options{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	_, took, err = importInto(ctx, store, sheets)
	return took, err
}

// importInto imports sheets of which every row must be right.
func importInto(ctx context.Context, store graph.Store, sheets string) (rows int, took time.Duration, err error) {
	sources, err := sheet.Files(sheets)
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	report, err := sheet.Import(ctx, store, graph.Operator, sources, sheet.Options{})
	took = time.Since(begin)
	if err == nil && report.Totals.Added+report.Totals.Merged != report.Totals.Rows {
		err = fmt.Errorf("%+v: every row is to be added", report.Totals)
	}
	return report.Totals.Rows, took, err
}
