package naive

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"
)

func randomWorld(t testing.TB, seed uint64) (*World, *rand.Rand) {
	r := rand.New(rand.NewPCG(seed, 1))
	files := fstest.MapFS{}
	for name, text := range Random(r) {
		files[name] = &fstest.MapFile{Data: text}
	}
	w, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return w, r
}

func TestASeedAlwaysMakesTheSameWorld(t *testing.T) {
	a, b := Random(rand.New(rand.NewPCG(7, 1))), Random(rand.New(rand.NewPCG(7, 1)))
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs between two worlds of one seed", name)
		}
	}
}

// A random test is worth what its worlds reach: every count, every filter to
// loosen and every refusal must come up.
func TestRandomWorldsReachEveryCornerOfTheAnswer(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(150) {
		w, r := randomWorld(t, seed)
		for _, q := range RandomQuestions(r, w, 10) {
			field, answer, code := w.Answer(q)
			seen[field+" "+code]++
			if code != "" {
				continue
			}
			if again, _ := map[string]func(map[string]any) (map[string]any, string){"whoCanFill": w.WhoCanFill, "paths": w.Paths}[field](q); len(Compare(answer, again, nil)) > 0 {
				t.Errorf("seed %d: the same question has two answers: %v", seed, q)
			}
			if wrong := Compare(answer, answer, w.Leeway(q)); len(wrong) > 0 {
				t.Errorf("seed %d: an answer is not within its own leeway: %v", seed, wrong)
			}
			count(seen, answer)
		}
	}
	for _, want := range []string{
		"whoCanFill ", "whoCanFill VALIDATION", "whoCanFill NOT_FOUND", "paths ", "paths VALIDATION",
		"left kind", "left tier", "left status", "left level", "left certification", "left capacity", "left noOffice", "left radius", "left declined",
		"loosen RADIUS", "loosen LEVEL", "loosen CERTIFIED", "loosen TIER", "loosen KINDS", "loosen REMOTE",
		"candidate", "equal scores", "trust path", "no km", "certified", "unstated level", "narrower", "path", "apart",
	} {
		if seen[want] < 5 {
			t.Errorf("%q came up %d times", want, seen[want])
		}
	}
	t.Log(seen)
}

func count(seen map[string]int, answer map[string]any) {
	nodes := answer["nodes"].([]any)
	if left, ok := answer["leftOut"].(map[string]any); ok {
		for test, n := range left {
			seen["left "+test] += boolInt(n != 0.0)
		}
		for _, l := range answer["loosen"].([]any) {
			seen["loosen "+l.(map[string]any)["filter"].(string)]++
		}
		score := -1.0
		for _, v := range nodes {
			node := v.(map[string]any)
			seen["candidate"]++
			seen["equal scores"] += boolInt(node["score"] == score)
			score = node["score"].(float64)
			seen["trust path"] += boolInt(node["trustPath"] != nil)
			seen["no km"] += boolInt(node["km"] == nil)
			match := node["matches"].([]any)[0].(map[string]any)
			seen["certified"] += boolInt(match["certification"] != nil)
			seen["narrower"] += boolInt(match["exact"] == false)
			seen["unstated level"] += boolInt(match["holding"].(map[string]any)["level"] == nil)
		}
		return
	}
	seen["path"] += len(nodes)
	seen["apart"] += boolInt(answer["apart"] != nil)
}

func TestMonthsAreCalendarMonths(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-03-31", 1, "2026-02-28"}, {"2024-02-29", 36, "2021-02-28"}, {"2026-11-22", 36, "2023-11-22"}, {"2026-01-15", 1, "2025-12-15"},
	} {
		if got := monthsBefore(c.from, c.months); got != c.want {
			t.Errorf("%s − %d months: want %s, got %s", c.from, c.months, c.want, got)
		}
	}
}

func TestRowsOfOneHoldingThatOverlapAreOne(t *testing.T) {
	got := merge([]Holding{
		{Competency: "c", Level: 2, Until: "2025-01-01"},
		{Competency: "c", Since: "2026-01-01"},
		{Competency: "d"},
		{Competency: "c", Level: 4, Since: "2024-12-01", Until: "2025-06-01", Remote: true},
	})
	want := []Holding{{Competency: "c", Level: 4, Until: "2025-06-01", Remote: true}, {Competency: "c", Since: "2026-01-01"}, {Competency: "d"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("want %v, got %v", want, got)
	}
}

func BenchmarkAWorldWithTenQuestions(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		w, r := randomWorld(b, uint64(i))
		for _, q := range RandomQuestions(r, w, 10) {
			w.Answer(q)
		}
	}
}
