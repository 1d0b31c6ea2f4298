package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"valueweb/scenarios/naive"
)

// commands are what a scenario can do beside running the program:
//
//	serve ARGS…               start a server on the store $VALUEWEB_STORE; $URL, $ADDRESS, $PID name it. Where
//	                          commands cannot find it by themselves, $VALUEWEB_SERVER names it to them as well
//	fresh                     leave the store and go on with another one, which is empty
//	halt                      ask it to finish, as a service manager does; server.log is what it logged
//	                          (stop, a word of testscript itself, ends the scenario there and then)
//	crash                     end it at once, as a power cut does
//	graphql QUERY [VARIABLES] [as VIEWER]
//	                          post the query in a file, print the answer; VIEWER is OPERATOR, ANALYST, PARTNER:<id>
//	                          or CUSTOMER:<id>, or the token of an API key; VARIABLES a file, or JSON in braces
//	take NAME FIELD…          put what the last answer holds in a field of a field … into a variable
//	all QUERY                 ask for page after page of a list, print its nodes, one a line
//	matches EXPECTED [KM]     the last answer holds what the file says, numbers equal within 1e-9, or within KM
//	refused STATUS CODE FIELD QUERY [VARIABLES]
//	                          post the query and be refused with the code, for the argument (- for none)
//	http METHOD PATH [NAME:VALUE…] [BODYFILE]
//	                          send a request, print the answer; body is what it held, $STATUS its status
//	listen NAME QUERY [NAME:VALUE…] [&PARAMETER…]
//	                          listen to a stream of server-sent events, under a name; again, from the last message on
//	hears NAME COUNT          wait for so many messages, print them, one a line; 0: for all until the stream ends
//	leaves NAME               break the stream off
//	exits CODE PROGRAM ARGS…  run a program that ends with this exit code
//	resize FILE BYTES         cut a file off, or fill it up with blanks
//	rush QUERY VARIABLES VIEWER N
//	                          post the query as VIEWER1 to VIEWERN at the same time, print how many were answered, and
//	                          how many refused by which code, and how many events came of it
//	dealers N DIR             write the sheets of a country of N dealers
//	bystanders N DIR C…       write the sheets of N partners around 45° N, 5° E that hold one of the competencies each
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"serve":      serve,
	"fresh":      nextStore,
	"halt":       halt,
	"crash":      crash,
	"graphql":    graphql,
	"all":        all,
	"matches":    matches,
	"refused":    refused,
	"take":       take,
	"http":       request,
	"listen":     listen,
	"hears":      hears,
	"leaves":     breakOff,
	"exits":      exits,
	"token":      token,
	"resize":     resize,
	"rush":       rush,
	"dealers":    dealers,
	"bystanders": bystanders,
}

func setup(env *testscript.Env) error {
	env.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Setenv("HOME", env.WorkDir)
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	env.Setenv("REAL", filepath.Join(root, "data", "real"))
	env.Setenv("SCHEMA", filepath.Join(root, "schema.graphqls"))
	env.Values["server"] = &running{t: env.T()}
	env.Values["listeners"] = listeners{}
	return nil
}

func graphql(ts *testscript.TestScript, neg bool, args []string) {
	viewer := "OPERATOR"
	if n := len(args); n > 2 && args[n-2] == "as" {
		args, viewer = args[:n-2], args[n-1]
	}
	body := map[string]any{"query": ts.ReadFile(args[0])}
	if len(args) > 1 && strings.HasPrefix(args[1], "{") {
		body["variables"] = decoded(ts, args[1])
	} else if len(args) > 1 {
		body["variables"] = decoded(ts, ts.ReadFile(args[1]))
	}
	text, failed, err := postAs(viewer, ts.Getenv("URL"), body)
	ts.Check(err)
	fmt.Fprint(ts.Stdout(), text)
	ts.Check(os.WriteFile(ts.MkAbs("answer.json"), []byte(text), 0o644))
	if failed != neg {
		ts.Fatalf("errors: %v, expected: %v\n%s", failed, neg, text)
	}
}

// take puts a part of the last answer into a variable.
func take(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: take NAME FIELD…")
	}
	value := decoded(ts, ts.ReadFile("answer.json")).(map[string]any)["data"]
	for _, name := range args[1:] {
		fields, _ := value.(map[string]any)
		value = fields[name]
	}
	if value == nil {
		ts.Fatalf("the answer holds no %s", strings.Join(args[1:], " "))
	}
	ts.Setenv(args[0], fmt.Sprint(value))
}

