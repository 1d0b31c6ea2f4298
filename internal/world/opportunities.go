package world

import (
	"math/rand/v2"
	"slices"
)

// nobody stands where a partner or customer could.
const nobody = -1

// opportunity is a posted gap, for a customer (at one of its sites, or any) or at a point.
type opportunity struct {
	title                  string
	customer               int // nobody: at a point
	site                   string
	at                     point
	needs                  []need
	owner, lead            int // no owner: the operator's
	stage, review          string
	value                  money
	posted, closed         day
	lostReason             string
	audience               audience
	invitations            []invitation
	shared                 bool
	country, placeCurrency string
	continent              int
}

// need is a competency and the least level; 0 for any.
type need struct {
	competency string
	level      int
}

func (n need) String() string {
	if n.level == 0 {
		return n.competency
	}
	return n.competency + ":" + stated(n.level)
}

var (
	openStages = []string{"PROSPECT", "PROSPECT", "QUALIFIED", "QUALIFIED", "TECHNICAL_VALIDATION", "BUSINESS_VALIDATION", "COMMITTED"}
	openReview = []string{"", "", "", "SUBMITTED", "IN_REVIEW", "APPROVED", "APPROVED", "ACTION_REQUIRED", "REJECTED", "WITHDRAWN"}
	losses     = []string{"PRICE", "TIMING", "COMPETITOR", "NO_BUDGET", "NO_DECISION", "PARTNER_GAP", "PEOPLE", "SCOPE", "OTHER"}
)

// opportunity makes the i-th anew whenever a sheet needs it.
func (w *world) opportunity(i int) opportunity {
	if i < len(w.cast.opportunities) {
		return w.cast.opportunities[i]
	}
	r := w.stream("opportunities", i)
	var o opportunity
	w.setCourse(r, &o)
	c := w.setPlace(r, &o, i)
	o.owner = w.posterOf(r, o, i, c)
	w.setLead(r, &o, c)
	o.review = w.reviewOf(r, o, i)
	if o.stage == "COMMITTED" || o.stage == "LAUNCHED" || chance(r, 65) {
		o.value = w.newValue(r, c)
		o.value.currency = o.placeCurrency
	}
	if o.stage != "DRAFT" {
		w.invite(r, &o, c)
	}
	o.audience = w.audienceOf(r, o)
	o.shared = chance(r, 60)
	return o
}

// setCourse draws how far it came, and when: some are closed, few are drafts.
func (w *world) setCourse(r *rand.Rand, o *opportunity) {
	switch course := r.IntN(100); {
	case course < 5:
		o.stage = "DRAFT"
	case course < 5+w.closed:
		o.stage = "LAUNCHED"
		if course >= 5+w.closed/2 {
			o.stage, o.lostReason = "LOST", one(r, losses)
		}
		o.posted = w.until - day(between(r, 60, w.lookback))
		o.closed = min(w.until, o.posted+day(between(r, 40, 240)))
	default:
		o.stage = one(r, openStages)
		o.posted = w.until - day(min(r.IntN(240), r.IntN(240)))
	}
}

// setPlace goes round the customers that have sites, so that none has two before each has one; every twelfth is at a point.
func (w *world) setPlace(r *rand.Rand, o *opportunity, i int) customer {
	if i%12 == 11 {
		o.continent = w.continentOf(i / 12)
		place := w.places[w.anyPlace(r, o.continent)]
		o.customer, o.at = nobody, place.near(r)
		o.country, o.placeCurrency = place.country, currencyOf(place.country)
		w.setNeeds(r, o, one(r, w.trades).wants)
		o.title = w.competency(o.needs[0].competency).name + " in " + place.name
		return customer{}
	}
	o.customer = i * 7919 % w.sited()
	o.continent = w.continentOf(o.customer)
	c := w.customer(o.customer)
	at := one(r, c.sites)
	if chance(r, 60) {
		o.site = at.id
	}
	o.country, o.placeCurrency, o.at = w.places[at.place].country, w.currencyFor(c), at.at
	w.setNeeds(r, o, c.wants)
	o.title = w.competency(o.needs[0].competency).name + " for " + c.name
	return c
}

// sited is how many customers have a site: the first ones.
func (w *world) sited() int {
	return w.spec.customers - w.siteless
}

