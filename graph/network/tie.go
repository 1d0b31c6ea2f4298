package network

import (
	"math"

	"valueweb/graph"
)

// halfLife is the number of days in which what a referral adds to a tie halves.
const halfLife = 548

// foldable is the number of half-lives on either side of the epoch (some 750 years) within which sums of
// powers stay far from the ends of a float64.
const foldable = 500

// epoch is the day on which folded sums are taken.
var epoch = graph.NewDate(2020, 1, 1)

// tie joins two partners; it does not change. Its weight at a date is
// w = Σ referrals · outcome · 0.5^(age/548 days) + partnership, its strength w/(w+2).
//
// All that has happened to its referrals has happened by latest. From then on no outcome changes and each
// term merely halves every half-life, so that the sum needs no referral: it is base · 0.5^((asOf−epoch)/548).
// An earlier date is summed up from the referrals. Either sum runs in the order of ids, so that an answer
// can be had again to the last digit.
type tie struct {
	referrals    []referral    // ascending by id
	partnerships []partnership // ascending by id
	latest       graph.Date
	base         float64 // Σ outcome · 2^((since−epoch)/548 days)
	folded       bool    // base holds: all dates are near enough to the epoch
}

// moment is a day, and what all sums of that day share.
type moment struct {
	asOf   graph.Date
	decay  float64 // 0.5^((asOf−epoch)/548 days)
	folded bool    // decay holds: the day is near enough to the epoch
}

func newMoment(asOf graph.Date) moment {
	age := halfLives(epoch, asOf)
	return moment{asOf: asOf, decay: math.Exp2(-age), folded: math.Abs(age) <= foldable}
}

func halfLives(from, to graph.Date) float64 { return float64(to.DaysSince(from)) / halfLife }

// newTie makes the tie of records in the order of their ids, nil where there are none.
func newTie(referrals []referral, partnerships []partnership) *tie {
	if len(referrals)+len(partnerships) == 0 {
		return nil
	}
	t := &tie{referrals: referrals, partnerships: partnerships, latest: math.MinInt32, folded: true}
	for i := range referrals {
		first, last := referrals[i].period()
		t.latest = max(t.latest, last)
		t.folded = t.folded && math.Abs(halfLives(epoch, first)) <= foldable && math.Abs(halfLives(epoch, last)) <= foldable
	}
	if t.folded {
		t.base = t.fold()
	}
	return t
}

// fold is the sum of what the referrals are worth in the end, taken at the epoch.
func (t *tie) fold() float64 {
	sum := 0.0
	for i := range t.referrals {
		outcome, since := t.referrals[i].outcome(t.latest)
		sum += float64(outcome * math.Exp2(halfLives(epoch, since)))
	}
	return sum
}

// strength is w/(w+2), 0 for no tie.
func (t *tie) strength(day moment) float64 {
	w := t.trade(day)
	if p := t.closest(day.asOf); p != nil {
		w += p.weight
	}
	return w / (w + 2)
}

// trade is what the referrals add to the weight.
func (t *tie) trade(day moment) float64 {
	if t.folded && day.folded && day.asOf >= t.latest {
		return t.base * day.decay
	}
	return t.dated(day.asOf)
}

// dated is the sum over the referrals that were sent by a day.
func (t *tie) dated(asOf graph.Date) float64 {
	sum := 0.0
	for i := range t.referrals {
		if r := &t.referrals[i]; r.sentOn <= asOf {
			outcome, since := r.outcome(asOf)
			sum += float64(outcome * math.Exp2(-halfLives(since, asOf)))
		}
	}
	return sum
}

// closest is the strongest of the partnerships in force, of equal ones the first; nil for none.
func (t *tie) closest(asOf graph.Date) *partnership {
	var best *partnership
	for i := range t.partnerships {
		p := &t.partnerships[i]
		if p.inForce(asOf) && (best == nil || p.weight > best.weight) {
			best = p
		}
	}
	return best
}

// told is the tie with its evidence, as it stood on a day.
func (t *tie) told(a, b string, day moment) graph.Tie {
	told := graph.Tie{A: a, B: b, Strength: t.strength(day)}
	told.Referrals, told.LastActivity = t.activity(day.asOf)
	if p := t.closest(day.asOf); p != nil {
		told.Partnership = p.id
	}
	return told
}

// activity counts the referrals sent by a day, and finds the last day up to it on which something
// happened to one of them; zero for none.
func (t *tie) activity(asOf graph.Date) (sent int, last graph.Date) {
	if asOf >= t.latest && len(t.referrals) > 0 {
		return len(t.referrals), t.latest
	}
	last = math.MinInt32
	for i := range t.referrals {
		if r := &t.referrals[i]; r.sentOn <= asOf {
			sent, last = sent+1, max(last, r.lastActivity(asOf))
		}
	}
	if sent == 0 {
		return 0, 0
	}
	return sent, last
}
