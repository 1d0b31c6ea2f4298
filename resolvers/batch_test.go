package resolvers

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"valueweb/graph"
)

func TestEveryLevelIsOneCallWhateverTheNumberOfRows(t *testing.T) {
	for _, partners := range []int{20, 200} {
		t.Run(fmt.Sprint(partners, " partners"), func(t *testing.T) {
			onEveryStore(t, partners, func(t *testing.T, f *fixture) {
				for name, c := range levels {
					t.Run(name, func(t *testing.T) {
						f.ask(t, strings.ReplaceAll(c.query, "$rows", fmt.Sprint(2*partners)))
						calls := f.store.noted()
						slices.Sort(calls)
						if !slices.Equal(calls, c.want) {
							t.Errorf("got %q\nwant %q", calls, c.want)
						}
					})
				}
			})
		})
	}
}

// levels are questions with the calls of the store that they make, sorted. $rows is more than there are.
var levels = map[string]struct {
	query string
	want  []string
}{
	"a list": {
		`{ partners(first: $rows) { nodes { id name } } }`,
		[]string{"list Partner total=false"},
	},
	"partners, holdings, competencies": {
		`{ partners(first: $rows) { nodes { holdings { nodes { competency { name } } } } } }`,
		[]string{"list Partner total=false", "read Competency", "related partner.holdings total=false"},
	},
	"a list under a list under a list": {
		`{ partners(first: $rows) { nodes { offices { nodes { contacts { totalCount nodes { office { city } } } } } } } }`,
		[]string{"list Partner total=false", "related office.contacts total=true", "related partner.offices total=false"},
	},
	"branches side by side": {
		`{ partners(first: $rows) { nodes {
				holdings { nodes { competency { broader { name } } } }
				customers { nodes { customer { sites { nodes { city } } } } }
				certifications { totalCount }
			} } }`,
		[]string{
			"list Partner total=false", "read Competency", "read Competency", "read Customer", "related customer.sites total=false",
			"related partner.certifications total=true", "related partner.customers total=false", "related partner.holdings total=false",
		},
	},
	"one list reached by edges, by nodes and by another name": {
		`{ partners(first: $rows) { edges { node { offices { nodes { id } } } } nodes { offices { nodes { id } } again: offices { edges { node { id } } } } } }`,
		[]string{"list Partner total=false", "related partner.offices total=false"},
	},
	"what the values of a node refer to": {
		`{ opportunities(first: $rows) { nodes { needs { competency { name } } audience { region { name } } } } }`,
		[]string{"list Opportunity total=false", "read Competency", "read Region"},
	},
	"nodes of several types": {
		`{ nodes(gids: ["Partner:p001", "Office:p002-office", "Office:p003-office"]) { ... on Partner { x: offices { nodes { id } } } ... on Office { x: holdings { nodes { id } } } } }`,
		[]string{"read Office", "read Partner", "related office.holdings total=false", "related partner.offices total=false"},
	},
	"candidates of whom no more is asked than qualifies them": {
		`{ whoCanFill(gap: {needs: [{competency: "cloud"}], place: {site: "square"}, anywhere: true}, first: $rows) { nodes {
				partner { name } office { city } matches { need { name } holding { level } certification { scheme } }
			} } }`,
		nil,
	},
	"candidates of whom more is asked": {
		`{ whoCanFill(gap: {needs: [{competency: "cloud"}], place: {site: "square"}, anywhere: true}, first: $rows) { nodes {
				partner { website } office { address } matches { need { aliases } holding { offers } certification { issuer } }
			} } }`,
		[]string{"read Certification", "read Competency", "read Holding", "read Office", "read Partner"},
	},
	"candidates of whose holdings no more is asked, but of their competencies": {
		`{ whoCanFill(gap: {needs: [{competency: "cloud"}], place: {site: "square"}, anywhere: true}, first: $rows) { nodes {
				matches { holding { id competency { ...named description } partner { ...named website } } }
			} } }
			fragment named on Node { id }`,
		[]string{"read Competency", "read Partner"},
	},
}

