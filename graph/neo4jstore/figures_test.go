package neo4jstore_test

import (
	"fmt"
	"testing"

	"valueweb/graph"
	"valueweb/graph/storetest"
)

func TestFiguresAreOneRoundTripOnceItIsCompiledWhatTheViewerMaySee(t *testing.T) {
	g, counted := asking(t, func(w *storetest.World) {
		w.Partner("acme").Partner("beta").With("acme", graph.Partnership{Meta: graph.Meta{ID: "pact"}}).With("acme", graph.Partnership{Meta: graph.Meta{ID: "other"}})
		for i := range 6 {
			id := fmt.Sprint("city", i)
			w.Customer(id, storetest.Here).Owns(id).Sent(id, "acme", graph.Referral{Customer: id}).Opportunity(id, graph.Opportunity{Owner: "beta", Customer: id, Audience: graph.Audience{Kind: graph.AudienceAll}})
		}
	})
	if _, err := g.Store.Access(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	for _, of := range graph.FigureKinds {
		var cells []graph.FigureCell
		var err error
		sent := counted.during(func() {
			cells, err = g.Figures(t.Context(), acme, graph.FiguresQuery{Of: of, Partnership: "pact"}, graph.FigureDimensions)
		})
		if err != nil || len(cells) != 1 || cells[0].Count == nil || *cells[0].Count != 6 || len(sent) != 1 {
			t.Errorf("%s: %v in %v, %v", of, cells, sent, err)
		}
	}
}
