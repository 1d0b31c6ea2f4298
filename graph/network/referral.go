package network

import (
	"slices"
	"strings"

	"valueweb/graph"
)

// referral is the part of a referral that a tie rests on.
type referral struct {
	id                           string
	sentOn, answeredOn, closedOn graph.Date
	state                        uint8 // place in graph.ReferralStates
	up                           bool  // went from the partner with the smaller number to the other
	gone                         bool  // in a change: the tie loses it
}

func newReferral(r *graph.Referral, up bool) referral {
	return referral{
		id: r.ID, sentOn: r.SentOn, answeredOn: r.AnsweredOn, closedOn: r.ClosedOn,
		state: stateNumber(r.State), up: up,
	}
}

// stateNumber is the place of a state in graph.ReferralStates; one that is not listed counts as NEW.
func stateNumber(state graph.ReferralState) uint8 {
	return uint8(max(0, slices.Index(graph.ReferralStates, state)))
}

// timeline gives the referral to the rules of the domain.
func (r *referral) timeline() graph.ReferralTimeline {
	return graph.ReferralTimeline{
		State: graph.ReferralStates[r.state], SentOn: r.sentOn, AnsweredOn: r.answeredOn, ClosedOn: r.closedOn,
	}
}

// outcome is what a referral that was sent by a day counts on it, before age, and the day from which its
// age runs.
func (r *referral) outcome(asOf graph.Date) (outcome float64, since graph.Date) {
	t := r.timeline()
	switch {
	case t.ClosedBy(asOf) && t.State == graph.ReferralWon:
		return 1, t.Closing()
	case t.ClosedBy(asOf):
		return 0, t.Closing()
	case t.AnsweredBy(asOf):
		return 0.5, t.SentOn
	}
	return 0.25, t.SentOn
}

// dates are the days on which something happened to the referral: its sending, and where they are known
// its answer and its closing.
func (r *referral) dates() (dates [3]graph.Date, n int) {
	dates[0], n = r.sentOn, 1
	for _, date := range [2]graph.Date{r.answeredOn, r.timeline().Closing()} {
		if !date.IsZero() {
			dates[n] = date
			n++
		}
	}
	return dates, n
}

// period is the first and the last day on which something happened to the referral.
func (r *referral) period() (first, last graph.Date) {
	dates, n := r.dates()
	return slices.Min(dates[:n]), slices.Max(dates[:n])
}

// lastActivity is the last day up to asOf on which something happened to a referral sent by then.
func (r *referral) lastActivity(asOf graph.Date) graph.Date {
	dates, n := r.dates()
	last := r.sentOn
	for _, date := range dates[:n] {
		if date <= asOf {
			last = max(last, date)
		}
	}
	return last
}

func compareReferrals(a, b referral) int { return strings.Compare(a.id, b.id) }
