package postgres

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"valueweb/bench"
	"valueweb/graph"
)

//go:embed question.sql
var question string

//go:embed radius.sql
var radius string

// Question answers the question by one prepared statement.
func Question(ctx context.Context, address string, clients int) (*Contestant, error) {
	return connect(ctx, address, clients, &Contestant{name: "PostgreSQL, one statement", statement: question, arguments: questionArguments, read: readRow})
}

// Radius answers with the nearest offices alone.
func Radius(ctx context.Context, address string, clients int) (*Contestant, error) {
	return connect(ctx, address, clients, &Contestant{name: "PostgreSQL, the bare radius", statement: radius, arguments: radiusArguments, read: readNothing})
}

// Contestant asks one prepared statement over a number of connections.
type Contestant struct {
	name      string
	statement string
	arguments func(bench.Question) [][]byte // in text form
	read      func(scan func(...any) error) (row bench.Row, total int, err error)
	pool      *pgxpool.Pool
	mu        sync.Mutex
	backends  []uint32 // the processes behind the connections
}

// statementName is what the statement is called on each connection.
const statementName = "question"

func connect(ctx context.Context, address string, clients int, c *Contestant) (*Contestant, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MinConns, config.MaxConns = int32(clients), int32(clients)
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		c.mu.Lock()
		c.backends = append(c.backends, conn.PgConn().PID())
		c.mu.Unlock()
		_, err := conn.Prepare(ctx, statementName, c.statement)
		return err
	}
	c.pool, err = pgxpool.NewWithConfig(ctx, config)
	return c, err
}

// Close lets go of the connections.
func (c *Contestant) Close() { c.pool.Close() }

// Name implements bench.Contestant.
func (c *Contestant) Name() string { return c.name }

// Spent implements bench.Contestant.
func (c *Contestant) Spent(context.Context) (bench.Spent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var spent bench.Spent
	for _, pid := range c.backends {
		cpu, err := bench.ProcessCPU(int(pid))
		if err != nil {
			return spent, err
		}
		spent.CPU += cpu
	}
	return spent, nil
}

// binary asks for all columns in binary form.
var binary = []int16{1}

// Ask implements bench.Contestant.
func (c *Contestant) Ask(ctx context.Context, q bench.Question) (bench.Reply, error) {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	result := conn.Conn().PgConn().ExecPrepared(ctx, statementName, c.arguments(q), nil, binary).Read()
	if result.Err != nil {
		return nil, result.Err
	}
	return func() (bench.Answer, error) { return c.answer(result) }, nil
}

func (c *Contestant) answer(result *pgconn.Result) (bench.Answer, error) {
	types := pgtype.NewMap()
	var answer bench.Answer
	for _, values := range result.Rows {
		row, total, err := c.read(func(into ...any) error { return scan(types, result.FieldDescriptions, values, into) })
		if err != nil {
			return answer, err
		}
		answer.Total = total
		answer.Rows = append(answer.Rows, row)
	}
	return answer, nil
}

// scan reads the columns of a row; nil skips one.
func scan(types *pgtype.Map, fields []pgconn.FieldDescription, values [][]byte, into []any) error {
	if len(into) != len(values) {
		return fmt.Errorf("the statement returns %d columns, want %d", len(values), len(into))
	}
	for i, value := range values {
		if into[i] == nil {
			continue
		}
		if err := types.Scan(fields[i].DataTypeOID, fields[i].Format, value, into[i]); err != nil {
			return fmt.Errorf("column %s: %w", fields[i].Name, err)
		}
	}
	return nil
}

func questionArguments(q bench.Question) [][]byte {
	return [][]byte{
		[]byte(q.Competency), decimal(q.MinLevel), real(q.At.Lat), real(q.At.Lng), real(q.RadiusKm), []byte(q.Asker), []byte(q.AsOf.String()), decimal(q.First),
	}
}

func radiusArguments(q bench.Question) [][]byte {
	return [][]byte{real(q.At.Lat), real(q.At.Lng), real(q.RadiusKm), decimal(q.First)}
}

func decimal(n int) []byte { return strconv.AppendInt(nil, int64(n), 10) }

func real(x float64) []byte { return strconv.AppendFloat(nil, x, 'g', -1, 64) }

// facts are what the question tells of one partner.
type facts struct {
	bench.Row
	total int
	track graph.TrackFacts
}

func (f *facts) read(scan func(...any) error) error {
	var level pgtype.Int2
	var certification pgtype.Text
	var lastWon pgtype.Date
	terms, track := &f.Terms, &f.track
	err := scan(&f.total, &f.Partner, nil, &f.Score, &f.Km, &f.Office, nil,
		&terms[0], &terms[1], &terms[2], &terms[3], &terms[4], &terms[5],
		&level, &f.Held, nil, nil, &certification, nil, nil,
		&track.Won, &track.Closed, &lastWon, &track.OpenReferrals, &track.OpenOpportunities, &track.Received, nil)
	f.Level, f.Certification = int(level.Int16), certification.String
	if lastWon.Valid {
		track.LastWon = graph.DateOf(lastWon.Time)
	}
	return err
}

func readRow(scan func(...any) error) (bench.Row, int, error) {
	var f facts
	err := f.read(scan)
	return f.Row, f.total, err
}

func readNothing(func(...any) error) (row bench.Row, total int, err error) { return row, total, nil }
