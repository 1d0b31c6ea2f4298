package neo4jstore_test

import (
	"slices"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

func TestWhatAnEarlierProgramWroteIsDueOnceItIsMigrated(t *testing.T) {
	options := neo4jtest.Empty(t)
	day := graph.DateOf(time.Now())
	first := neo4jtest.Beside(t, options)
	w := storetest.NewWorld(t, first)
	w.Partner("a").Partner("b").Opportunity("gap", graph.Opportunity{Owner: "a"})
	for id, retired := range map[string]graph.Date{"open": 0, "retired": day} {
		w.Add(&graph.Referral{Meta: graph.Meta{ID: id, RetiredOn: retired}, From: "a", To: "b", State: graph.ReferralNew, SentOn: day},
			&graph.Invitation{Meta: graph.Meta{ID: id, RetiredOn: retired}, Opportunity: "gap", Partner: "b", State: graph.InvitationPending, SentOn: day})
	}
	w.Add(&graph.Referral{Meta: graph.Meta{ID: "answered"}, From: "a", To: "b", State: graph.ReferralActive, SentOn: day})
	w.Save()
	neo4jtest.Run(t, `MATCH (n) WHERE n.waitingSince IS NOT NULL REMOVE n.waitingSince`, nil)
	neo4jtest.Run(t, `MATCH (log:Log) SET log.format = 11 REMOVE log.deployment, log.noted, log.altered, log.moved, log.forgotten`, nil)
	if moved, err := neo4jstore.Migrate(t.Context(), options); err != nil || !slices.Equal(moved.Applied, []string{"0012_streams.cypher"}) {
		t.Fatalf("%+v %v", moved, err)
	}
	store := neo4jtest.Beside(t, options)
	due, err := store.Due(t.Context(), graph.Operator, graph.DueQuery{SentBefore: day + 1, Limit: 9})
	if slices.Sort(due); err != nil || !slices.Equal(due, []string{"Invitation:open", "Referral:open"}) {
		t.Errorf("due are %v (%v)", due, err)
	}
	if name, err := store.Deployment(t.Context()); err != nil || name == "" {
		t.Errorf("the deployment is called %q (%v)", name, err)
	}
	if oldest, err := store.Oldest(t.Context()); err != nil || oldest != 1 {
		t.Errorf("the oldest event is %d (%v)", oldest, err)
	}
}
