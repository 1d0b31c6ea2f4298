package scenarios

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
)

// degrees reads a number of the generated sheets.
func degrees(cell string) float64 {
	f, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		panic(err) // the model wrote it
	}
	return f
}

const (
	worldsOfTheLaw      = 8 // by default
	viewersOfARole      = 6
	operationsForViewer = 10
	leastEffects        = 30 // percent of the cases that hidden and undisclosed records must change
)

// TestWhatAViewerIsAnsweredIsWhatAnOperatorIsAnsweredWithoutTheHidden asks random questions and reads random
// records on behalf of random viewers of random worlds. A model that shares no code with the product takes from
// the sheets what the viewer may not see, as docs/access.md defines it; an operator of what is left must be
// answered the same, and no token of what was taken may be in any answer.
//
// VALUEWEB_SEED=N runs the one world of a seed, VALUEWEB_TORTURE=1 more than ten thousand viewers.
func TestWhatAViewerIsAnsweredIsWhatAnOperatorIsAnsweredWithoutTheHidden(t *testing.T) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		parts := runtime.GOMAXPROCS(0)
		for part := range parts {
			t.Run(fmt.Sprintf("part %d of %d", part+1, parts), func(t *testing.T) {
				t.Parallel()
				var sum tally
				for _, seed := range seeds(t, often(worldsOfTheLaw, 800), part, parts) {
					sum.hold(newLaw(t, seed, openMemory), viewersOfARole)
				}
				sum.judge(t)
			})
		}
	})
	if testing.Short() {
		return
	}
	t.Run("neo4j", func(t *testing.T) {
		t.Parallel()
		options := neo4jtest.Empty(t)
		open := func() (graph.Store, error) {
			neo4jtest.EmptyAgain(t)
			return neo4jstore.Open(context.Background(), options)
		}
		var sum tally
		for _, seed := range seeds(t, often(1, 25), 0, 1) {
			sum.hold(newLaw(t, seed, open), often(3, 13))
		}
		sum.judge(t)
	})
}

// tally counts over many worlds.
type tally struct{ cases, effects int }

// hold asks for the viewers of a world, unless something was wrong with one before.
func (s *tally) hold(l *law, ofEach int) {
	defer l.close()
	if l.Failed() {
		return
	}
	for _, v := range l.viewers(ofEach) {
		l.hold(v, operationsForViewer)
	}
	s.cases, s.effects = s.cases+l.cases, s.effects+l.effects
	for i, broken := range l.broken {
		if i == 5 {
			l.Errorf("and %d more", len(l.broken)-i)
			break
		}
		l.Errorf("%s", broken)
	}
	if len(l.broken) > 0 {
		l.Errorf("VALUEWEB_SEED=%d runs the world alone, its sheets are in %s", l.seed, l.keep())
	}
}

// judge fails where too little was hidden for the law to mean anything.
func (s *tally) judge(t *testing.T) {
	if s.cases == 0 {
		return
	}
	share := 100 * s.effects / s.cases
	t.Logf("%d cases, what is hidden or undisclosed changes %d %% of them", s.cases, share)
	if share < leastEffects {
		t.Errorf("what is hidden or undisclosed changes %d %% of the cases: at least %d %% are needed", share, leastEffects)
	}
}
