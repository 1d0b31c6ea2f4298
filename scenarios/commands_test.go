package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"valueweb/scenarios/naive"
)

// commands are what a scenario can do beside running the program:
//
//	serve ARGS…               start a server on a store of its own; $URL names it
//	graphql QUERY [VARIABLES] post a query, print the answer
//	matches EXPECTED          the last answer holds what the file says, numbers equal within 1e-9;
//	                          with a second argument KM, numbers equal within that many
//	dealers N DIR             write the sheets of a country of N dealers
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"serve":   serve,
	"graphql": graphql,
	"matches": matches,
	"dealers": dealers,
}

func setup(env *testscript.Env) error {
	env.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("VALUEWEB_STORE", filepath.Join(env.WorkDir, "store"))
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	env.Setenv("REAL", filepath.Join(root, "data", "real"))
	return nil
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("serve cannot be negated: run valueweb serve with exec")
	}
	server, err := start(append([]string{"--store", ts.Getenv("VALUEWEB_STORE")}, args...)...)
	ts.Check(err)
	ts.Defer(func() {
		if err := server.stop(); err != nil {
			ts.Logf("stop the server: %v", err)
		}
	})
	ts.Setenv("URL", server.url)
}

func graphql(ts *testscript.TestScript, neg bool, args []string) {
	body := map[string]any{"query": ts.ReadFile(args[0])}
	if len(args) > 1 {
		var variables any
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &variables))
		body["variables"] = variables
	}
	text, failed, err := post(ts.Getenv("URL"), body)
	ts.Check(err)
	fmt.Fprint(ts.Stdout(), text)
	ts.Check(os.WriteFile(ts.MkAbs("answer.json"), []byte(text), 0o644))
	if failed != neg {
		ts.Fatalf("errors: %v, expected: %v\n%s", failed, neg, text)
	}
}

// post asks a GraphQL question and returns the answer, indented, and whether it holds errors.
func post(url string, body map[string]any) (text string, failed bool, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", false, err
	}
	response, err := http.Post(url+"/graphql", "application/json", bytes.NewReader(raw))
	if err != nil {
		return "", false, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return "", false, err
	}
	var envelope struct{ Errors []any }
	if err := json.Unmarshal(answer, &envelope); err != nil {
		return "", false, fmt.Errorf("%s: %s", response.Status, answer)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, answer, "", "  "); err != nil {
		return "", false, err
	}
	return indented.String() + "\n", len(envelope.Errors) > 0, nil
}

func matches(ts *testscript.TestScript, neg bool, args []string) {
	var want, got any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &want))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("answer.json")), &got))
	differences := naive.Compare(want, got, nil)
	if (len(differences) > 0) != neg {
		ts.Fatalf("the answer differs:\n%s\n%s", strings.Join(differences, "\n"), ts.ReadFile("answer.json"))
	}
}
