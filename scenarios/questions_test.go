package scenarios

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"valueweb/scenarios/naive"
)

// TestQuestionsWithExactAnswers asks the questions of every world through GraphQL over HTTP. Their answers
// come from an implementation that shares no code with this one.
func TestQuestionsWithExactAnswers(t *testing.T) {
	worlds := map[string]string{"../data/real": "real-questions.json"}
	for _, name := range []string{"v1", "v2", "v3", "v4", "v5"} {
		worlds[filepath.Join("../testdata/worlds", name)] = name + "/questions.json"
	}
	for sheets, questions := range worlds {
		t.Run(filepath.Base(sheets), func(t *testing.T) {
			t.Parallel()
			askAll(t, served(t, sheets), questions)
		})
	}
}

// served starts a server on a fresh store and imports sheets through it.
func served(t *testing.T, sheets string) *server {
	t.Helper()
	s, err := start("--store", filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("stop the server: %v\n%s", err, s.log)
		}
	})
	importer := exec.Command(binary, "import", sheets, "--server", s.url)
	if out, err := importer.CombinedOutput(); err != nil {
		t.Fatalf("import %s: %v\n%s", sheets, err, out)
	}
	return s
}

func askAll(t *testing.T, s *server, file string) {
	questions, err := naive.ReadQuestions(os.DirFS("../testdata/worlds"), file)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, q := range questions {
		if field := q.Field(); field != "whoCanFill" && field != "paths" {
			continue
		}
		asked++
		text, _, err := post(s.url, map[string]any{"query": q.Operation, "variables": q.Variables})
		if err != nil {
			t.Fatal(err)
		}
		var answer map[string]any
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Fatal(err)
		}
		if wrong := q.Judge(answer); len(wrong) > 0 {
			t.Errorf("%s (%s):\n  %s", q.ID, q.Why, strings.Join(wrong, "\n  "))
		}
	}
	if asked < 20 {
		t.Fatalf("only %d questions were asked", asked)
	}
	t.Logf("%d questions", asked)
}
