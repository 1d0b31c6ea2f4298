package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var asOf = NewDate(2026, 11, 22)

// question is a question of two needs with an asker, and the facts of two candidates.
func question() (GapQuery, GapFacts, map[string]TrustPath) {
	capacity := 8
	holding := func(id, competency string, level int) HoldingFacts {
		return HoldingFacts{ID: id, Competency: competency, CompetencyName: strings.ToUpper(competency), Exact: true, Level: level}
	}
	certified := holding("h1", "video", 4)
	certified.Certification = &CertificationFacts{ID: "c1", Scheme: "Scheme A", ExpiresOn: NewDate(2028, 1, 1)}
	facts := GapFacts{
		RadiusKm: 100, Asker: "asker", AskerState: Active, Country: "FR",
		Needs: []NeedFacts{{Need{"video", 1}, "Video"}, {Need{"print", 1}, "Print"}},
		Candidates: []CandidateFacts{
			{
				Partner: "p1", Name: "First", Capacity: &capacity,
				Offices:  []OfficeFacts{{ID: "o1", Name: "Lyon", Km: 12.5}, {ID: "o2", Name: "Paris", Km: 90}},
				Holdings: [][]HoldingFacts{{certified}, {holding("h2", "print", 5)}},
				Track:    TrackFacts{Won: 3, Closed: 4, LastWon: NewDate(2026, 5, 1), OpenReferrals: 1, OpenOpportunities: 1, Received: 2},
			},
			{
				Partner: "p2", Name: "Second", Capacity: &capacity,
				Offices:  []OfficeFacts{{ID: "o3", Name: "Nice", Km: 40}},
				Holdings: [][]HoldingFacts{{holding("h3", "video", 3)}, {holding("h4", "print", 3)}},
				Track:    TrackFacts{Received: 3},
			},
		},
	}
	trust := map[string]TrustPath{"p1": {Partners: []string{"asker", "p1"}, Ties: []Tie{{A: "asker", B: "p1", Strength: 0.25}}, Strength: 0.25}}
	return GapQuery{Gap: Gap{AsOf: asOf}, Enough: 3}, facts, trust
}

func answer(query GapQuery, facts GapFacts, trust map[string]TrustPath) *CandidatePage {
	weights, err := query.Weights.normalise(facts.Asker != "")
	if err != nil {
		panic(err)
	}
	ranked := rank(query, facts, weights, TrustFacts{Seq: 1, Paths: trust}, func(id string) string { return strings.ToUpper(id) })
	return ranked.page("question", nil, DefaultPage)
}

