package postgres

import (
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"valueweb/graph"
)

//go:embed schema.sql
var schema string

// sheets are those that the question rests on.
var sheets = []string{
	"competencies", "partners", "offices", "partner_competencies", "certifications", "referrals", "opportunities", "partnerships",
}

// Load fills a new database from a folder of sheets, with the ties of a day, and returns how clients
// connect to it.
func (c *Cluster) Load(ctx context.Context, database, folder string, asOf graph.Date) (address string, err error) {
	if err := c.create(ctx, database); err != nil {
		return "", fmt.Errorf("create the database %s: %w", database, err)
	}
	address = c.address(database)
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return address, load(ctx, conn, folder, asOf)
}

func (c *Cluster) create(ctx context.Context, database string) error {
	conn, err := pgx.Connect(ctx, c.address("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, "create database "+pgx.Identifier{database}.Sanitize())
	return err
}

func load(ctx context.Context, conn *pgx.Conn, folder string, asOf graph.Date) error {
	const extensions = "create extension postgis; create extension btree_gist; create schema sheet"
	if _, err := conn.Exec(ctx, extensions); err != nil {
		return errors.Join(err, ErrMissing)
	}
	for _, name := range sheets {
		if err := copySheet(ctx, conn, folder, name); err != nil {
			return fmt.Errorf("load %s: %w", name, err)
		}
	}
	for _, statement := range []string{
		fmt.Sprintf("set valueweb.as_of = '%s'", asOf), schema, "drop schema sheet cascade", "checkpoint",
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("lay out the rows: %w", err)
		}
	}
	return settle(ctx, conn)
}

// copySheet copies a sheet as it stands, every cell a text, an empty one null.
func copySheet(ctx context.Context, conn *pgx.Conn, folder, name string) error {
	file, err := os.Open(filepath.Join(folder, name+".csv"))
	if err != nil {
		return err
	}
	defer file.Close()
	header, err := csv.NewReader(file).Read()
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, 0); err != nil {
		return err
	}
	table := pgx.Identifier{"sheet", name}.Sanitize()
	for i := range header {
		header[i] = pgx.Identifier{header[i]}.Sanitize() + " text"
	}
	if _, err := conn.Exec(ctx, "create unlogged table "+table+" ("+strings.Join(header, ", ")+")"); err != nil {
		return err
	}
	_, err = conn.PgConn().CopyFrom(ctx, file, "copy "+table+" from stdin with (format csv, header)")
	return err
}

// settle gathers statistics, and marks every page as one that indexes alone may answer for. The server
// passes over pages that it is writing out at that moment, so that it may take a second turn.
func settle(ctx context.Context, conn *pgx.Conn) error {
	const unsettled = `select count(*) from pg_class
		where relnamespace = 'public'::regnamespace and relkind = 'r' and relallvisible < relpages`
	for range 5 {
		if _, err := conn.Exec(ctx, "vacuum (freeze, analyze)"); err != nil {
			return err
		}
		var left int
		if err := conn.QueryRow(ctx, unsettled).Scan(&left); err != nil || left == 0 {
			return err
		}
	}
	return errors.New("some tables could not be marked as visible to all")
}
