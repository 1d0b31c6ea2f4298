package scenarios

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"valueweb/graph"
	"valueweb/scenarios/naive"
)

const (
	mutationsOfAViewer = 14
	worldsOfMutations  = 8
	partnersThatChange = 6
)

// livelyWorld is a random world in which much is under way.
func livelyWorld(seed uint64) naive.Rows {
	r := rand.New(rand.NewPCG(seed, 8))
	rows := naive.RandomGuarded(r, today())
	rows.Liven(r, today())
	return rows
}

func TestWhoChangesThingsIsAnsweredAsIfTheHiddenWereNotThere(t *testing.T) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		parts := runtime.GOMAXPROCS(0)
		for part := range parts {
			t.Run(fmt.Sprintf("part %d of %d", part+1, parts), func(t *testing.T) {
				t.Parallel()
				sum := newTallyOfChanges()
				for _, seed := range seeds(t, often(worldsOfMutations, 2000), part, parts) {
					sum.hold(t, seed, partnersThatChange, openMemory)
				}
				sum.judge(t)
			})
		}
	})
}

// tallyOfChanges counts over many worlds.
type tallyOfChanges struct {
	cases, done int
	answers     map[string]int
	parted      map[string]int
}

func newTallyOfChanges() *tallyOfChanges {
	return &tallyOfChanges{answers: map[string]int{}, parted: map[string]int{}}
}

// hold has viewers of a world change things, unless something was wrong before.
func (s *tallyOfChanges) hold(t *testing.T, seed uint64, ofEach int, open func() (graph.Store, error)) {
	if t.Failed() {
		return
	}
	rows := livelyWorld(seed)
	l := &law{T: t, Rand: rand.New(rand.NewPCG(seed, 9)), rows: rows}
	for _, v := range l.changers(ofEach) {
		d := newDuel(t, seed, rows, v, open)
		d.mutate(mutationsOfAViewer)
		d.close()
		s.add(d)
		for _, broken := range d.broken {
			t.Errorf("%s", broken)
		}
	}
}

// changers draws who changes things: partners mostly, a few of them barred, and customers.
func (l *law) changers(n int) (all []naive.Viewer) {
	for _, id := range l.some("partners", len(l.rows["partners"])) {
		v := naive.Viewer{Role: "PARTNER", Organisation: id}
		if len(all) < n && (!naive.See(l.rows, v, today()).Refused() || l.chance(5)) {
			all = append(all, v)
		}
	}
	for _, id := range l.some("customers", n/3) {
		all = append(all, naive.Viewer{Role: "CUSTOMER", Organisation: id})
	}
	if l.chance(25) {
		all = append(all, naive.Viewer{Role: "ANALYST"})
	}
	return all
}

func (s *tallyOfChanges) add(d *duel) {
	s.cases, s.done = s.cases+d.cases, s.done+d.done
	for answer, n := range d.answers {
		s.answers[answer] += n
	}
	if d.parted != "" {
		s.parted[d.parted]++
	}
}

func (s *tallyOfChanges) judge(t *testing.T) {
	t.Logf("%d mutations, %d carried out; parted: %v", s.cases, s.done, s.parted)
	for _, answer := range slices.Sorted(maps.Keys(s.answers)) {
		t.Logf("%5d %s", s.answers[answer], answer)
	}
}
