package neo4jstore

import (
	"cmp"
	"context"
	"crypto/rand"
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
		all = append(all, statement{name: strings.TrimPrefix(name, "migrations/"), text: string(text)})
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
	oneLog      = statement{name: "one log", text: "CREATE CONSTRAINT log_id IF NOT EXISTS FOR (n:Log) REQUIRE n.id IS UNIQUE"}
	indexesMade = statement{name: "indexes made", text: "CALL db.awaitIndexes(1500)"}
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
		return db.ask(ctx, setFormat, map[string]any{"format": Format, "deployment": rand.Text()})
	})
	return done, err
}

// What a server says of an index or a constraint whose name is taken, though there is none such yet: a
// constraint makes its index first.
var nameTaken = []string{
	"Neo.ClientError.Schema.ConstraintAlreadyExists",
	"Neo.ClientError.Schema.ConstraintWithNameAlreadyExists",
	"Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists",
	"Neo.ClientError.Schema.IndexAlreadyExists",
	"Neo.ClientError.Schema.IndexWithNameAlreadyExists",
}

// How often, and for how long, a name that is taken is asked for again. Whoever is making the same needs
// moments; an index that has no constraint after abandonedAfter was left behind by a server that was killed.
const (
	schemaPause    = 50 * time.Millisecond
	abandonedAfter = 2 * time.Second
	schemaTimeout  = 30 * time.Second
)

// schema runs a statement about constraints and indexes, which takes a transaction of its own and does nothing
// where they exist. It is tried again while another server makes the same, and completes what one that was
// killed began: the database keeps the index of a constraint that was never made, and its name with it.
func (s *Store) schema(ctx context.Context, text string) error {
	session := s.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: s.options.Database})
	defer s.closed(ctx, session)
	for begin := time.Now(); ; rest(ctx, schemaPause) {
		_, err := runAlone(ctx, session, text, nil)
		if err == nil || ctx.Err() != nil {
			return err
		}
		var answered *neo4j.Neo4jError
		taken := errors.As(err, &answered) && slices.Contains(nameTaken, answered.Code)
		waited := time.Since(begin)
		if !taken && !neo4j.IsRetryable(err) || taken && waited > schemaTimeout {
			return err
		}
		if taken && waited > abandonedAfter {
			if err := dropAbandoned(ctx, session, text); err != nil {
				return err
			}
		}
	}
}

const abandonedIndex = "SHOW INDEXES YIELD name, owningConstraint, labelsOrTypes WHERE name = $name AND owningConstraint IS NULL RETURN labelsOrTypes[0] AS label"

// dropAbandoned drops the index of a constraint that was never made, if there is one: of the name, and on the
// label, of the constraint that a statement makes.
func dropAbandoned(ctx context.Context, session neo4j.SessionWithContext, text string) error {
	words := strings.Fields(text)
	if len(words) < 3 || words[1] != "CONSTRAINT" {
		return nil
	}
	found, err := runAlone(ctx, session, abandonedIndex, map[string]any{"name": words[2]})
	for _, index := range found {
		if label, _ := index.AsMap()["label"].(string); strings.Contains(text, "(n:"+label+")") || strings.Contains(text, "[n:"+label+"]") {
			_, err = runAlone(ctx, session, "DROP INDEX "+words[2]+" IF EXISTS", nil)
		}
	}
	return err
}

func runAlone(ctx context.Context, session neo4j.SessionWithContext, text string, params map[string]any) ([]*neo4j.Record, error) {
	result, err := session.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}
