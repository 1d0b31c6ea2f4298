package bench

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// Print writes the results as a Markdown table, and how many partners the right answers found.
func Print(out io.Writer, results []Result, answers []Answer) {
	fmt.Fprintln(out, "| contestant | clients | requests | requests/s | p50 | p99 | CPU of the server | allocations |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	for _, r := range results {
		fmt.Fprintf(out, "| %s | %d | %d | %.0f | %s | %s | %s | %s |\n", r.Name(), r.Clients, r.Requests, r.PerSecond,
			milliseconds(r.P50), milliseconds(r.P99), milliseconds(r.PerRequest.CPU), r.PerRequest.heap())
	}
	var found []int
	for _, answer := range answers {
		found = append(found, answer.Total)
	}
	slices.Sort(found)
	fmt.Fprintf(out, "\n%d questions; who qualifies: median %d, 99th of 100 %d, most %d.\n",
		len(found), found[len(found)/2], found[len(found)*99/100], found[len(found)-1])
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}

func (s Spent) heap() string {
	if s.Allocations == 0 {
		return ""
	}
	return fmt.Sprintf("%d, %d kB", s.Allocations, s.Bytes/1000)
}
