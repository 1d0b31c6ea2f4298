package network

import (
	"strings"

	"valueweb/graph"
)

// partnership is the part of a partnership that a tie rests on.
type partnership struct {
	id               string
	startsOn, endsOn graph.Date
	weight           float64
	proposed         bool // not every party has accepted it: it is in force on no day
	gone             bool // in a change: the tie loses it
}

func newPartnership(p *graph.Partnership) partnership {
	ends := p.EndsOn
	if last := p.RetiredOn.AddDays(-1); !p.RetiredOn.IsZero() && (ends.IsZero() || last < ends) {
		ends = last // its last day is the one before it was retired
	}
	return partnership{id: p.ID, startsOn: p.StartsOn, endsOn: ends, weight: p.Collaboration.Weight(), proposed: len(p.Pending) > 0}
}

// inForce reports whether the partnership holds on a day.
func (p *partnership) inForce(asOf graph.Date) bool {
	return !p.proposed && (p.startsOn.IsZero() || p.startsOn <= asOf) && (p.endsOn.IsZero() || asOf <= p.endsOn)
}

func comparePartnerships(a, b partnership) int { return strings.Compare(a.id, b.id) }
