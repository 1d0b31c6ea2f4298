package main

import (
	"context"
	"errors"
	"os"
	"sync"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph/neo4jstore"
	"valueweb/internal/neo4jserver"
)

// server is the one Neo4j of the run: the bare driver and the store write to it by turns, under labels of their own.
var server = sync.OnceValues(func() (*neo4jserver.Server, error) {
	return neo4jserver.Start(context.Background(), neo4jserver.Options{Heap: "2g", PageCache: "1g", Progress: os.Stderr})
})

// inNeo4j is the store in Neo4j. It is opened while the database is empty, which it insists on.
func inNeo4j(ctx context.Context) (contestant, error) {
	at, err := server()
	if err != nil {
		return contestant{}, err
	}
	store, err := neo4jstore.Open(ctx, neo4jstore.Options{URI: at.URI, User: at.User, Password: at.Password})
	if err != nil {
		return contestant{}, errors.Join(err, at.Stop())
	}
	return through(ctx, "Valueweb, Neo4j", store, func() error { return errors.Join(store.Close(), at.Stop()) })
}

// bareDriver writes by a statement that locks the log, and one that writes the node, what it names and the event.
func bareDriver(ctx context.Context) (contestant, error) {
	at, err := server()
	if err != nil {
		return contestant{}, err
	}
	driver, err := neo4j.NewDriverWithContext(at.URI, neo4j.BasicAuth(at.User, at.Password, ""))
	if err != nil {
		return contestant{}, err
	}
	run := func(ctx context.Context, tx neo4j.ManagedTransaction, text string, params map[string]any) (*neo4j.Record, error) {
		result, err := tx.Run(ctx, text, params)
		if err != nil {
			return nil, err
		}
		return result.Single(ctx)
	}
	ask := func(ctx context.Context, params map[string]any, texts ...string) (record *neo4j.Record, err error) {
		session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: "neo4j"})
		defer session.Close(ctx)
		_, err = session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			for _, text := range texts {
				if record, err = run(ctx, tx, text, params); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		return record, err
	}
	c := contestant{name: "bare driver", close: func() error { return driver.Close(context.Background()) }}
	c.write = func(ctx context.Context, n int) error {
		o := posting(n)
		e := posted(o)
		_, err := ask(ctx, map[string]any{
			"node":  map[string]any{"id": o.ID, "title": o.Title, "stage": string(o.Stage), "postedOn": o.PostedOn.String(), "version": 1, "audience": "ALL"},
			"event": map[string]any{"type": e.Type, "subject": e.Subject, "version": 1, "changes": e.Changes, "fields": e.Fields, "actor": "OPERATOR"},
			"point": neo4j.Point2D{X: o.Point.Lng, Y: o.Point.Lat, SpatialRefId: 4326},
		}, `MATCH (log:BareLog) SET log.locked = true RETURN log.seq`, `MATCH (c:BareCompetency {id: 'work'}), (p:BarePartner {id: 'acme'})
CREATE (o:BareOpportunity) SET o = $node, o.location = $point, o.createdAt = datetime()
CREATE (o)-[:NEEDS {minLevel: 1, position: 0}]->(c), (p)-[:OWNS]->(o)
WITH 1 AS one MATCH (log:BareLog) SET log.seq = log.seq + 1
CREATE (e:BareEvent) SET e = $event, e.seq = log.seq, e.at = datetime()
RETURN e.seq`)
		return err
	}
	c.count = func(ctx context.Context) (int, error) {
		record, err := ask(ctx, nil, `MATCH (o:BareOpportunity) RETURN count(o)`)
		if err != nil {
			return 0, err
		}
		n, _ := record.Values[0].(int64)
		return int(n), nil
	}
	return c, lay(ctx, driver)
}

// lay makes what the bare driver finds, once the store has made its own: it takes an empty database only.
func lay(ctx context.Context, driver neo4j.DriverWithContext) error {
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: "neo4j"})
	defer session.Close(ctx)
	for _, text := range []string{
		`CREATE CONSTRAINT bareOpportunity FOR (n:BareOpportunity) REQUIRE n.id IS UNIQUE`, `CREATE CONSTRAINT bareEvent FOR (n:BareEvent) REQUIRE n.seq IS UNIQUE`,
		`CREATE CONSTRAINT bareCompetency FOR (n:BareCompetency) REQUIRE n.id IS UNIQUE`, `CREATE CONSTRAINT barePartner FOR (n:BarePartner) REQUIRE n.id IS UNIQUE`,
		`CREATE POINT INDEX bareLocation FOR (n:BareOpportunity) ON (n.location)`, `CREATE INDEX bareSubject FOR (n:BareEvent) ON (n.subject)`,
		`CREATE (:BareLog {seq: 0}), (:BareCompetency {id: 'work'}), (:BarePartner {id: 'acme'})`, `CALL db.awaitIndexes()`,
	} {
		result, err := session.Run(ctx, text, nil)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
