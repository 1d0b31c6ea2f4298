package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/sheet"
	"valueweb/internal/world"
)

// sheetsOf is the folder with the sheets of the world to measure on.
func sheetsOf(temporary string) (string, error) {
	if folder := os.Getenv("VALUEWEB_WORLD"); folder != "" {
		return folder, nil
	}
	progress("generate world m")
	folder := filepath.Join(temporary, "sheets")
	return folder, world.Generate("m", 1, world.Dir(folder, false))
}

// storeOf is a data directory with that world, for this run alone.
func storeOf(ctx context.Context, sheets, temporary string) (string, error) {
	directory := filepath.Join(temporary, "store")
	if ready := os.Getenv("VALUEWEB_BENCH_STORE"); ready != "" {
		progress("copy the store")
		return directory, copyStore(directory, ready)
	}
	progress("import the world (some minutes)")
	return directory, importStore(ctx, directory, sheets)
}

// copyStore copies what is kept, but not the lock of whoever has it open.
func copyStore(directory, ready string) error {
	if err := os.CopyFS(directory, os.DirFS(ready)); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	if err := os.Remove(filepath.Join(directory, "lock")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func importStore(ctx context.Context, directory, sheets string) (err error) {
	store, err := embedded.Open(ctx, directory, embedded.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	sources, err := sheet.Files(sheets)
	if err != nil {
		return err
	}
	report, err := sheet.Import(ctx, store, graph.Operator, sources, sheet.Options{})
	if err == nil && !report.Complete() {
		err = fmt.Errorf("import: %d rows were rejected", report.Totals.Rejected)
	}
	return err
}
