// Package cypher answers the main question by hand-written Cypher through the bare driver: the least that
// whoever has the same facts in the same database can be asked to spend.
package cypher

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"valueweb/bench"
	"valueweb/graph"
)

//go:embed question.cypher
var question string

// Contestant is a bench.Contestant. It tells how many qualify; it ranks nobody.
type Contestant struct {
	Driver neo4j.DriverWithContext
	// Server tells what the database has spent.
	Server func(ctx context.Context) (bench.Spent, error)
}

var _ bench.Contestant = (*Contestant)(nil)

// Name implements bench.Contestant.
func (*Contestant) Name() string { return "Cypher by hand, bare driver" }

// Spent implements bench.Contestant.
func (c *Contestant) Spent(ctx context.Context) (bench.Spent, error) { return c.Server(ctx) }

// Ask implements bench.Contestant.
func (c *Contestant) Ask(ctx context.Context, q bench.Question) (bench.Reply, error) {
	session := c.Driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead, FetchSize: neo4j.FetchAll})
	defer session.Close(ctx)
	found, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		result, err := tx.Run(ctx, question, params(q))
		if err != nil {
			return nil, err
		}
		return result.Single(ctx)
	})
	if err != nil {
		return nil, err
	}
	record := found.(*neo4j.Record)
	return func() (bench.Answer, error) { return read(record, q) }, nil
}

func params(q bench.Question) map[string]any {
	proofFrom, _ := graph.ProofPeriod(q.AsOf)
	fairFrom, _ := graph.FairPeriod(q.AsOf)
	return map[string]any{
		"competency": q.Competency, "minLevel": q.MinLevel, "asker": q.Asker,
		"at":     dbtype.Point2D{X: q.At.Lng, Y: q.At.Lat, SpatialRefId: 4326},
		"metres": q.RadiusKm * 1000 * 1.0012, "asOf": dbtype.Date(q.AsOf.Time()),
		"proofFrom": dbtype.Date(proofFrom.Time()), "fairFrom": dbtype.Date(fairFrom.Time()),
	}
}

// read counts who qualifies once kilometres are measured.
func read(record *neo4j.Record, q bench.Question) (bench.Answer, error) {
	columns := record.AsMap()
	offices, ok := columns["offices"].([]any)
	holdings, also := columns["holdings"].([]any)
	if !ok || !also {
		return bench.Answer{}, fmt.Errorf("the answer has no offices or holdings")
	}
	var answer bench.Answer
	for i := range offices {
		if qualifies(offices[i].([]any), holdings[i].([]any), q) {
			answer.Total++
		}
	}
	return answer, nil
}

func qualifies(offices, holdings []any, q bench.Question) bool {
	within := map[any]bool{}
	for _, value := range offices {
		office := value.([]any)
		at := graph.Point{Lat: office[3].(float64), Lng: office[4].(float64)}
		if graph.Kilometres(q.At, at) <= q.RadiusKm {
			within[office[0]] = true
		}
	}
	for _, value := range holdings {
		if tied := value.([]any)[3]; tied == nil && len(within) > 0 || within[tied] {
			return true
		}
	}
	return false
}
