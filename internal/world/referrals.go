package world

import (
	"math/rand/v2"
	"slices"
)

// referral is an introduction of a customer; customer is -1 where none is named.
type referral struct {
	from, to, customer     int
	competency, state      string
	value                  money
	sent, answered, closed day
	parent                 int // number of the referral that it continues, counted from 1; 0: none
}

// referralRows come chain by chain, a parent before its child, until there are enough. Only one chain is held at a time.
func (w *world) referralRows(yield func([]string) bool) {
	n := 0
	for _, f := range w.cast.referrals {
		n++
		if !yield(w.referralRow(n, f)) {
			return
		}
	}
	for i := 0; n < w.spec.referrals; i++ {
		for k, f := range w.chain(i, w.spec.referrals-n) {
			n++
			if k > 0 {
				f.parent = n - 1
			}
			if !yield(w.referralRow(n, f)) {
				return
			}
		}
	}
}

func (w *world) referralRow(n int, f referral) []string {
	customer, parent := "", ""
	if f.customer >= 0 {
		customer = w.customerID(f.customer)
	}
	if f.parent > 0 {
		parent = number("ref", f.parent, w.spec.referrals)
	}
	return []string{number("ref", n, w.spec.referrals), w.partners[f.from].id, w.partners[f.to].id, customer, f.competency, f.state,
		f.value.amount(), f.value.currency, f.sent.String(), f.answered.String(), f.closed.String(), parent, synthetic}
}

// chain is the i-th introduction and what it was forwarded to: one referral mostly, at times two or three, never back to
// a partner that it has passed, and at most room of them. It may be empty.
func (w *world) chain(i, room int) []referral {
	r := w.stream("referrals", i)
	sent, from := w.occasion(r)
	f := referral{from: from, customer: -1, sent: sent}
	var c customer
	if !chance(r, 10) && from >= 0 {
		f.customer = w.customerNear(r, from)
		c = w.customer(f.customer)
	}
	length := min(room, one(r, w.chains))
	path := []int{f.from}
	var chain []referral
	for len(chain) < length {
		f.to = w.recipient(r, path, f, c)
		if f.to < 0 {
			break
		}
		if f.competency == "" {
			f.competency = one(r, w.partners[f.to].holdings).competency
		}
		f.answered = f.sent + day(r.IntN(14))
		chain, path = append(chain, f), append(path, f.to)
		f.from, f.sent = f.to, f.answered+day(r.IntN(8))
		if f.sent > w.until {
			break
		}
	}
	w.conclude(r, chain, c)
	return chain
}

// customerNear is one of the partner's continent, rather an early one.
func (w *world) customerNear(r *rand.Rand, partner int) int {
	continent := w.continentOf(partner)
	n := w.countIn(continent, w.spec.customers)
	return min(r.IntN(n), r.IntN(n))*len(w.continents) + continent
}

// occasion is who refers, and when: half of all referrals are sent about the time of a campaign, by its circle.
func (w *world) occasion(r *rand.Rand) (day, int) {
	everyone := &w.continents[w.anyContinent(r)].peers
	sent, senders := w.inSeason(r, func() day { return w.from + day(r.IntN(int(w.until-w.from)+1)) }), everyone
	if chance(r, 50) {
		k := r.IntN(len(w.campaigns))
		sent = min(w.until, w.campaigns[k]+day(r.IntN(8)+r.IntN(8)))
		senders = &w.circles[k%len(w.circles)].peers
	}
	from := pick(r, senders.draw, func(p int) bool { return w.takesPart(p, sent) })
	if from < 0 {
		from = pick(r, everyone.draw, func(p int) bool { return w.takesPart(p, sent) })
	}
	return sent, from
}

// recipient is mostly of the sender's circle; -1 if none was found, or there is no sender.
func (w *world) recipient(r *rand.Rand, path []int, f referral, c customer) int {
	if f.from < 0 {
		return -1
	}
	return pick(r, w.drawRecipient(r, f.from), func(p int) bool {
		return !slices.Contains(path, p) && w.takesPart(p, f.sent) && !(f.customer >= 0 && w.keptOut(p, f.customer, c))
	})
}

// drawRecipient draws from the acquaintances of a sender, the first of them most often, or from those of everyone.
func (w *world) drawRecipient(r *rand.Rand, from int) func(*rand.Rand) int {
	if w.acquaintances == 0 {
		return w.recipients(r, from).draw
	}
	return func(r *rand.Rand) int {
		n := min(r.IntN(w.acquaintances), r.IntN(w.acquaintances))
		known := w.stream("acquaintances", from*w.acquaintances+n)
		return w.recipients(known, from).draw(known)
	}
}

// recipients are those of the sender's circle mostly, or of its continent, and seldom of another one.
func (w *world) recipients(r *rand.Rand, from int) *urn {
	if chance(r, w.circleShare) {
		return &w.circles[w.partners[from].circle].recipients
	}
	continent := w.continentOf(from)
	if w.abroad > 0 && chance(r, w.abroad) {
		continent = w.anyContinent(r)
	}
	return &w.continents[continent].recipients
}

// conclude gives a chain its states: what its last referral came to, its forerunners came to on the same day.
func (w *world) conclude(r *rand.Rand, chain []referral, c customer) {
	if len(chain) == 0 {
		return
	}
	last := &chain[len(chain)-1]
	w.answer(r, last, len(chain) > 1)
	last.value = w.referralValue(r, last.state, c)
	for i := range chain[:len(chain)-1] {
		f := &chain[i]
		f.state, f.closed, f.value = "FORWARDED", last.closed, last.value
		if last.closed != 0 {
			f.state = last.state
		}
	}
}

// answer gives one referral its state, as far as things had gone by the end of the history; what was forwarded is never
// refused.
func (w *world) answer(r *rand.Rand, f *referral, forwarded bool) {
	fate := r.IntN(100)
	closing := f.answered + day(between(r, 8, 150))
	switch {
	case fate < 7 && !forwarded && f.sent+expiry <= w.until:
		f.state, f.answered, f.closed = "EXPIRED", 0, f.sent+expiry
	case f.answered > w.until:
		f.state, f.answered = "NEW", 0
	case fate < 18 && !forwarded:
		f.state, f.closed = "DECLINED", f.answered
	case closing > w.until:
		f.state = "ACTIVE"
	case chance(r, w.partners[f.to].wins):
		f.state, f.closed = "WON", closing
	default:
		f.state, f.closed = "LOST", closing
	}
}

// expiry is when the clock closes a referral that nobody answered: the day after the fourteen days it had.
const expiry = 15

func (w *world) referralValue(r *rand.Rand, state string, c customer) money {
	if state == "DECLINED" || state == "EXPIRED" || state != "WON" && chance(r, 35) {
		return money{}
	}
	return w.newValue(r, c)
}

// newValue is small as a rule and now and then very large.
func (w *world) newValue(r *rand.Rand, c customer) money {
	magnitudes := []int{1_500, 4_000, 4_000, 9_000, 9_000, 9_000, 20_000, 20_000, 45_000, 120_000}
	return money{cents: int64(one(r, magnitudes))*int64(between(r, 60, 220)) + int64(r.IntN(100)), currency: w.currencyFor(c)}
}
