package network

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
)

func TestTrustEqualsTheEnumerationOfAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		net := w.built()
		q := graph.TrustQuery{
			Asker:      rapid.SampledFrom(ids).Draw(t, "asker"),
			Candidates: append([]string{"nobody"}, ids...),
			Without:    rapid.SliceOfN(rapid.SampledFrom(ids), 0, 2).Draw(t, "without"),
			AsOf:       drawAsOf(t),
		}
		got, err := net.trust(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range q.Candidates {
			want := best(w.allPaths(q.Asker, id, graph.MaxTrustTies, q.Without, q.AsOf), 1)
			path, ok := got[id]
			if ok != (len(want) == 1) {
				t.Fatalf("a path to %s: %v, want %v", id, path, want)
			}
			if ok {
				samePath(t, path, want[0])
			}
		}
	})
}

func TestPathsEqualTheEnumerationOfAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		net := w.built()
		q := graph.PathQuery{
			From:    rapid.SampledFrom(ids).Draw(t, "from"),
			To:      rapid.SampledFrom(ids).Draw(t, "to"),
			MaxHops: rapid.IntRange(1, graph.MaxHops).Draw(t, "max hops"),
			First:   rapid.IntRange(1, graph.MaxPaths).Draw(t, "first"),
			Avoid:   rapid.SliceOfN(rapid.SampledFrom(ids), 0, 2).Draw(t, "avoid"),
			AsOf:    drawAsOf(t),
		}
		got, err := net.paths(t.Context(), q, rapid.SampledFrom([]int{0, 2, crowd}).Draw(t, "crowd"))
		if err != nil {
			t.Fatal(err)
		}
		want := best(w.allPaths(q.From, q.To, q.MaxHops, q.Avoid, q.AsOf), q.First)
		if len(got.Paths) != len(want) || (got.Apart == nil) != (len(want) > 0) {
			t.Fatalf("%d paths, want %d; apart %v", len(got.Paths), len(want), got.Apart)
		}
		for i := range want {
			samePath(t, got.Paths[i], want[i])
		}
		if got.Apart != nil && *got.Apart != w.apart(q) {
			t.Fatalf("apart %+v, want %+v", *got.Apart, w.apart(q))
		}
	})
}

// apart is what the model says of two partners without a path.
func (w world) apart(q graph.PathQuery) graph.Apart {
	from, to := w.distances(q.From, q), w.distances(q.To, q)
	return graph.Apart{From: len(from), To: len(to), Hops: from[q.To]}
}

// distances are the fewest ties to each ACTIVE partner that one is joined with without those to avoid,
// itself included; none where it is not ACTIVE or is avoided.
func (w world) distances(start string, q graph.PathQuery) map[string]int {
	hops := map[string]int{}
	open := func(id string) bool {
		return w.partners[id].Status == graph.Active && !slices.Contains(q.Avoid, id)
	}
	if !open(start) {
		return hops
	}
	hops[start] = 0
	for grown := true; grown; {
		grown = false
		for a, n := range hops {
			for b := range w.partners {
				_, tied := w.tie(a, b, q.AsOf)
				if known, seen := hops[b]; a != b && tied && open(b) && (!seen || known > n+1) {
					hops[b], grown = n+1, true
				}
			}
		}
	}
	return hops
}

func TestABlockIsAllThatSomeLooplessPathPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		ends := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 2, 2, rapid.ID).Draw(t, "ends")
		for _, id := range ends { // whoever else is not active: the ends are
			w.put(&graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active})
		}
		net := w.built()
		from, ok := net.findActive(ends[0])
		to, also := net.findActive(ends[1])
		if !ok || !also {
			t.Fatalf("the ends %v are not active", ends)
		}
		block, err := net.block(t.Context(), from, to, net.closed(nil), newMoment(today))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{ends[0]: true, ends[1]: true}
		for _, path := range w.allPaths(ends[0], ends[1], len(ids), nil, today) {
			for _, id := range path.Partners {
				want[id] = true
			}
		}
		for _, id := range ids {
			if n, known := net.ids.find(id); known && block[n] != want[id] {
				t.Fatalf("%s between %v: %v, want %v", id, ends, block[n], want[id])
			}
		}
	})
}

