package scenarios

import (
	"math/rand/v2"
	"testing"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/scenarios/naive"
)

const (
	mutationsOfAViewer = 14
	worldsOfMutations  = 6      // by default
	leastDone          = 10     // percent of the mutations that must be carried out
	enoughForAll       = 10_000 // mutations, of which every one that is not for operators must have been carried out
	listeningIn        = 25     // percent of the duels in which those who stand by listen to streams
	partnersThatChange = 6
)

// livelyWorld is a random world in which much is under way.
func livelyWorld(seed uint64) naive.Rows {
	r := rand.New(rand.NewPCG(seed, 8))
	rows := naive.RandomGuarded(r, today())
	rows.Liven(r, today())
	return rows
}

// TestWhoChangesThingsIsAnsweredAsIfTheHiddenWereNotThere has random viewers send random mutations, drawn from the
// schema, to random worlds, and to what is left of them where all is taken that the viewer may not read. Answers,
// refusals with all that stands beside the code, what the viewer reads afterwards, and what it is told has happened must
// be the same. What others are told, in pages of the log and on streams, must be what a model says that they may read of
// it, and no token of anything else may be in any answer or message. What differs on purpose stands in permitted.
//
// VALUEWEB_SEED=N runs the one world of a seed, VALUEWEB_TORTURE=1 five hundred worlds.
func TestWhoChangesThingsIsAnsweredAsIfTheHiddenWereNotThere(t *testing.T) {
	t.Parallel()
	inParts(t, often(worldsOfMutations, 500), func(t *testing.T, seeds []uint64) {
		sum := newTallyOfChanges()
		for _, seed := range seeds {
			sum.hold(t, seed, partnersThatChange, openMemory)
		}
		sum.judge(t)
	})
	onNeo4j(t, often(1, 40), func(t *testing.T, seeds []uint64, options neo4jstore.Options) {
		sum := newTallyOfChanges()
		sum.brief = !tortured()
		for _, seed := range seeds {
			sum.hold(t, seed, often(2, 6), opener(t, options))
		}
		sum.judge(t)
	})
}

// tallyOfChanges counts over many worlds.
type tallyOfChanges struct {
	brief                         bool // the duels are
	cases, done, heard, questions int
	answers                       map[string]int
	parted                        map[string]int
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
	for _, d := range duels(t, seed, rows, ofEach, open) {
		d.brief, d.listening = s.brief, d.listening && !s.brief
		d.run()
		s.add(d)
		for _, broken := range d.broken {
			t.Errorf("%s", broken)
		}
		if len(d.broken) > 0 {
			t.Errorf("VALUEWEB_SEED=%d runs the world alone, its sheets are in %s", seed, d.keep())
		}
	}
}

// duels are those of some who change things in a world, each in a world of its own, opened when it is run.
func duels(t *testing.T, seed uint64, rows naive.Rows, partners int, open func() (graph.Store, error)) (all []*duel) {
	l := &law{T: t, Rand: rand.New(rand.NewPCG(seed, 9)), rows: rows}
	for _, v := range l.changers(partners) {
		all = append(all, &duel{open: open, listening: l.chance(listeningIn), lawful: &lawful{
			law: &law{T: t, Rand: rand.New(rand.NewPCG(seed, uint64(len(all)))), seed: seed, rows: rows}, viewer: v,
		}})
	}
	return all
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
	s.cases, s.done, s.heard, s.questions = s.cases+d.cases, s.done+d.done, s.heard+d.heard, s.questions+d.questions
	for answer, n := range d.answers {
		s.answers[answer] += n
	}
	if d.parted != "" {
		s.parted[d.parted]++
	}
}

// judge fails where too little was carried out for the law to mean anything, and under torture where some mutation that
// is for others than operators never was.
func (s *tallyOfChanges) judge(t *testing.T) {
	if s.cases == 0 {
		return
	}
	share := 100 * s.done / s.cases
	t.Logf("%d mutations, %d %% carried out, %d events told to others, %d questions asked afterwards; where worlds parted: %v", s.cases, share, s.heard, s.questions, s.parted)
	if s.cases > 100 && share < leastDone {
		t.Errorf("%d %% of the mutations were carried out: at least %d %% are needed", share, leastDone)
	}
	for _, m := range schema.Mutation.Fields {
		if s.cases > enoughForAll && !forOperators(m.Name) && m.Name != "applyAsPartner" && s.answers[m.Name+" done"] == 0 {
			t.Errorf("%s was never carried out in %d mutations", m.Name, s.cases)
		}
	}
}
