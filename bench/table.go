package bench

import (
	"fmt"
	"io"
	"time"
)

// Print writes the results as a Markdown table.
func Print(out io.Writer, results []Result) {
	fmt.Fprintln(out, "| contestant | clients | requests | requests/s | p50 | p99 | CPU of the server | allocations |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	for _, r := range results {
		fmt.Fprintf(out, "| %s | %d | %d | %.0f | %s | %s | %s | %s |\n", r.Name(), r.Clients, r.Requests, r.PerSecond,
			milliseconds(r.P50), milliseconds(r.P99), milliseconds(r.PerRequest.CPU), r.PerRequest.heap())
	}
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
