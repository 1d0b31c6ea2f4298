package scenarios

import (
	"strconv"
	"testing"

	"valueweb/graph/neo4jstore"
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
	worldsOfTheLaw      = 5 // by default
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
	inParts(t, often(worldsOfTheLaw, 800), func(t *testing.T, seeds []uint64) {
		var sum tally
		for _, seed := range seeds {
			sum.hold(newLaw(t, seed, openMemory), viewersOfARole)
		}
		sum.judge(t)
	})
	onNeo4j(t, often(1, 25), func(t *testing.T, seeds []uint64, options neo4jstore.Options) {
		var sum tally
		for _, seed := range seeds {
			sum.hold(newLaw(t, seed, opener(t, options)), often(3, 13))
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
