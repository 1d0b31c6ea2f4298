// Command writes measures how many changes a second are acknowledged, each a transaction of its own that is durable
// then, with 1, 4 and 16 writers at once: by both stores, by bare bbolt and by the bare Neo4j driver. It prints a
// Markdown table for docs/performance.md.
//
//	VALUEWEB_BENCH_CHANGES  how many each writes with so many writers, 600 by default
//	VALUEWEB_BENCH_NEO4J    "no" leaves those out that need a Neo4j
//
// A change posts an opportunity: one node, what it names, and one event. The bare ones are handed their bytes or
// properties ready made: they number the event, and check and index nothing but what is unique.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := measure(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "writes:", err)
		os.Exit(1)
	}
}

// contestant writes changes.
type contestant struct {
	name string
	// write makes the nth change, and returns once it is durable.
	write func(ctx context.Context, n int) error
	// count is the number of changes that are there.
	count func(ctx context.Context) (int, error)
	close func() error
}

// writers are the numbers of writers at once.
var writers = []int{1, 4, 16}

func measure(ctx context.Context) (err error) {
	changes := 600
	if text := os.Getenv("VALUEWEB_BENCH_CHANGES"); text != "" {
		if changes, err = strconv.Atoi(text); err != nil || changes < 1 {
			return fmt.Errorf("VALUEWEB_BENCH_CHANGES: %q is no number of changes", text)
		}
	}
	temporary, err := os.MkdirTemp("", "valueweb-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	var all []contestant
	defer func() {
		for _, c := range slices.Backward(all) {
			err = errors.Join(err, c.close())
		}
	}()
	opens := []func() (contestant, error){
		func() (contestant, error) { return bareFile(temporary, "bare bbolt, Update", false) },
		func() (contestant, error) { return bareFile(temporary, "bare bbolt, Batch", true) },
		func() (contestant, error) { return directory(ctx, temporary) },
	}
	if os.Getenv("VALUEWEB_BENCH_NEO4J") != "no" {
		opens = append(opens,
			func() (contestant, error) { return inNeo4j(ctx) }, // first: it takes an empty database only
			func() (contestant, error) { return bareDriver(ctx) },
		)
	}
	for _, open := range opens {
		c, err := open()
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	return compare(ctx, all, changes)
}

// turns is in how many turns each contestant writes its changes.
const turns = 3

// compare has all write in turns, and prints what each did.
func compare(ctx context.Context, all []contestant, changes int) error {
	fmt.Println("| changes that are durable when acknowledged | writers | changes/s | p50 | p99 |\n|---|---|---|---|---|")
	written := 0
	for _, c := range all { // unmeasured: plans are made, files grow
		if _, _, err := turn(ctx, c, 1, 0, changes/4); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	written += changes / 4
	for _, at := range writers {
		took, elapsed := make([][]time.Duration, len(all)), make([]time.Duration, len(all))
		for range turns {
			for i, c := range all {
				each, whole, err := turn(ctx, c, at, written, changes/turns)
				if err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				took[i], elapsed[i] = append(took[i], each...), elapsed[i]+whole
			}
			written += changes / turns
		}
		for i, c := range all {
			slices.Sort(took[i])
			fmt.Printf("| %s | %d | %.0f | %.2f ms | %.2f ms |\n", c.name, at, float64(len(took[i]))/elapsed[i].Seconds(),
				took[i][len(took[i])/2].Seconds()*1000, took[i][len(took[i])*99/100].Seconds()*1000)
		}
	}
	for _, c := range all {
		if n, err := c.count(ctx); err != nil || n != written {
			return fmt.Errorf("%s: %d changes are there of %d, %v", c.name, n, written, err)
		}
	}
	return nil
}

// turn has some writers at once write changes from the nth on, and returns how long each change took.
func turn(ctx context.Context, c contestant, at, from, changes int) ([]time.Duration, time.Duration, error) {
	var next atomic.Int64
	took := make([]time.Duration, changes)
	group, ctx := errgroup.WithContext(ctx)
	begin := time.Now()
	for range at {
		group.Go(func() error {
			for {
				n := int(next.Add(1)) - 1
				if n >= changes {
					return nil
				}
				start := time.Now()
				if err := c.write(ctx, from+n); err != nil {
					return err
				}
				took[n] = time.Since(start)
			}
		})
	}
	err := group.Wait()
	return took, time.Since(begin), err
}