func TestWhatAnAnswerStatesOfANodeIsWhatTheStoreHolds(t *testing.T) {
	refers := map[string]graph.Kind{"partner": graph.KindPartner, "office": graph.KindOffice, "competency": graph.KindCompetency}
	var all func(kind graph.Kind, depth int, more string) string
	all = func(kind graph.Kind, depth int, more string) string {
		selection := more
		for _, field := range slices.Sorted(maps.Keys(statedFields[kind])) {
			if to, is := refers[field]; !is {
				selection += " " + field
			} else if depth > 0 {
				selection += " " + field + " {" + all(to, depth-1, more) + "}"
			}
		}
		return selection
	}
	onEveryStore(t, 6, func(t *testing.T, f *fixture) {
		ask := func(more string) string {
			of := func(kind graph.Kind) string { return "{" + all(kind, 2, more) + "}" }
			data := f.ask(t, `{ whoCanFill(gap: {needs: [{competency: "cloud"}, {competency: "edge"}], place: {site: "square"}, radiusKm: 50, remote: true}) { nodes {
				partner `+of(graph.KindPartner)+` office `+of(graph.KindOffice)+`
				matches { need `+of(graph.KindCompetency)+` holding `+of(graph.KindHolding)+` certification `+of(graph.KindCertification)+` office `+of(graph.KindOffice)+` }
			} } }`)
			text, err := json.Marshal(data)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		stated := ask("")
		if calls := f.store.noted(); len(calls) > 0 {
			t.Errorf("nothing more is asked, and yet: %q", calls)
		}
		read := ask("version")
		if calls := f.store.noted(); len(calls) == 0 {
			t.Error("the version is not stated, and yet nothing was read")
		}
		if read = regexp.MustCompile(`,"version":\d+`).ReplaceAllString(read, ""); stated != read {
			t.Errorf("stated: %s\nread:   %s", stated, read)
		}
	})
}

func TestWhatIsKnownAlreadyIsNotReadAgain(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		f.ask(t, `{ partners(filter: {text: "unit"}) { nodes { partOf { partOf { id } units { nodes { partOf { id } } } } } } }`)
		want := []string{"list Partner total=false", "read Partner", "related partner.units total=false"}
		if got := f.store.noted(); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestTheTotalIsCountedOnlyWhereItIsSelected(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		for query, want := range map[string]string{
			`{ partners { nodes { id } } }`:             "list Partner total=false",
			`{ partners { totalCount } }`:               "list Partner total=true",
			`{ all: partners { howMany: totalCount } }`: "list Partner total=true",
			`{ partners { ... on PartnerConnection { ...c } } } fragment c on PartnerConnection { totalCount }`: "list Partner total=true",
			`{ partners { nodes { id } totalCount @skip(if: true) } }`:                                          "list Partner total=false",
		} {
			f.ask(t, query)
			if got := f.store.noted(); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
	})
}

func TestWhoWasLeftOutIsAskedOnlyWhereItIsSelected(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		const gap = `gap: {needs: [{competency: "cloud"}], place: {site: "square"}, kinds: [AGENCY]}`
		f.ask(t, `{ whoCanFill(`+gap+`) { totalCount } }`)
		if calls := f.store.noted(); len(calls) != 0 {
			t.Errorf("nothing more is selected, and yet: %q", calls)
		}
		f.ask(t, `{ whoCanFill(`+gap+`) { leftOut { kind } } }`)
		if calls := f.store.noted(); !slices.Equal(calls, []string{"shortfall of 0 variants"}) {
			t.Errorf("leftOut alone: %q", calls)
		}
		f.ask(t, `{ whoCanFill(`+gap+`) { ...l } } fragment l on CandidateConnection { loosen { filter to wouldFind } }`)
		if calls := f.store.noted(); len(calls) != 1 || calls[0] == "shortfall of 0 variants" {
			t.Errorf("loosen: %q", calls)
		}
	})
}

func TestRowsKeepWhatIsTheirs(t *testing.T) {
	onEveryStore(t, 30, func(t *testing.T, f *fixture) {
		data := f.ask(t, `{ partners(first: 60, filter: {text: "partner"}) { nodes { id holdings { nodes { partner { id } } } } } }`)
		rows := data["partners"].(map[string]any)["nodes"].([]any)
		if len(rows) != 30 {
			t.Fatalf("%d partners", len(rows))
		}
		for _, row := range rows {
			partner := row.(map[string]any)
			holdings := partner["holdings"].(map[string]any)["nodes"].([]any)
			if len(holdings) != 2 {
				t.Errorf("%s has %d holdings", partner["id"], len(holdings))
			}
			for _, holding := range holdings {
				if of := holding.(map[string]any)["partner"].(map[string]any)["id"]; of != partner["id"] {
					t.Errorf("%s shows a holding of %s", partner["id"], of)
				}
			}
		}
	})
}

func TestAnAnswerBeyondItsBoundIsRefusedOnce(t *testing.T) {
	onEveryStore(t, 20, func(t *testing.T, f *fixture) {
		for bound, refused := range map[int]bool{40: true, DefaultMaxRows: false} {
			server := NewServer(f.graph, slog.New(slog.DiscardHandler), Options{MaxRows: bound})
			f.http = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				server.ServeHTTP(w, r.WithContext(WithViewer(r.Context(), graph.Operator)))
			})
			a := f.post(t, `{ partners { nodes { offices { nodes { partner { offices { nodes { id } } } } } holdings { nodes { competency { id } } } } } }`, nil)
			switch {
			case !refused && len(a.Errors) > 0:
				t.Errorf("within the bound: %v", a.Errors)
			case refused && (len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "COST_EXCEEDED"):
				t.Errorf("beyond the bound: %v", a.Errors)
			}
		}
	})
}
