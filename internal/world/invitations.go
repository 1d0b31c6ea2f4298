package world

import (
	"math/rand/v2"
	"slices"
)

// invitation to join an opportunity. Who accepted is a member, who declined stays on record as such.
type invitation struct {
	partner        int
	state          string
	sent, answered day
	reason         string
}

var refusals = []string{"CAPACITY", "COMPETENCY", "PLACE", "CONFLICT", "DUPLICATE", "TERMS", "OTHER"}

// invite sends up to three invitations, to allies of the owner or to holders of any of the needs.
func (w *world) invite(r *rand.Rand, o *opportunity, c customer) {
	end := w.until
	if o.closed != 0 {
		end = o.closed
	}
	for range r.IntN(4) {
		p := w.invitee(r, o)
		if p == nobody || p == o.owner || p == o.lead || !w.isFree(p, *o, c) || o.hasInvited(p) {
			continue
		}
		if v := newInvitation(r, p, o.posted, end); v.state != "PENDING" || o.closed == 0 {
			o.invitations = append(o.invitations, v)
		}
	}
}

func (w *world) invitee(r *rand.Rand, o *opportunity) int {
	if o.owner != nobody && len(w.partners[o.owner].partnerships) > 0 && chance(r, 40) {
		return one(r, w.partnerships[one(r, w.partners[o.owner].partnerships)].parties)
	}
	if holders := w.holders[o.continent][one(r, o.needs).competency]; len(holders) > 0 {
		return one(r, holders)
	}
	return nobody
}

// newInvitation is answered within its fourteen days, or is PENDING at the end of the history.
func newInvitation(r *rand.Rand, partner int, posted, end day) invitation {
	v := invitation{partner: partner, sent: min(end, posted+day(r.IntN(15)))}
	answered := v.sent + day(between(r, 1, 13))
	switch fate := r.IntN(100); {
	case fate < 12 && v.sent+expiry <= end:
		v.state = "EXPIRED"
	case answered > end:
		v.state = "PENDING"
	case fate < 40:
		v.state, v.answered, v.reason = "DECLINED", answered, one(r, refusals)
	default:
		v.state, v.answered = "ACCEPTED", answered
	}
	return v
}

func (o *opportunity) hasInvited(p int) bool {
	return slices.ContainsFunc(o.invitations, func(v invitation) bool { return v.partner == p })
}

// invited lists those whose invitation is in a state.
func (o *opportunity) invited(state string) []int {
	var partners []int
	for _, v := range o.invitations {
		if v.state == state {
			partners = append(partners, v.partner)
		}
	}
	return partners
}

func (w *world) invitationRows(yield func([]string) bool) {
	for i := range w.spec.opportunities {
		o := w.opportunity(i)
		for _, v := range o.invitations {
			row := []string{w.opportunityID(i), w.partners[v.partner].id, v.state, v.sent.String(), v.answered.String(), v.reason, synthetic}
			if !yield(row) {
				return
			}
		}
	}
}
