package resolvers

import (
	"slices"
	"testing"

	"valueweb/graph"
)

func TestTheContactAnswersForTheCountryOrIsTheFirst(t *testing.T) {
	onEveryStore(t, 2, func(t *testing.T, f *fixture) {
		ctx := withBatch(WithViewer(t.Context(), graph.Operator), newBatch(f.graph, DefaultMaxRows))
		for country, want := range map[string]string{
			"CH": "p001-sales-2", // through DACH, which is nested in its territory
			"FR": "p001-sales-1",
			"":   "p001-sales-1",
		} {
			b := batchFrom(ctx)
			sales, err := b.salesContacts(ctx, []string{"p000", "p001"})
			if err != nil {
				t.Fatal(err)
			}
			regions, err := b.regionsOf(ctx, country, sales)
			if err != nil {
				t.Fatal(err)
			}
			if got := choose(sales["p001"], regions); got.ID != want {
				t.Errorf("%q: %s, want %s", country, got.ID, want)
			}
		}
		if choose(nil, nil) != nil {
			t.Error("a contact of nobody")
		}
	})
}

func TestContactsOfAllCandidatesAreOneCall(t *testing.T) {
	onEveryStore(t, 30, func(t *testing.T, f *fixture) {
		f.ask(t, `{ whoCanFill(gap: {needs: [{competency: "cloud"}], place: {site: "square"}, anywhere: true}, first: 30) { nodes { contact { name territories { name } } } } }`)
		calls := f.store.noted()
		calls = slices.DeleteFunc(calls, func(call string) bool { return call == "list Region total=false" || call == "read Region" })
		if !slices.Equal(calls, []string{"related partner.contacts total=false"}) {
			t.Errorf("calls: %q", calls)
		}
	})
}
