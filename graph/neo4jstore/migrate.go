package neo4jstore

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

//go:embed migrations/*.cypher
var migrationFiles embed.FS

// Format is the number of the last migration: the version of what is kept in the database.
var Format = len(migrations)

// migrations are the texts of the numbered files, in order.
var migrations = func() []statement {
	names, err := fs.Glob(migrationFiles, "migrations/*.cypher")
	if err != nil {
		panic(err)
	}
	slices.Sort(names)
	var all []statement
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil || !strings.HasPrefix(name, fmt.Sprintf("migrations/%04d_", i+1)) {
			panic(fmt.Sprintf("migration %d: %s %v", i+1, name, err))
		}
		all = append(all, statement{strings.TrimPrefix(name, "migrations/"), string(text)})
	}
	return all
}()

// steps are the statements of a migration. Each can be run again.
func (s statement) steps() []string {
	var lines []string
	for line := range strings.Lines(s.text) {
		if !strings.HasPrefix(line, "//") {
			lines = append(lines, line)
		}
	}
	var steps []string
	for step := range strings.SplitSeq(strings.Join(lines, ""), ";") {
		if step = strings.TrimSpace(step); step != "" {
			steps = append(steps, step)
		}
	}
	return steps
}

// supportedMajor is the version of the servers that this program knows.
const supportedMajor = "5"

// How long a start may take: to find out whose database it is, some seconds; to build the indexes of a large
// graph, minutes.
const (
	recogniseTimeout = 30 * time.Second
	migrateTimeout   = 30 * time.Minute
)

var (
	readVersion = filed("version")
	readOwner   = filed("owner")
	makeLog     = filed("log")
	readFormat  = filed("format")
	setFormat   = filed("format-set")
	oneLog      = statement{"one log", "CREATE CONSTRAINT log_id IF NOT EXISTS FOR (n:Log) REQUIRE n.id IS UNIQUE"}
	indexesMade = statement{"indexes made", "CALL db.awaitIndexes(1500)"}
)

// Migrated says what became of the format of a database.
type Migrated struct {
	From, To int      // 0: the database was empty
	Applied  []string // the names of the migrations that were applied, in order
}

// Migrate brings a database to the format of this program, as Open does. One that is newer, or that holds
// what is not ours, is refused and left as it is. Several programs may migrate at once: one does, the others
// wait for it.
func Migrate(ctx context.Context, options Options) (Migrated, error) {
	s, err := connect(options)
	if err != nil {
		return Migrated{}, err
	}
	done, err := s.prepare(ctx)
	return done, cmp.Or(err, s.disconnect())
}

// prepare checks whose database it is, and migrates it.
func (s *Store) prepare(ctx context.Context) (Migrated, error) {
	format, err := s.recognise(ctx)
	done := Migrated{From: format, To: format}
	if err == nil && format < Format {
		done, err = s.migrate(ctx)
	}
	return done, s.cannotOpen(ctx, err)
}

// recognise returns the format of the database, 0 for an empty one. Others are refused.
func (s *Store) recognise(ctx context.Context) (format int, err error) {
	if s.options.Database == "system" {
		return 0, graph.Unavailable(nil, "the database system is the server's own: correct %s, or leave it out for the default one", databaseVariable)
	}
	ctx, cancel := context.WithTimeout(ctx, recogniseTimeout)
	defer cancel()
	session := s.session(ctx, neo4j.AccessModeRead)
	defer s.closed(ctx, session)
	_, err = session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		db := managed{s, tx}
		server, err := db.ask(ctx, readVersion, nil)
		if err != nil {
			return nil, err
		}
		if err := supported(server.text("version")); err != nil {
			return nil, err
		}
		found, err := db.ask(ctx, readOwner, nil)
		if err != nil {
			return nil, err
		}
		format = found.integer("format")
		return nil, owned(found)
	})
	return format, err
}

// supported refuses servers of another major version.
func supported(version string) error {
	if major, _, _ := strings.Cut(version, "."); major != supportedMajor {
		return graph.Unavailable(nil, "the server is Neo4j %s and this program knows Neo4j %s: name a server of that version", version, supportedMajor)
	}
	return nil
}

// owned refuses a database of somebody else, and one of a later program.
func owned(found row) error {
	if found.truth("ours") {
		if format := found.integer("format"); format > Format {
			return graph.Unavailable(nil, "the database has format %d and this program knows formats up to %d: use a newer program", format, Format)
		}
		return nil
	}
	if foreign := texts[string](found, "labels"); len(foreign) > 0 {
		return graph.Unavailable(nil, "the database holds nodes that are not Valueweb's (%s): name an empty database", strings.Join(foreign, ", "))
	}
	return nil
}

// migrate applies what is missing. The lock of the log keeps other servers from doing the same: they wait,
// and then find it done.
func (s *Store) migrate(ctx context.Context) (done Migrated, err error) {
	ctx, cancel := context.WithTimeout(ctx, migrateTimeout)
	defer cancel()
	if err := s.schema(ctx, oneLog.text); err != nil {
		return done, err
	}
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer s.closed(ctx, session)
	if _, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return managed{s, tx}.ask(ctx, makeLog, nil)
	}); err != nil {
		return done, err
	}
	_, err = session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		db := managed{s, tx}
		if _, err := db.ask(ctx, lockLog, nil); err != nil {
			return nil, err
		}
		found, err := db.ask(ctx, readFormat, nil)
		if err != nil {
			return nil, err
		}
		format := found.integer("format")
		done = Migrated{From: format, To: format}
		if format >= Format {
			return nil, owned(row{"ours": true, "format": int64(format)})
		}
		for _, migration := range migrations[format:] {
			for _, step := range migration.steps() {
				if err := s.schema(ctx, step); err != nil {
					return nil, fmt.Errorf("migration %s: %w", migration.name, err)
				}
			}
			done.To, done.Applied = done.To+1, append(done.Applied, migration.name)
		}
		if err := s.schema(ctx, indexesMade.text); err != nil {
			return nil, err
		}
		return db.ask(ctx, setFormat, map[string]any{"format": Format})
	})
	return done, err
}

// schema runs a statement about constraints and indexes, which takes a transaction of its own. It is tried
// again where another server does the same at the same time.
func (s *Store) schema(ctx context.Context, text string) error {
	session := s.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: s.options.Database})
	defer s.closed(ctx, session)
	for {
		err := runAlone(ctx, session, text)
		var answered *neo4j.Neo4jError
		if err == nil || !errors.As(err, &answered) || !neo4j.IsRetryable(err) && answered.Code != "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists" {
			return err
		}
		if answered.Code == "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists" {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func runAlone(ctx context.Context, session neo4j.SessionWithContext, text string) error {
	result, err := session.Run(ctx, text, nil)
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}
