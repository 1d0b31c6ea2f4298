package scenarios

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/scenarios/naive"
)

// TestQuestionsWithExactAnswers asks the questions of every world through GraphQL over HTTP. Their answers
// come from an implementation that shares no code with this one.
func TestQuestionsWithExactAnswers(t *testing.T) {
	worlds := map[string]string{"../data/real": "real-questions.json"}
	for _, name := range []string{"v1", "v2", "v3", "v4", "v5"} {
		worlds[filepath.Join("../testdata/worlds", name)] = name + "/questions.json"
	}
	onEveryStore(t, func(t *testing.T, empty func(*testing.T) []string) {
		for sheets, questions := range worlds {
			t.Run(filepath.Base(sheets), func(t *testing.T) {
				t.Parallel()
				askAll(t, served(t, empty(t), sheets), questions)
			})
		}
	})
}

// onEveryStore runs a test in a subtest a store. It is given what makes an empty store, and names it in the
// variables that the program reads.
func onEveryStore(t *testing.T, test func(t *testing.T, empty func(*testing.T) []string)) {
	t.Run("embedded", func(t *testing.T) {
		test(t, func(t *testing.T) []string { return []string{"VALUEWEB_STORE=" + filepath.Join(t.TempDir(), "store")} })
	})
	if !testing.Short() {
		t.Run("neo4j", func(t *testing.T) {
			test(t, func(t *testing.T) []string { return neo4jtest.Environment(neo4jtest.Empty(t)) })
		})
	}
}

// served starts a server on a store and imports sheets through it.
func served(t *testing.T, store []string, sheets string) *server {
	t.Helper()
	s, err := startWith(store)
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