// TestAChangedFactChangesExactlyTheTermsThatRestOnIt changes one fact of the first candidate at a time and
// compares the values and the sentences of its terms, and its caveats, before and after.
func TestAChangedFactChangesExactlyTheTermsThatRestOnIt(t *testing.T) {
	first := func(f *GapFacts) *CandidateFacts { return &f.Candidates[0] }
	for _, c := range []struct {
		fact    string
		change  func(q *GapQuery, f *GapFacts, trust map[string]TrustPath)
		values  []Term
		because []Term
		caveats []CaveatCode // that appear
	}{
		{"a level", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Holdings[0][0].Level = 5 }, []Term{Fit}, []Term{Fit}, nil},
		{"a level is no longer stated", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Holdings[0][0].Level = 0 }, []Term{Fit}, []Term{Fit}, []CaveatCode{LevelUnstated}},
		{"a narrower competency is held instead", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Holdings[0][0].Exact = false }, []Term{Fit}, []Term{Fit}, nil},
		{"a certificate is gone", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Holdings[0][0].Certification = nil }, []Term{Fit}, []Term{Fit}, nil},
		{"a certificate lapses soon", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) {
			first(f).Holdings[0][0].Certification.ExpiresOn = asOf.AddDays(CaveatDays)
		}, nil, []Term{Fit}, []CaveatCode{CertificateLapses}},
		{"a certificate lapses a day later than soon", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) {
			first(f).Holdings[0][0].Certification.ExpiresOn = asOf.AddDays(CaveatDays + 1)
		}, nil, []Term{Fit}, nil},
		{"a holding ends soon", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Holdings[1][0].Until = asOf }, nil, nil, []CaveatCode{HoldingEnds}},
		{"an office comes nearer", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Offices[0].Km = 3 }, []Term{Near}, []Term{Near}, nil},
		{"an office is renamed", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Offices[0].Name = "Villeurbanne" }, nil, []Term{Near}, nil},
		{"a holding counts at the far office only", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Holdings[1][0].Office = "o2" }, []Term{Near}, []Term{Near}, nil},
		{"the far office closes", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Offices = first(f).Offices[:1] }, nil, nil, nil},
		{"a tie grows stronger", func(_ *GapQuery, _ *GapFacts, trust map[string]TrustPath) {
			trust["p1"] = TrustPath{Partners: []string{"asker", "p1"}, Ties: []Tie{{A: "asker", B: "p1", Strength: 0.5}}, Strength: 0.5}
		}, []Term{Trust}, []Term{Trust}, nil},
		{"the path is gone", func(_ *GapQuery, _ *GapFacts, trust map[string]TrustPath) { delete(trust, "p1") }, []Term{Trust}, []Term{Trust}, nil},
		{"one more was won", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) {
			first(f).Track.Won, first(f).Track.Closed = 4, 5
		}, []Term{Proof}, []Term{Proof}, nil},
		{"the last win was later", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Track.LastWon = asOf }, nil, []Term{Proof}, nil},
		{"one more is open", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Track.OpenReferrals++ }, []Term{Ready}, []Term{Ready}, nil},
		{"the capacity is no longer stated", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Capacity = nil }, []Term{Ready}, []Term{Ready}, []CaveatCode{CapacityUnstated}},
		{"one more was received", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Track.Received++ }, []Term{Fair}, []Term{Fair}, nil},
		{"another received one more", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { f.Candidates[1].Track.Received++ }, []Term{Fair}, []Term{Fair}, nil},
		{"the partner is made up", func(_ *GapQuery, f *GapFacts, _ map[string]TrustPath) { first(f).Synthetic = true }, nil, nil, []CaveatCode{SyntheticFact}},
		{"a weight", func(q *GapQuery, _ *GapFacts, _ map[string]TrustPath) { q.Weights = Weights{Fit: 3} }, nil, nil, nil},
	} {
		t.Run(c.fact, func(t *testing.T) {
			before := find(t, answer(question()), "p1")
			query, facts, trust := question()
			c.change(&query, &facts, trust)
			after := find(t, answer(query, facts, trust), "p1")
			var values, because []Term
			for i := range before.Terms {
				if before.Terms[i].Value != after.Terms[i].Value {
					values = append(values, before.Terms[i].Term)
				}
				if before.Terms[i].Because != after.Terms[i].Because {
					because = append(because, before.Terms[i].Term)
				}
			}
			if !slices.Equal(values, c.values) || !slices.Equal(because, c.because) {
				t.Errorf("values changed: %v, sentences: %v; want %v and %v\n%s", values, because, c.values, c.because, sentences(after))
			}
			if got := appeared(before.Caveats, after.Caveats); !slices.Equal(got, c.caveats) {
				t.Errorf("caveats %v appeared, want %v", got, c.caveats)
			}
		})
	}
}

func find(t *testing.T, page *CandidatePage, partner string) Candidate {
	t.Helper()
	for _, c := range page.Candidates {
		if c.Partner == partner {
			return c
		}
	}
	t.Fatalf("%s is not in the answer", partner)
	return Candidate{}
}

func sentences(c Candidate) string {
	var all strings.Builder
	for _, term := range c.Terms {
		fmt.Fprintf(&all, "%s %v %s\n", term.Term, term.Value, term.Because)
	}
	return all.String()
}

func appeared(before, after []Caveat) []CaveatCode {
	var codes []CaveatCode
	for _, caveat := range after {
		if !slices.Contains(before, caveat) {
			codes = append(codes, caveat.Code)
		}
	}
	return codes
}

