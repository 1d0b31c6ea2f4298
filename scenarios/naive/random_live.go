package naive

import (
	"math/rand/v2"
	"strings"
)

// Liven makes of a guarded world one in which much is under way: referrals and invitations that wait for an answer,
// postings that are claimed, registered, reviewed and handed over. Without it most of it would be over. No partner has
// a channel manager: contacts come after partners, and to be named by an import that brings both is a version more.
func (r Rows) Liven(random *rand.Rand, today string) {
	g := &guard{maker: &maker{Rand: random}, rows: r, today: today}
	for _, p := range r["partners"] {
		delete(p, "channel_manager")
	}
	g.referralsUnderWay()
	for _, i := range r["invitations"] {
		i["state"], i["sent_on"] = pick(random, []string{"PENDING", "PENDING", "PENDING", i["state"]}), addDays(today, -random.IntN(18))
	}
	for _, o := range r["opportunities"] {
		if o["stage"] != "DRAFT" && g.chance(80) {
			o["stage"] = pick(random, []string{"PROSPECT", "QUALIFIED", "TECHNICAL_VALIDATION", "BUSINESS_VALIDATION", "COMMITTED"})
			o["closed_on"], o["lost_reason"] = "", ""
		}
		if g.chance(40) {
			o["lead_partner_id"] = ""
		}
		if g.chance(30) {
			o["transfer_to"] = g.any("partners")
		}
		o["posted_by"] = strings.TrimSuffix("PARTNER:"+o["owner_partner_id"], "PARTNER:")
		g.register(o)
	}
}

func (g *guard) referralsUnderWay() {
	passedOn := map[string]bool{}
	for _, r := range g.rows["referrals"] {
		passedOn[r["parent_id"]] = true
	}
	for _, r := range g.rows["referrals"] {
		r["sent_on"] = addDays(g.today, -g.IntN(18))
		r["answered_on"], r["closed_on"] = "", ""
		if r["state"] = pick(g.Rand, []string{"NEW", "NEW", "ACTIVE"}); passedOn[r["id"]] {
			r["state"] = "FORWARDED"
		}
	}
}

// register brings the registration of an opportunity anywhere.
func (g *guard) register(o Row) {
	o["review"] = pick(g.Rand, []string{"", "", "", "SUBMITTED", "IN_REVIEW", "APPROVED", "APPROVED", "ACTION_REQUIRED"})
	switch o["review"] {
	case "SUBMITTED", "IN_REVIEW":
		o["submitted_by"] = o["posted_by"]
	case "APPROVED":
		o["protected_until"] = addDays(g.today, 1+g.IntN(60))
	case "ACTION_REQUIRED":
		o["review_fields"], o["review_note"] = "title;value;needs", "Note "+g.token()
	}
}