// chainOf ties partners one after the other.
func chainOf(names ...string) world {
	w := newWorld()
	for i, id := range names {
		w.put(&graph.Partner{Meta: graph.Meta{ID: id}, Name: "The " + id, Status: graph.Active})
		if i > 0 {
			w.put(&graph.Partnership{
				Meta:    graph.Meta{ID: names[i-1] + "+" + id},
				Parties: []string{names[i-1], id}, Collaboration: graph.HighCollaboration,
			})
		}
	}
	return w
}

func TestTrustEndsAfterThreeTies(t *testing.T) {
	net := chainOf("a", "b", "c", "d", "e").built()
	got, err := net.trust(t.Context(), graph.TrustQuery{Asker: "a", Candidates: []string{"a", "b", "d", "e"}, AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	if keys := sorted(got); !slices.Equal(keys, []string{"b", "d"}) {
		t.Fatalf("trust reaches %v", keys)
	}
	if s := got["d"].Strength; s != 0.125 {
		t.Fatalf("three ties of 2/(2+2) are worth %v, want 0.125", s)
	}
}

// old is a won referral so many half-lives before today.
func old(id, from, to string, age int) *graph.Referral {
	closed := today.AddDays(-age * halfLife)
	return &graph.Referral{Meta: graph.Meta{ID: id}, From: from, To: to, State: graph.ReferralWon, SentOn: closed, ClosedOn: closed}
}

func TestFewerTiesGoFirstWithinTheTolerance(t *testing.T) {
	w := newWorld()
	for _, id := range []string{"a", "b", "c"} {
		w.put(&graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active})
	}
	w.put(old("r1", "a", "b", 42), old("r2", "a", "c", 19), old("r3", "c", "b", 20))
	got, err := w.built().trust(t.Context(), graph.TrustQuery{Asker: "a", Candidates: []string{"b"}, AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	if path := got["b"]; len(path.Ties) != 1 {
		t.Fatalf("%v of strength %v goes before a single tie that is less than 1e-12 weaker", path.Partners, path.Strength)
	}
}

func TestEachDayHasItsOwnStrengths(t *testing.T) {
	w := chainOf("a", "b")
	w.put(old("r1", "a", "b", 0), old("r2", "b", "a", 1), old("r3", "a", "b", 3))
	net := w.built()
	for i := range 3000 {
		q := graph.TrustQuery{Asker: "a", Candidates: []string{"b"}, AsOf: today.AddDays(100 - i*7%2500)}
		got, err := net.trust(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		samePath(t, got["b"], best(w.allPaths("a", "b", 1, nil, q.AsOf), 1)[0])
	}
}

func TestPathsSayHowManyMoreTiesWouldJoinTheEnds(t *testing.T) {
	net := chainOf("a", "b", "c", "d", "e").built()
	facts, err := net.paths(t.Context(), graph.PathQuery{From: "a", To: "e", MaxHops: 3, First: 1, AsOf: today}, crowd)
	if err != nil {
		t.Fatal(err)
	}
	if want := (graph.Apart{From: 5, To: 5, Hops: 4}); facts.Apart == nil || *facts.Apart != want {
		t.Fatalf("apart %+v, want %+v", facts.Apart, want)
	}
}

func TestPathsBetweenUnknownPartnersAreApartFromNobody(t *testing.T) {
	net := newWorld().built()
	facts, err := net.paths(t.Context(), graph.PathQuery{From: "a", To: "e", MaxHops: 3, First: 1, AsOf: today}, crowd)
	if err != nil {
		t.Fatal(err)
	}
	if facts.Apart == nil || *facts.Apart != (graph.Apart{}) {
		t.Fatalf("apart %+v, want nobody", facts.Apart)
	}
}

func TestQuestionsEndWithTheirContext(t *testing.T) {
	net := chainOf("a", "b", "c").built()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := net.trust(ctx, graph.TrustQuery{Asker: "a", Candidates: []string{"c"}, AsOf: today})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("trust: %v", err)
	}
	_, err = net.paths(ctx, graph.PathQuery{From: "a", To: "c", MaxHops: 3, First: 1, AsOf: today}, crowd)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("paths: %v", err)
	}
}
