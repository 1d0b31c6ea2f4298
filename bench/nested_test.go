package bench

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/resolvers"
)

// nestedLists is a list with lists in it, of what everybody may read.
const nestedLists = `{ partners(first: 50) { nodes { id name offices { nodes { id name } } holdings { nodes { level competency { name } } } } } }`

// BenchmarkNestedLists reads lists within a list through GraphQL as an operator and as a partner, in turns, and
// reports the median of each and by how much that of the partner is more.
func BenchmarkNestedLists(b *testing.B) {
	w := bigWorld()
	b.Run("embedded", func(b *testing.B) { readNested(b, w.Graph) })
	b.Run("neo4j", func(b *testing.B) { readNested(b, w.onNeo4j(b)) })
}

func readNested(b *testing.B, g *graph.Graph) {
	server := resolvers.NewServer(g, slog.New(slog.DiscardHandler), resolvers.Options{})
	viewers := []graph.Viewer{graph.Operator, {Role: graph.RolePartner, Organisation: "p00007"}}
	took := make([][]time.Duration, len(viewers))
	answers := make([]string, len(viewers))
	for range 200 { // until the database has compiled what it runs
		for _, viewer := range viewers {
			askNested(b, server, viewer)
		}
	}
	for b.Loop() {
		for i, viewer := range viewers {
			begin := time.Now()
			answers[i] = askNested(b, server, viewer)
			took[i] = append(took[i], time.Since(begin))
		}
		if answers[0] != answers[1] {
			b.Fatalf("the partner is answered otherwise: %.300s\n%.300s", answers[0], answers[1])
		}
	}
	median := func(all []time.Duration) float64 {
		slices.Sort(all)
		return float64(all[len(all)/2].Microseconds())
	}
	operator, partner := median(took[0]), median(took[1])
	b.ReportMetric(operator, "operator-µs")
	b.ReportMetric(partner, "partner-µs")
	b.ReportMetric(partner/operator, "ratio")
}

func askNested(b *testing.B, server http.Handler, viewer graph.Viewer) string {
	b.Helper()
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(fmt.Sprintf(`{"query": %q}`, nestedLists)))
	request.Header.Set("Content-Type", "application/json")
	response := httptest.NewRecorder()
	server.ServeHTTP(response, request.WithContext(resolvers.WithViewer(b.Context(), viewer)))
	text := response.Body.String()
	if response.Code != http.StatusOK || strings.Contains(text, `"errors"`) {
		b.Fatalf("%d: %.300s", response.Code, text)
	}
	return text
}