// all follows the cursors of the one list that a query asks for with the variable after.
func all(ts *testscript.TestScript, neg bool, args []string) {
	query, after := ts.ReadFile(args[0]), any(nil)
	out := ts.Stdout() // also for an empty list: else stdout is still that of the command before
	for {
		text, failed, err := post(ts.Getenv("URL"), map[string]any{"query": query, "variables": map[string]any{"after": after}})
		ts.Check(err)
		if failed {
			ts.Fatalf("%s", text)
		}
		var answer struct {
			Data map[string]struct {
				Nodes    []json.RawMessage
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		ts.Check(json.Unmarshal([]byte(text), &answer))
		for _, list := range answer.Data {
			for _, node := range list.Nodes {
				var line bytes.Buffer
				ts.Check(json.Compact(&line, node))
				fmt.Fprintln(out, line.String())
			}
			if !list.PageInfo.HasNextPage {
				return
			}
			after = list.PageInfo.EndCursor
		}
	}
}

func decoded(ts *testscript.TestScript, text string) (value any) {
	ts.Check(json.Unmarshal([]byte(text), &value))
	return value
}

// post asks a GraphQL question and returns the answer, indented, and whether it holds errors.
func post(url string, body map[string]any) (text string, failed bool, err error) {
	return postAs("OPERATOR", url, body)
}

// postAs asks as a viewer, whom a server that is open for development believes, or by the token of an API key. The
// answer reflects all that was written before, by other processes, too.
func postAs(viewer, url string, body map[string]any) (text string, failed bool, err error) {
	newest, _, err := postAfter("", "OPERATOR", url, map[string]any{"query": "{ status { seq } }"})
	if err != nil {
		return "", false, err
	}
	var told struct {
		Data struct{ Status struct{ Seq string } }
	}
	if err := json.Unmarshal([]byte(newest), &told); err != nil {
		return "", false, err
	}
	return postAfter(told.Data.Status.Seq, viewer, url, body)
}

// postAfter asks for an answer that reflects a seq, if there is one.
func postAfter(seq, viewer, url string, body map[string]any) (text string, failed bool, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", false, err
	}
	asked, err := http.NewRequest(http.MethodPost, url+"/graphql", bytes.NewReader(raw))
	if err != nil {
		return "", false, err
	}
	asked.Header.Set("Content-Type", "application/json")
	if seq != "" {
		asked.Header.Set("X-Valueweb-After", seq)
	}
	if strings.HasPrefix(viewer, "vw_") {
		asked.Header.Set("Authorization", "Bearer "+viewer)
	} else {
		asked.Header.Set("X-Valueweb-As", viewer)
	}
	response, err := http.DefaultClient.Do(asked)
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
	want, got := decoded(ts, ts.ReadFile(args[0])), decoded(ts, ts.ReadFile("answer.json"))
	if len(args) > 1 {
		km, err := strconv.ParseFloat(args[1], 64)
		ts.Check(err)
		got = snapped(want, got, km)
	}
	differences := naive.Compare(want, got, nil)
	if (len(differences) > 0) != neg {
		ts.Fatalf("the answer differs:\n%s\n%s", strings.Join(differences, "\n"), ts.ReadFile("answer.json"))
	}
}

// snapped is a value with every number that lies within a distance of the wanted one in its place.
func snapped(want, got any, within float64) any {
	switch want := want.(type) {
	case float64:
		if number, is := got.(float64); is && math.Abs(number-want) <= within {
			return want
		}
	case []any:
		if list, is := got.([]any); is {
			for i := range min(len(want), len(list)) {
				list[i] = snapped(want[i], list[i], within)
			}
		}
	case map[string]any:
		if fields, is := got.(map[string]any); is {
			for name := range want {
				if _, told := fields[name]; told {
					fields[name] = snapped(want[name], fields[name], within)
				}
			}
		}
	}
	return got
}

// token puts a token for a viewer into a variable.
func token(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: token NAME --role ROLE …")
	}
	ts.Check(ts.Exec("valueweb", append([]string{"token"}, args[1:]...)...))
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if (got == want) == neg {
		ts.Fatalf("%s ended with exit code %d, expected: %d", args[1], got, want)
	}
}

func resize(ts *testscript.TestScript, neg bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	content := []byte(ts.ReadFile(args[0]))
	if missing := size - len(content); missing > 0 {
		content = append(content, bytes.Repeat([]byte(" "), missing)...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), content[:size], 0o644))
}
