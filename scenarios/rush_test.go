package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// rush posts one query as many viewers at the same time, and counts what they are answered, by code. It says how many
// events came of it.
func rush(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: rush QUERY VARIABLES VIEWER N")
	}
	n, err := strconv.Atoi(args[3])
	ts.Check(err)
	url, body := ts.Getenv("URL"), map[string]any{"query": ts.ReadFile(args[0]), "variables": decoded(ts, args[1])}
	before := seqOf(ts, url)
	codes, errs := make([]string, n), make([]error, n)
	start, done := make(chan struct{}), sync.WaitGroup{}
	for i := range n {
		done.Go(func() {
			<-start
			var text string
			if text, _, errs[i] = postAfter("", fmt.Sprint(args[2], i+1), url, body); errs[i] == nil {
				codes[i] = codeOf(ts, text)
			}
		})
	}
	close(start)
	done.Wait()
	counts := map[string]int{}
	for i, code := range codes {
		ts.Check(errs[i])
		counts[code]++
	}
	for _, code := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintln(ts.Stdout(), code, counts[code])
	}
	fmt.Fprintln(ts.Stdout(), "events", seqOf(ts, url)-before)
}

// codeOf is the code of the first error of an answer, "answered" where there is none.
func codeOf(ts *testscript.TestScript, answer string) string {
	envelope := decoded(ts, answer).(map[string]any)
	errs, _ := envelope["errors"].([]any)
	if len(errs) == 0 {
		return "answered"
	}
	return fmt.Sprint(errs[0].(map[string]any)["extensions"].(map[string]any)["code"])
}

// seqOf is the number of the newest event.
func seqOf(ts *testscript.TestScript, url string) int {
	text, _, err := postAfter("", "OPERATOR", url, map[string]any{"query": "{ status { seq } }"})
	ts.Check(err)
	status := decoded(ts, text).(map[string]any)["data"].(map[string]any)["status"].(map[string]any)
	seq, err := strconv.Atoi(status["seq"].(string))
	ts.Check(err)
	return seq
}
