package network

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
)

// picture is all that a snapshot holds, without the numbers of partners and what is remembered.
type picture map[string]pictured

type pictured struct {
	name   string
	active bool
	ties   map[string]tie
}

func (s *snapshot) picture() picture {
	all := picture{}
	for n := range int32(s.len()) {
		node := s.node(n)
		if found, ok := s.ids.find(node.id); !ok || found != n {
			panic(fmt.Sprintf("partner %s has the number %d and is found as %d", node.id, n, found))
		}
		p := pictured{name: node.name, active: s.active(n), ties: map[string]tie{}}
		for _, other := range node.ties {
			p.ties[s.node(other.to).id] = other.tie.from(node.id < s.node(other.to).id == (n < other.to))
		}
		if p.name != "" || p.active || len(p.ties) > 0 {
			all[node.id] = p
		}
	}
	return all
}

// from is the tie with its directions by id rather than by number.
func (t *tie) from(same bool) tie {
	c := *t
	c.referrals = append([]referral(nil), t.referrals...)
	for i := range c.referrals {
		c.referrals[i].up = c.referrals[i].up == same
	}
	if len(c.partnerships) == 0 {
		c.partnerships = nil
	}
	return c
}

func TestChangesMakeTheSameNetworkAsARebuild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		l := newLedger()
		net := emptySnapshot()
		for range rapid.IntRange(1, 12).Draw(t, "edits") {
			before := net.picture()
			old := net
			e := l.edit(net)
			for range rapid.IntRange(1, 12).Draw(t, "changes") {
				change(t, w, e)
			}
			net = e.snapshot(net.seq + 1)
			if !reflect.DeepEqual(before, old.picture()) {
				t.Fatal("an edit changed the snapshot that it began with")
			}
			if want := w.built().picture(); !reflect.DeepEqual(net.picture(), want) {
				t.Fatalf("changed to\n%+v, want\n%+v", net.picture(), want)
			}
		}
	})
}

// TestANetworkThatIsReadWhileItChangesIsAsItStandsInTheEnd reads a network for the first time while referrals are
// moved, so that some are met in two ties or in the one that they have left; those are told again. What comes then
// leaves the ties that it was found in.
func TestANetworkThatIsReadWhileItChangesIsAsItStandsInTheEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		var chunks [3]graph.NetworkChunk // read at first, in between, told again
		chunks[2].Again = true
		for _, id := range ids {
			p := &graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active}
			w.put(p)
			chunks[0].Partners = append(chunks[0].Partners, p)
		}
		for i := range rapid.IntRange(1, 30).Draw(t, "referrals") {
			r := drawReferral(t)
			r.ID = fmt.Sprintf("r%02d", i)
			w.put(r)
			if rapid.Bool().Draw(t, "stays") {
				chunks[0].Referrals = append(chunks[0].Referrals, r)
				continue
			}
			for at := range 2 {
				if rapid.Bool().Draw(t, "is met") {
					seen := drawReferral(t)
					seen.ID = r.ID
					chunks[at].Referrals = append(chunks[at].Referrals, seen)
				}
			}
			chunks[2].Referrals = append(chunks[2].Referrals, r)
		}
		l := newLedger()
		e := l.begin(emptySnapshot())
		for _, chunk := range chunks {
			e.chunk(chunk)
		}
		net := e.snapshot(1)
		if want := w.built().picture(); !reflect.DeepEqual(net.picture(), want) {
			t.Fatalf("read as\n%+v, want\n%+v", net.picture(), want)
		}
		gathered := newLedger()
		gathered.gather(net)
		l.gather(net)
		for id, between := range l.referrals {
			if gathered.referrals[id] != between {
				t.Fatalf("%s ties %v, and %v is gathered", id, between, gathered.referrals[id])
			}
		}
		e = gathered.edit(net)
		change(t, w, e)
		if got, want := e.snapshot(2).picture(), w.built().picture(); !reflect.DeepEqual(got, want) {
			t.Fatalf("changed to\n%+v, want\n%+v", got, want)
		}
	})
}

// change puts or takes away a node in the model and in the edit alike.
func change(t *rapid.T, w world, e *edit) {
	var n graph.Node
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		n = drawPartner(t)
	case 1:
		n = drawPartnership(t)
	default:
		n = drawReferral(t)
	}
	if rapid.IntRange(0, 4).Draw(t, "is gone") == 0 {
		w.drop(n.Kind(), n.Header().ID)
		e.node(n.Kind(), n.Header().ID, nil)
		return
	}
	w.put(n)
	e.node(n.Kind(), n.Header().ID, n)
}

func TestManyPartnersKeepTheirNumbers(t *testing.T) {
	l := newLedger()
	net := emptySnapshot()
	for i := range 3000 {
		e := l.edit(net)
		e.partner(&graph.Partner{Meta: graph.Meta{ID: fmt.Sprint(i)}, Status: graph.Active})
		net = e.snapshot(int64(i))
		if n, ok := net.findActive(fmt.Sprint(i / 2)); !ok || int(n) != i/2 {
			t.Fatalf("after %d partners, %d has the number %d", i+1, i/2, n)
		}
	}
}

func TestAReferralLeavesTheTieThatItWasMovedFrom(t *testing.T) {
	l := newLedger()
	e := l.edit(emptySnapshot())
	r := graph.Referral{Meta: graph.Meta{ID: "r"}, From: "a", To: "b", State: graph.ReferralNew, SentOn: today}
	e.referral(&r)
	moved := r
	moved.To = "c"
	e = l.edit(e.snapshot(1))
	e.referral(&moved)
	net := e.snapshot(2)
	a, _ := net.ids.find("a")
	b, _ := net.ids.find("b")
	c, _ := net.ids.find("c")
	if net.tie(a, b) != nil || net.tie(b, a) != nil || net.tie(a, c) == nil || net.tie(a, c) != net.tie(c, a) {
		t.Fatalf("ties %+v", net.picture())
	}
}

func TestTheFoldedSumEqualsTheDatedSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var referrals []referral
		for i := range rapid.IntRange(1, 30).Draw(t, "referrals") {
			r := drawReferral(t)
			r.ID = fmt.Sprintf("%03d", i)
			referrals = append(referrals, newReferral(r, true))
		}
		folded := newTie(referrals, nil)
		day := newMoment(folded.latest.AddDays(rapid.IntRange(0, 100_000).Draw(t, "days after")))
		got, want := folded.trade(day), folded.dated(day.asOf)
		if math.Abs(got-want) > 1e-12*want {
			t.Fatalf("folded %v, dated %v", got, want)
		}
	})
}

func TestAReferralCountsAsItStoodOnTheDay(t *testing.T) {
	sent, answered, closed := today.AddDays(-1096), today.AddDays(-900), today.AddDays(-548)
	r := newReferral(&graph.Referral{
		Meta: graph.Meta{ID: "r"}, State: graph.ReferralWon, SentOn: sent, AnsweredOn: answered, ClosedOn: closed,
	}, true)
	only := newTie([]referral{r}, nil)
	for _, c := range []struct {
		asOf graph.Date
		want float64
	}{
		{sent.AddDays(-1), 0},
		{sent, 0.25},
		{answered, 0.5 * math.Exp2(-196.0/548)},
		{closed.AddDays(-1), 0.5 * math.Exp2(-547.0/548)},
		{closed, 1},
		{today, 0.5},
	} {
		if got := only.trade(newMoment(c.asOf)); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("on %s a referral is worth %v, want %v", c.asOf, got, c.want)
		}
	}
}
