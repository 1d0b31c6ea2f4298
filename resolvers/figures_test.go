package resolvers

import (
	"log/slog"
	"net/http"
	"testing"

	"valueweb/graph"
)

func TestCellsOfFiguresCountAsRowsOfAnAnswer(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		for bound, refused := range map[int]bool{2: true, 3: false} {
			server := NewServer(f.graph, slog.New(slog.DiscardHandler), Options{MaxRows: bound})
			f.http = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				server.ServeHTTP(w, r.WithContext(WithViewer(r.Context(), graph.Operator)))
			})
			a := f.post(t, `{ a: figures(of: CUSTOMERS, by: []) { count } b: figures(of: OPPORTUNITIES, by: []) { count } c: figures(of: REFERRALS, by: []) { count } }`, nil)
			switch {
			case !refused && len(a.Errors) > 0:
				t.Errorf("within the bound: %v", a.Errors)
			case refused && (len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "COST_EXCEEDED"):
				t.Errorf("beyond the bound: %v", a.Errors)
			}
		}
	})
}
