package world

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	for _, s := range []func() spec{demo, alliance, twoContinents} {
		first, second := files(t, s(), 7), files(t, s(), 7)
		for name := range first {
			if !bytes.Equal(first[name], second[name]) {
				t.Errorf("%s differs", name)
			}
		}
	}
}

func TestAnotherSeedGivesOtherFacts(t *testing.T) {
	for _, s := range []func() spec{demo, alliance, twoContinents} {
		first, second := files(t, s(), 7), files(t, s(), 8)
		for _, name := range []string{"offices.csv", "partner_competencies.csv", "referrals.csv", "opportunities.csv", "certifications.csv"} {
			if bytes.Equal(first[name], second[name]) {
				t.Errorf("%s is the same for two seeds", name)
			}
		}
	}
}

func TestAWorldCanBeWrittenSheetBySheetInAnyOrder(t *testing.T) {
	for _, s := range []func() spec{demo, twoContinents} {
		checkOrder(t, build(s(), 5).sheets(), build(s(), 5).sheets())
	}
}

func checkOrder(t *testing.T, all, late []sheet) {
	t.Helper()
	for i := len(late) - 1; i >= 0; i-- {
		var forwards, backwards []string
		for row := range all[i].rows {
			forwards = append(forwards, strings.Join(row, ","))
		}
		for row := range late[i].rows {
			backwards = append(backwards, strings.Join(row, ","))
		}
		if strings.Join(forwards, "\n") != strings.Join(backwards, "\n") {
			t.Errorf("sheet %s depends on what was written before it", all[i].name)
		}
	}
}

func TestAnUnknownWorldIsRefusedWithTheKnownOnes(t *testing.T) {
	err := Generate("atlantis", 1, Memory())
	if err == nil || !strings.Contains(err.Error(), `"atlantis"`) || !strings.Contains(err.Error(), "demo") {
		t.Errorf("got %v", err)
	}
}

func TestEveryNameIsAWorld(t *testing.T) {
	for _, name := range Names() {
		if err := Generate(name, 1, &full{room: 100}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADirectoryGetsTheSameSheetsAsMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made", "on", "demand")
	if err := Generate("demo", 7, Dir(path, false)); err != nil {
		t.Fatal(err)
	}
	for name, want := range demoFiles(t, 7) {
		got, err := os.ReadFile(filepath.Join(path, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestExistingSheetsAreOverwrittenOnlyWhenAsked(t *testing.T) {
	path := t.TempDir()
	old := filepath.Join(path, "referrals.csv")
	if err := os.WriteFile(old, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Generate("demo", 1, Dir(path, false)); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), "referrals.csv") {
		t.Errorf("got %v", err)
	}
	if content, _ := os.ReadFile(old); string(content) != "mine" {
		t.Error("the refusal changed a sheet")
	}
	if files, _ := os.ReadDir(path); len(files) != 1 {
		t.Error("the refusal left sheets behind")
	}
	if err := Generate("demo", 1, Dir(path, true)); err != nil {
		t.Error(err)
	}
}

// full takes so many rows and refuses the next; it counts how often a sheet was closed.
type full struct{ room, closed int }

var errFull = errors.New("full")

func (f *full) Sheet(string, ...string) (Rows, error) { return f, nil }

func (f *full) Write(...string) error {
	if f.room--; f.room < 0 {
		return errFull
	}
	return nil
}

func (f *full) Close() error { f.closed++; return nil }

func TestAFailedWriteEndsTheWorldAndClosesItsSheet(t *testing.T) {
	out := &full{room: 60}
	err := Generate("demo", 1, out)
	if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "partners") {
		t.Errorf("got %v", err)
	}
	if out.room != -1 || out.closed != 3 {
		t.Errorf("%d rows were offered after the failure, %d sheets closed", -1-out.room, out.closed)
	}
}

func TestARowMustHaveAllColumns(t *testing.T) {
	rows, err := Memory().Sheet("regions", "id", "name")
	if err != nil {
		t.Fatal(err)
	}
	if err := rows.Write("dach"); err == nil {
		t.Error("a short row was taken")
	}
}