// setNeeds draws one to three competencies of the trades wanted.
func (w *world) setNeeds(r *rand.Rand, o *opportunity, wants []string) {
	for range one(r, []int{1, 1, 1, 2, 2, 3}) {
		n := need{competency: w.spec.market[w.market.draw(r)]}
		for range tries {
			if slices.Contains(wants, w.root(n.competency)) && !o.asksFor(n.competency) {
				break
			}
			n.competency = w.spec.market[w.market.draw(r)]
		}
		if o.asksFor(n.competency) {
			continue
		}
		if chance(r, 45) {
			n.level = between(r, 2, 4)
		}
		o.needs = append(o.needs, n)
	}
}

func (o *opportunity) asksFor(competency string) bool {
	return slices.ContainsFunc(o.needs, func(n need) bool { return n.competency == competency })
}

// posterOf is the owner of the customer, if it was there in time, else any partner; every twentieth is the operator's.
func (w *world) posterOf(r *rand.Rand, o opportunity, i int, c customer) int {
	if i%20 == 19 {
		return nobody
	}
	if o.customer != nobody {
		if services := w.services(o.customer, c); len(services) > 0 && w.isFree(services[0].partner, o, c) {
			return services[0].partner
		}
	}
	return pick(r, w.continents[o.continent].peers.draw, func(p int) bool { return w.isFree(p, o, c) })
}

// isFree: ACTIVE, there in time, and not walled off.
func (w *world) isFree(p int, o opportunity, c customer) bool {
	at := &w.partners[p]
	return at.status == active && (o.posted == 0 || at.joined <= o.posted) && !(o.customer != nobody && w.keptOut(p, o.customer, c))
}

// setLead lets a holder of the first need have claimed it, the likelier the further it came.
func (w *world) setLead(r *rand.Rand, o *opportunity, c customer) {
	o.lead = nobody
	holders := w.holders[o.continent][o.needs[0].competency]
	if o.stage == "DRAFT" || o.stage == "PROSPECT" && !chance(r, 20) || o.stage == "QUALIFIED" && chance(r, 40) || len(holders) == 0 {
		return
	}
	for range tries {
		if p := one(r, holders); p != o.owner && w.partners[p].capacity != 0 && w.isFree(p, *o, c) {
			o.lead = p
			return
		}
	}
}

// reviewOf: only the first posting for a customer may be APPROVED, as approval protects it.
func (w *world) reviewOf(r *rand.Rand, o opportunity, i int) string {
	review := one(r, openReview)
	switch {
	case o.customer == nobody || o.owner == nobody || o.stage == "DRAFT":
		return ""
	case o.closed != 0 && review != "APPROVED", i >= w.sited() && review == "APPROVED":
		return ""
	}
	return review
}

func (w *world) opportunityID(i int) string {
	return number("opp", i+1, w.spec.opportunities)
}

func (w *world) opportunityRows(yield func([]string) bool) {
	for i := range w.spec.opportunities {
		if !yield(w.opportunityRow(i, w.opportunity(i))) {
			return
		}
	}
}

func (w *world) opportunityRow(i int, o opportunity) []string {
	customer, lat, lng := "", degrees(o.at.lat), degrees(o.at.lng)
	if o.customer != nobody {
		customer, lat, lng = w.customer(o.customer).id, "", ""
	}
	var needs, shared []string
	for _, n := range o.needs {
		needs = append(needs, n.String())
	}
	members := o.invited("ACCEPTED")
	if o.shared && o.owner != nobody {
		shared = w.sharedIn(o.owner, append(slices.Clone(members), o.lead))
	}
	row := []string{w.opportunityID(i), o.title, customer, o.site, lat, lng, list(needs...), w.partnerID(o.owner), w.partnerID(o.lead),
		list(w.partnerIDs(members)...), list(w.partnerIDs(o.invited("DECLINED"))...), o.stage, o.review, o.value.amount(), o.value.currency,
		o.posted.String(), o.closed.String(), o.lostReason}
	return append(append(row, w.audienceCells(o.audience)...), list(shared...), synthetic)
}

// partnerID is empty for nobody.
func (w *world) partnerID(p int) string {
	if p == nobody {
		return ""
	}
	return w.partners[p].id
}

func (w *world) partnerIDs(numbers []int) []string {
	var ids []string
	for _, p := range numbers {
		ids = append(ids, w.partnerID(p))
	}
	return ids
}
