package neo4jstore

import (
	"slices"

	"valueweb/graph"
)

// course is how far the log has come, and which events were the last of those that alter what somebody may see, and
// of those that, besides, may bring an opportunity into or out of sight.
type course struct{ seq, altered, moved int64 }

// courseOf reads how far the log has come as a statement tells it, false where there is no log. What the log does not
// note up to its last event, as an earlier program would not, may have happened up to now.
func courseOf(found row) (course, bool) {
	log := found.within("course")
	seq, ok := log["seq"].(int64)
	noted := func(name string) int64 {
		if at, told := log[name].(int64); told && log["noted"] == seq {
			return at
		}
		return seq
	}
	return course{seq: seq, altered: noted("altered"), moved: noted("moved")}, ok
}

// after is the course once a transaction is committed.
func (c course) after(t *tx) course {
	c.seq += int64(len(t.events))
	if t.altered {
		c.altered = c.seq
	}
	if t.moved {
		c.moved = c.seq
	}
	return c
}

// moving are the kinds that, beside those that alter an access, decide which opportunities stand in a viewer's lists.
var moving = map[graph.Kind]bool{graph.KindOpportunity: true, graph.KindInvitation: true, graph.KindSite: true}

// alters reports whether changes alter what somebody may see, and whether they move an opportunity into or out of sight.
func alters(changed []graph.Node) (altered, moved bool) {
	for _, node := range changed {
		altered = altered || node.Kind().AltersAccess()
		moved = moved || moving[node.Kind()]
	}
	return altered, altered || moved
}

// ofOpportunities are the lists that statements compare with, and that opportunities, invitations and sites decide.
var ofOpportunities = map[string]bool{"opportunities": true, "walledOpportunities": true}

// ofOpportunities reports whether a statement compares with these lists.
func (s statement) ofOpportunities() bool {
	return slices.ContainsFunc(s.viewer, func(name string) bool { return ofOpportunities[name] })
}

// bound is the seq that what is known of a viewer must have reached to be asked a statement with.
func (c course) bound(what statement) int64 {
	if what.ofOpportunities() {
		return c.moved
	}
	return c.altered
}
