package embedded

import (
	"math"
	"sync"

	"valueweb/graph"
)

// ledgerFrom is how many referrals a partner must have received for its ledger to be kept: a few are summed
// as fast without one.
const ledgerFrom = 32

// ledgers keeps the ledgers of partners, by their ids, for every state of a store.
type ledgers struct{ of sync.Map }

// ledger is what the figures of a partner need of the referrals that it received, side by side in memory:
// a sum over thousands of records would wait for each of them. It is made when it is first asked for, and
// never changed: one page a chunk of the index of recipients, so that a new state makes those pages anew
// whose chunks are new.
type ledger struct {
	competencies []string // by the number of receipts; 0 is none
	number       map[string]int32
	pages        []page
}

type page struct {
	chunk    []graph.Node // of which it was made
	receipts []receipt
}

// receipt is a referral received. It is open on a day if opened <= day < closed.
type receipt struct {
	sent           graph.Date
	opened, closed graph.Date // never: on no day
	decided        graph.Date // when it was won or lost; zero: neither
	competency     int32
	won            bool
}

// never is later than every day.
const never = graph.Date(math.MaxInt32)

func receiptOf(r *graph.Referral) receipt {
	line := r.Timeline()
	e := receipt{sent: r.SentOn, opened: never, closed: never}
	switch {
	case !line.AnsweredOn.IsZero():
		e.opened = max(line.SentOn, line.AnsweredOn)
	case line.State.Answered():
		e.opened = line.SentOn
	}
	if line.State.Closed() {
		e.closed = line.Closing()
	}
	if e.won = r.State == graph.ReferralWon; e.won || r.State == graph.ReferralLost {
		e.decided = line.Closing()
	}
	return e
}

// ledgerOf is the ledger of the referrals in a group, which a partner received.
func (l *ledgers) ledgerOf(partner string, received group) *ledger {
	known, _ := l.of.Load(partner)
	old, _ := known.(*ledger)
	if old.isOf(received) {
		return old
	}
	fresh := &ledger{competencies: []string{""}, number: map[string]int32{"": 0}, pages: make([]page, len(received))}
	var made map[*graph.Node]page
	if old != nil {
		fresh.competencies, fresh.number = old.competencies, old.number
		made = make(map[*graph.Node]page, len(old.pages))
		for _, p := range old.pages {
			made[&p.chunk[0]] = p
		}
	}
	for i, chunk := range received {
		p, ok := made[&chunk[0]]
		if !ok {
			p = fresh.page(chunk, old)
		}
		fresh.pages[i] = p
	}
	l.of.Store(partner, fresh)
	return fresh
}

// isOf reports whether a ledger was made of the very chunks of a group.
func (l *ledger) isOf(received group) bool {
	if l == nil || len(l.pages) != len(received) {
		return false
	}
	for i, chunk := range received {
		if &l.pages[i].chunk[0] != &chunk[0] {
			return false
		}
	}
	return true
}

// page makes a page. What the ledger shares with an old one is copied before it is changed.
func (l *ledger) page(chunk []graph.Node, old *ledger) page {
	receipts := make([]receipt, len(chunk))
	for i, node := range chunk {
		r := node.(*graph.Referral)
		receipts[i] = receiptOf(r)
		number, known := l.number[r.Competency]
		if !known {
			l.own(old)
			number = int32(len(l.competencies))
			l.number[r.Competency] = number
			l.competencies = append(l.competencies, r.Competency)
		}
		receipts[i].competency = number
	}
	return page{chunk, receipts}
}

// own makes the competencies of a ledger its own, if they are still those of the old one.
func (l *ledger) own(old *ledger) {
	if old == nil || len(l.competencies) != len(old.competencies) {
		return
	}
	number := make(map[string]int32, len(l.number)+1)
	for competency, n := range l.number {
		number[competency] = n
	}
	l.number, l.competencies = number, append(make([]string, 0, len(l.competencies)+1), l.competencies...)
}

// tally adds the referrals of a ledger to a partner's figures.
func (t *traversal) tally(track *graph.TrackFacts, l *ledger) {
	needed := make([]bool, len(l.competencies))
	for i, competency := range l.competencies {
		needed[i] = t.needs(competency)
	}
	for _, p := range l.pages {
		t.facts.Visited += len(p.receipts)
		for i := range p.receipts {
			t.add(track, &p.receipts[i], needed[p.receipts[i].competency])
		}
	}
}

// add counts one referral; needed: for a competency that is, or a narrower one.
func (t *traversal) add(track *graph.TrackFacts, e *receipt, needed bool) {
	if t.fair.holds(e.sent) {
		track.Received++
	}
	if e.opened <= t.q.AsOf && t.q.AsOf < e.closed {
		track.OpenReferrals++
	}
	if needed && t.proof.holds(e.decided) {
		track.Count(e.won, e.decided)
	}
}
