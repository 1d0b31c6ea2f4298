package world

import (
	"encoding/csv"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// seeds are those that every property of the demo world is checked for.
var seeds = []uint64{1, 2, 3, 42, 20261122}

// record is a row by column.
type record map[string]string

func (r record) list(column string) []string {
	if r[column] == "" {
		return nil
	}
	return strings.Split(r[column], ";")
}

// tables are the rows of a world by sheet.
type tables map[string][]record

// forEverySeed runs the check on the demo world of each seed.
func forEverySeed(t *testing.T, check func(t *testing.T, world tables)) {
	t.Helper()
	for _, seed := range seeds {
		check(t, tablesOf(t, files(t, demo(), seed)))
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

// forEveryWorld runs the check on the demo world of each seed and on the made ones.
func forEveryWorld(t *testing.T, check func(t *testing.T, s spec, world tables)) {
	t.Helper()
	forEverySeed(t, func(t *testing.T, world tables) { check(t, demo(), world) })
	forEveryMade(t, check)
}

// forEveryMade runs the check on the world alliance and on one that is as l in little.
func forEveryMade(t *testing.T, check func(t *testing.T, s spec, world tables)) {
	t.Helper()
	for name, s := range map[string]spec{"alliance": alliance(), "of two continents": twoContinents()} {
		if kept[name] == nil {
			kept[name] = tablesOf(t, files(t, s, 1))
		}
		check(t, s, kept[name])
		if t.Failed() {
			t.Fatalf("in the world %s", name)
		}
	}
}

// kept are the worlds that many tests read.
var kept = map[string]tables{}

func twoContinents() spec {
	return scaled(size{partners: 601, offices: 1_503, customers: 5_001, competencies: 150, referrals: 12_007, opportunities: 1_201, continents: 2, cities: 25})
}

func tablesOf(t *testing.T, files map[string][]byte) tables {
	t.Helper()
	world := tables{}
	for name, content := range files {
		world[strings.TrimSuffix(name, ".csv")] = parse(t, string(content))
	}
	return world
}

func demoFiles(t *testing.T, seed uint64) map[string][]byte {
	t.Helper()
	return files(t, demo(), seed)
}

func files(t *testing.T, s spec, seed uint64) map[string][]byte {
	t.Helper()
	memory := Memory()
	if err := build(s, seed).write(memory); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	names, err := fs.Glob(memory.FS(), "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(memory.FS(), name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func realRows(t *testing.T, name string) []record {
	t.Helper()
	content, err := os.ReadFile("../../data/real/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(content))
}

func parse(t *testing.T, content string) []record {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var records []record
	for _, row := range rows[1:] {
		r := record{}
		for i, column := range rows[0] {
			r[column] = row[i]
		}
		records = append(records, r)
	}
	return records
}

// by finds the only row with that value in a column.
func by(t *testing.T, rows []record, column, value string) record {
	t.Helper()
	i := slices.IndexFunc(rows, func(r record) bool { return r[column] == value })
	if i < 0 {
		t.Fatalf("no row has %s %q", column, value)
	}
	return rows[i]
}

// values collects a column.
func values(rows []record, column string) map[string]bool {
	set := map[string]bool{}
	for _, r := range rows {
		set[r[column]] = true
	}
	return set
}