func TestAnExplanationHoldsItsOwnFacts(t *testing.T) {
	c := find(t, answer(question()), "p1")
	for _, want := range []string{
		"Holds VIDEO at level 4 of 5, certified (Scheme A) until 2028-01-01; holds PRINT at level 5 of 5, not certified.",
		"The office Lyon is 12.5 km away.",
		"ASKER reaches it over 1 tie, strength 0.250: ASKER → P1.",
		"Won 3 of 4 referrals or opportunities for these needs closed after 2023-11-22, the last win on 2026-05-01.",
		"Carries 1 open referral and 1 open opportunity at a capacity of 8.",
		"Was sent 2 of 5 referrals that went to the candidates after 2026-08-24.",
	} {
		if !strings.Contains(sentences(c), want) {
			t.Errorf("no sentence says %q:\n%s", want, sentences(c))
		}
	}
	sum := 0.0
	for _, term := range c.Terms {
		sum += term.Contribution
	}
	if diff := sum - c.Score; diff > 1e-12 || diff < -1e-12 {
		t.Errorf("the contributions sum to %v, the score is %v", sum, c.Score)
	}
}

func TestPagesOfARankingAreCutByKeyAndSayWhenFactsChanged(t *testing.T) {
	query, facts, trust := question()
	weights, _ := query.Weights.normalise(true)
	name := func(id string) string { return id }
	ranked := rank(query, facts, weights, TrustFacts{Seq: 1, Paths: trust}, name)
	first := ranked.page("question", nil, 1)
	after, err := decodeCursor("after", first.Cursors[0], "question")
	if err != nil {
		t.Fatal(err)
	}
	if second := ranked.page("question", &after, 1); len(second.Candidates) != 1 || second.Candidates[0].Rank != 2 || second.Changed || second.HasNext || !second.HasPrevious {
		t.Errorf("the second page is %+v", second)
	}
	facts.Candidates[1].Track.OpenReferrals = 4
	if second := rank(query, facts, weights, TrustFacts{Seq: 2, Paths: trust}, name).page("question", &after, 1); !second.Changed || len(second.Candidates) != 1 {
		t.Errorf("after a change the second page is %+v", second)
	}
	if _, err := decodeCursor("after", first.Cursors[0], "another"); err == nil {
		t.Error("a cursor of another question was taken")
	}
}

func TestTheBestHoldingIsTheOneOfGreatestQuality(t *testing.T) {
	office := []OfficeFacts{{ID: "near", Km: 1}, {ID: "far", Km: 9}}
	for _, c := range []struct {
		name     string
		holdings []HoldingFacts
		remote   bool
		want     string
		office   string
	}{
		{"a certificate outweighs a level", []HoldingFacts{{ID: "a", Exact: true, Level: 5}, {ID: "b", Exact: true, Level: 4, Certification: &CertificationFacts{}}}, false, "b", "near"},
		{"an unstated level counts as three", []HoldingFacts{{ID: "a", Exact: true, Level: 2}, {ID: "b", Exact: true}}, false, "b", "near"},
		{"a narrower one counts nine tenths", []HoldingFacts{{ID: "a", Level: 5}, {ID: "b", Exact: true, Level: 5}}, false, "b", "near"},
		{"of equals the nearer office wins", []HoldingFacts{{ID: "a", Exact: true, Office: "far"}, {ID: "b", Exact: true, Office: "near"}}, false, "b", "near"},
		{"the need is near through any holding", []HoldingFacts{{ID: "a", Exact: true, Level: 5, Office: "far"}, {ID: "b", Exact: true, Level: 1, Office: "near"}}, false, "a", "near"},
		{"of equals a remote one wins", []HoldingFacts{{ID: "a", Exact: true, Office: "near"}, {ID: "b", Exact: true, Remote: true}}, true, "b", ""},
		{"a remote one makes the need near", []HoldingFacts{{ID: "a", Exact: true, Level: 5}, {ID: "b", Exact: true, Level: 1, Remote: true}}, true, "a", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &ranking{query: GapQuery{Gap: Gap{Remote: c.remote}}, facts: GapFacts{Needs: make([]NeedFacts, 1)}}
			m := r.bestMatch(&CandidateFacts{Offices: office, Holdings: [][]HoldingFacts{c.holdings}}, 0)
			at := ""
			if m.office != nil {
				at = m.office.ID
			}
			if m.holding.ID != c.want || at != c.office {
				t.Errorf("took %s at %q, want %s at %q", m.holding.ID, at, c.want, c.office)
			}
		})
	}
}
