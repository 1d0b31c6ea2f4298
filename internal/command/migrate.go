package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore"
)

func (p *Program) migrate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring a store to the format of this program",
		Long: `Migrate makes the constraints and indexes that a Neo4j database lacks, step by step and under a lock, so
that several servers may be started meanwhile. Every command that opens a database does so, too; migrate
does it ahead of a start, for indexes of a large graph take minutes to build. A database that is newer than
this program, or that holds what is not Valueweb's, is refused and left as it is. A directory has one format
so far: it is checked.`,
		Example: `  valueweb migrate --store neo4j://graph.example.com
  valueweb migrate --store ./data-directory --json`,
		Args: argsUsage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			done, err := migrate(cmd.Context(), locate(k))
			if err != nil {
				return err
			}
			if k.Bool("json") {
				return json.NewEncoder(p.Stdout).Encode(done)
			}
			return p.printMigration(done)
		},
	}
	cmd.Flags().Bool("json", false, "print the result as JSON")
	storeFlag(cmd)
	return cmd
}

// migration is what became of a store.
type migration struct {
	Store   string   `json:"store"`
	From    int      `json:"from"` // 0: it was empty
	To      int      `json:"to"`
	Applied []string `json:"applied"`
}

func migrate(ctx context.Context, at Location) (migration, error) {
	done := migration{Store: at.Name, Applied: []string{}}
	switch {
	case at.Name == memoryStore:
		return done, usage("memory: is empty and has nothing to migrate: name a directory or a Neo4j server with --store")
	case at.isNeo4j():
		options, err := at.neo4j()
		if err != nil {
			return done, err
		}
		moved, err := neo4jstore.Migrate(ctx, options)
		done.From, done.To, done.Applied = moved.From, moved.To, append(done.Applied, moved.Applied...)
		return done, err
	case !at.isDirectory():
		return done, at.unknown()
	case !embedded.Exists(at.Name):
		return done, fmt.Errorf("there is no store at %s: name another one with --store", at.Name)
	}
	done.From, done.To = embedded.Format, embedded.Format
	store, err := embedded.Open(ctx, at.Name, embedded.Options{})
	var inUse *embedded.InUseError
	if errors.As(err, &inUse) && inUse.Address != "" {
		return done, nil // whoever serves it has checked its format
	}
	if err != nil {
		return done, err
	}
	return done, store.Close()
}

func (p *Program) printMigration(done migration) error {
	if len(done.Applied) == 0 {
		_, err := fmt.Fprintf(p.Stdout, "%s has format %d: there is nothing to do\n", done.Store, done.To)
		return err
	}
	for _, name := range done.Applied {
		if _, err := fmt.Fprintln(p.Stdout, "applied", name); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(p.Stdout, "%s: from format %d to format %d\n", done.Store, done.From, done.To)
	return err
}
