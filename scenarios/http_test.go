package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// request sends any request: what clients other than GraphQL ones send, and what nobody should.
func request(ts *testscript.TestScript, neg bool, args []string) {
	method, path, rest := args[0], args[1], args[2:]
	var body []byte
	if last := len(rest) - 1; last >= 0 && !strings.Contains(rest[last], ":") {
		body, rest = []byte(ts.ReadFile(rest[last])), rest[:last]
	}
	asked, err := http.NewRequest(method, ts.Getenv("URL")+path, bytes.NewReader(body))
	ts.Check(err)
	for _, header := range rest {
		name, value, _ := strings.Cut(header, ":")
		if value = strings.TrimSpace(value); strings.EqualFold(name, "Host") {
			asked.Host = value
		}
		asked.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(asked)
	ts.Check(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	ts.Check(err)
	fmt.Fprintln(ts.Stdout(), response.Status)
	for _, name := range slices.Sorted(maps.Keys(response.Header)) {
		fmt.Fprintf(ts.Stdout(), "%s: %s\n", name, strings.Join(response.Header[name], ", "))
	}
	fmt.Fprintf(ts.Stdout(), "\n%s\n", answer)
	ts.Check(os.WriteFile(ts.MkAbs("body"), answer, 0o644))
	ts.Setenv("STATUS", strconv.Itoa(response.StatusCode))
}

// refused asks what must not be answered: a code of the closed list, the argument at fault, no data, and
// neither a fault of the service nor an empty answer that looks like nobody.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	status, code, field, query := args[0], args[1], args[2], args[3]
	body := map[string]any{"query": query}
	if len(args) > 4 {
		body["variables"] = decoded(ts, args[4])
	}
	raw, err := json.Marshal(body)
	ts.Check(err)
	response, err := http.Post(ts.Getenv("URL")+"/graphql", "application/json", bytes.NewReader(raw))
	ts.Check(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", answer)
	var got struct {
		Data   any
		Errors []struct {
			Message    string
			Extensions struct{ Code, Field string }
		}
	}
	if err := json.Unmarshal(answer, &got); err != nil || len(got.Errors) == 0 || got.Data != nil {
		ts.Fatalf("%s\nwas answered with %s\n%s", query, response.Status, answer)
	}
	shown := got.Errors[0].Extensions
	if shown.Field == "" {
		shown.Field = "-"
	}
	if strconv.Itoa(response.StatusCode) != status || shown.Code != code || shown.Field != field || got.Errors[0].Message == "" {
		ts.Fatalf("%s\nwas refused with %d %s %s, expected: %s %s %s\n%s", query, response.StatusCode, shown.Code, shown.Field, status, code, field, answer)
	}
}
