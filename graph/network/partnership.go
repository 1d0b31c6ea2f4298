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
	gone             bool // in a change: the tie loses it
}

func newPartnership(p *graph.Partnership) partnership {
	return partnership{id: p.ID, startsOn: p.StartsOn, endsOn: p.EndsOn, weight: p.Collaboration.Weight()}
}

// inForce reports whether the partnership holds on a day; a retired one is in no tie at all.
func (p *partnership) inForce(asOf graph.Date) bool {
	return (p.startsOn.IsZero() || p.startsOn <= asOf) && (p.endsOn.IsZero() || asOf <= p.endsOn)
}

func comparePartnerships(a, b partnership) int { return strings.Compare(a.id, b.id) }
