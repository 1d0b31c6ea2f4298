package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"valueweb/bench"
	"valueweb/bench/postgres"
)

// field is all who take part. The answers of the first entry are those that the others must give.
type field struct {
	sheets    string
	temporary string // a directory for whatever they need
	entries   []bench.Entry
	ends      []func() error // in the order in which they were started
}

// enter starts the contestants. A further one is a method beside these in a file of its own, and its name
// in this list.
func (f *field) enter(ctx context.Context) error {
	for _, one := range []struct {
		name  string
		enter func(context.Context) error
	}{{"postgres", f.enterPostgres}, {"embedded", f.enterEmbedded}, {"neo4j", f.enterNeo4j}} {
		if named := os.Getenv(fieldVariable); named != "" && !slices.Contains(strings.Split(named, ","), one.name) {
			continue
		}
		if err := one.enter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// fieldVariable names who takes part, separated by commas.
const fieldVariable = "VALUEWEB_BENCH_FIELD"

// clients are the numbers of clients by which a contestant is asked.
var clients = []int{1, 4}

func (f *field) add(c bench.Contestant, unlike bool) {
	for _, n := range clients {
		f.entries = append(f.entries, bench.Entry{Contestant: c, Clients: n, Unlike: unlike})
	}
}

func (f *field) enterPostgres(ctx context.Context) error {
	progress("load PostgreSQL")
	cluster, err := postgres.Start(ctx)
	if err != nil {
		return err
	}
	f.ends = append(f.ends, cluster.Stop)
	address, err := cluster.Load(ctx, "world", f.sheets, bench.AsOf)
	if err != nil {
		return err
	}
	question, err := postgres.Question(ctx, address, slices.Max(clients))
	if err != nil {
		return err
	}
	f.ends = append(f.ends, closing(question))
	radius, err := postgres.Radius(ctx, address, slices.Max(clients))
	if err != nil {
		return err
	}
	f.ends = append(f.ends, closing(radius))
	f.add(question, false)
	f.add(radius, true)
	return nil
}

func closing(c *postgres.Contestant) func() error {
	return func() error {
		c.Close()
		return nil
	}
}

func (f *field) enterEmbedded(ctx context.Context) error {
	store, err := storeOf(ctx, f.sheets, f.temporary)
	if err != nil {
		return err
	}
	progress("start the server")
	s, err := start(ctx, store)
	if err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	f.ends = append(f.ends, s.stop)
	for _, as := range []struct {
		title   string
		fields  bench.Selection
		partner bool
	}{{"Valueweb over HTTP, embedded", bench.Facts, false}, {"the same, as the partner that asks", bench.Facts, true}, {"the same, terms alone", bench.Terms, false}} {
		f.add(&bench.GraphQL{
			Title: as.title, URL: s.url + "/graphql", Selection: as.fields, AsPartner: as.partner, Client: s.client, Server: s.spent,
		}, as.partner)
	}
	return nil
}

// close ends the contestants, the last first.
func (f *field) close() error {
	var err error
	for _, end := range slices.Backward(f.ends) {
		err = errors.Join(err, end())
	}
	return err
}
