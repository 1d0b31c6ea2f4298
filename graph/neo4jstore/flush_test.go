package neo4jstore_test

import (
	"fmt"
	"testing"

	"valueweb/graph"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

// More new nodes than one statement writes: the one that all others name stands in the last statement.
func TestNewNodesNameEachOtherHoweverManyThereAre(t *testing.T) {
	const narrower = 10_000
	store := neo4jtest.Open(t)
	w := storetest.NewWorld(t, store).Competency("root")
	for i := range narrower {
		w.Competency(fmt.Sprint("narrower-", i), "root")
	}
	w.Save()
	pages, err := store.Related(t.Context(), graph.Operator, graph.RelatedQuery{
		Relation: graph.CompetencyNarrower, Parents: []string{"root"}, Page: graph.PageQuery{First: 1, Total: true},
	})
	if err != nil || pages[0].Total != narrower {
		t.Errorf("%+v of %d (%v)", pages, narrower, err)
	}
}
