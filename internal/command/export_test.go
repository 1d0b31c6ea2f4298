package command_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"valueweb/graph/sheet"
	"valueweb/internal/command"
)

// server sends archives, one after the other and the last one again and again.
func server(t *testing.T, archives ...[]byte) (url string, asked *int) {
	t.Helper()
	asked = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(archives[min(*asked, len(archives)-1)])
		*asked++
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

// archive holds one sheet and a report.
func archive(t *testing.T, name string, report sheet.ExportReport) []byte {
	t.Helper()
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, PAXRecords: map[string]string{"comment": string(text)}}
	if err := w.WriteHeader(header); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, notes strings.Builder
	p := &command.Program{Stdout: &out, Stderr: &notes}
	code = p.Run(t.Context(), args)
	return code, out.String(), notes.String()
}

func TestAnExportThatBreaksOffLeavesNothing(t *testing.T) {
	whole := archive(t, "regions.csv", sheet.ExportReport{})
	for _, c := range []struct {
		text []byte
		want string
	}{
		{whole[:600], "the server broke off, and nothing was kept"},
		{whole[:512], "the server broke off, and nothing was kept"},
		{archive(t, "../regions.csv", sheet.ExportReport{}), `the server sent "../regions", which is no sheet`},
	} {
		url, _ := server(t, c.text)
		parent := t.TempDir()
		code, _, notes := run(t, "export", filepath.Join(parent, "sheets"), "--server", url)
		if left, err := os.ReadDir(parent); code != 1 || !strings.Contains(notes, c.want) || err != nil || len(left) != 0 {
			t.Errorf("exit code %d, %s, left: %v, %v", code, notes, left, err)
		}
	}
}

func TestAGraphThatMovesUnderAnExportIsExportedAgain(t *testing.T) {
	moved := archive(t, "regions.csv", sheet.ExportReport{Seq: 3, SeqAfter: 5, Moved: true})
	url, asked := server(t, moved, archive(t, "regions.csv", sheet.ExportReport{Seq: 5, SeqAfter: 5}))
	code, out, notes := run(t, "export", filepath.Join(t.TempDir(), "sheets"), "--server", url)
	if code != 0 || *asked != 2 || notes != "" || !strings.Contains(out, "as of seq 5") {
		t.Errorf("exit code %d after %d tries: %s%s", code, *asked, out, notes)
	}
	url, asked = server(t, moved)
	code, _, notes = run(t, "export", filepath.Join(t.TempDir(), "sheets"), "--server", url)
	if code != 0 || *asked != 3 || !strings.Contains(notes, "moved from seq 3 to 5") {
		t.Errorf("exit code %d after %d tries: %s", code, *asked, notes)
	}
}
