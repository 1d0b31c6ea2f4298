package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/fxamacker/cbor/v2"
	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// posting is the nth opportunity.
func posting(n int) *graph.Opportunity {
	return &graph.Opportunity{
		Meta: graph.Meta{ID: fmt.Sprintf("o%07d", (n*7919)%10_000_000)}, Title: "Opportunity " + strconv.Itoa(n), Point: &graph.Point{Lat: 45.7, Lng: 4.8},
		Needs: []graph.Need{{Competency: "work", MinLevel: 1}}, Owner: "acme", Stage: graph.Prospect, PostedOn: graph.NewDate(2026, 11, 22),
		Audience: graph.Audience{Kind: graph.AudienceAll}, PostedBy: "PARTNER:acme",
	}
}

// posted is the event of an opportunity.
func posted(o *graph.Opportunity) graph.Event {
	return graph.Event{Type: "opportunity.posted", Subject: o.GID(), Changes: []string{o.GID()}, Fields: []string{"title", "point", "needs", "audience"}}
}

// around is what the opportunities name.
func around() []graph.Node {
	return []graph.Node{
		&graph.Competency{Meta: graph.Meta{ID: "work"}, Name: "Work"},
		&graph.Partner{Meta: graph.Meta{ID: "acme"}, Name: "Acme", Status: graph.Active},
	}
}

// through writes changes through a store.
func through(ctx context.Context, name string, store graph.Store, end func() error) (contestant, error) {
	put := func(ctx context.Context, nodes []graph.Node, event graph.Event) error {
		_, err := store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			refusals, err := tx.Put(ctx, nodes)
			for _, refusal := range refusals {
				if refusal != nil {
					return refusal
				}
			}
			if err != nil {
				return err
			}
			return tx.Log(ctx, event)
		})
		return err
	}
	c := contestant{name: name, close: end}
	c.write = func(ctx context.Context, n int) error {
		o := posting(n)
		return put(ctx, []graph.Node{o}, posted(o))
	}
	c.count = func(ctx context.Context) (int, error) {
		status, err := store.Status(ctx, graph.Operator)
		return status.Counts[graph.KindOpportunity], err
	}
	return c, put(ctx, around(), graph.Event{Type: graph.EventImportApplied})
}

// directory is the embedded store.
func directory(ctx context.Context, temporary string) (contestant, error) {
	path, err := os.MkdirTemp(temporary, "store-")
	if err != nil {
		return contestant{}, err
	}
	store, err := embedded.Open(ctx, path, embedded.Options{})
	if err != nil {
		return contestant{}, err
	}
	return through(ctx, "Valueweb, embedded", store, store.Close)
}

// bareFile is bbolt by itself: one transaction a change, or as many as meet in a batch of its own.
func bareFile(temporary, name string, batch bool) (contestant, error) {
	db, err := bolt.Open(filepath.Join(temporary, name), 0o600, nil)
	if err != nil {
		return contestant{}, err
	}
	nodes, log := []byte("nodes"), []byte("log")
	update := db.Update
	if batch {
		update = db.Batch
	}
	c := contestant{name: name, close: db.Close}
	c.write = func(_ context.Context, n int) error {
		o := posting(n)
		node, err := cbor.Marshal(o)
		if err != nil {
			return err
		}
		event, err := cbor.Marshal(posted(o))
		if err != nil {
			return err
		}
		return update(func(tx *bolt.Tx) error {
			seq, err := tx.Bucket(log).NextSequence()
			if err != nil {
				return err
			}
			if err := tx.Bucket(log).Put(binary.BigEndian.AppendUint64(nil, seq), event); err != nil {
				return err
			}
			return tx.Bucket(nodes).Put([]byte(o.ID), node)
		})
	}
	c.count = func(context.Context) (n int, err error) {
		err = db.View(func(tx *bolt.Tx) error {
			n = tx.Bucket(nodes).Stats().KeyN
			return nil
		})
		return n, err
	}
	return c, db.Update(func(tx *bolt.Tx) error {
		if _, err := tx.CreateBucket(nodes); err != nil {
			return err
		}
		_, err := tx.CreateBucket(log)
		return err
	})
}
