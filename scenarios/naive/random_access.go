package naive

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// RandomGuarded makes a small world of which every viewer sees another part: partners that are not public,
// contacts, customers that are served and shared, partnerships of every level around today, chains of
// referrals, walls of every kind, drafts, audiences and invitations. Whatever it names is unguessable: see Tokens.
func RandomGuarded(r *rand.Rand, today string) Rows {
	rows, err := ReadRows(Random(r))
	if err != nil {
		panic(err) // it was written here
	}
	g := &guard{maker: &maker{Rand: r}, rows: rows, today: today}
	g.regions()
	g.partners()
	g.offices()
	g.holdings()
	g.customers()
	g.contacts()
	g.services()
	g.solutions()
	g.partnerships()
	g.referrals()
	g.opportunities()
	g.invitations()
	g.walls()
	g.retire()
	g.mark()
	return rows
}

// guard draws what is left out of the worlds that everybody sees alike.
type guard struct {
	*maker
	rows  Rows
	today string
}

func (g *guard) add(sheet string, row Row) {
	if row["id"] == "" {
		row["id"] = fmt.Sprintf("%s%d", sheet[:3], len(g.rows[sheet]))
	}
	g.rows[sheet] = append(g.rows[sheet], row)
}

// any draws the id of a row of a sheet, "" where it has none.
func (g *guard) any(sheet string) string {
	if len(g.rows[sheet]) == 0 {
		return ""
	}
	return pick(g.Rand, g.rows[sheet])["id"]
}

// few draws up to n different ids of a sheet.
func (g *guard) few(sheet string, n int) []string {
	var all []string
	for _, row := range g.rows[sheet] {
		all = append(all, row["id"])
	}
	return some(g.Rand, all, n)
}

func (g *guard) fewOf(sheet string, n int) string { return strings.Join(g.few(sheet, n), ";") }

// around is a time that mostly holds today, sometimes to the day, and sometimes just does not.
func (g *guard) around() (from, to string) {
	from = pick(g.Rand, []string{"", "", addDays(g.today, -400), addDays(g.today, -400), addDays(g.today, -1), g.today, addDays(g.today, 1)})
	to = pick(g.Rand, []string{"", "", addDays(g.today, 400), addDays(g.today, 400), addDays(g.today, 1), g.today, addDays(g.today, -1)})
	if from != "" && to != "" && to < from {
		to = from
	}
	return from, to
}

func (g *guard) regions() {
	g.add("regions", Row{"id": "europe", "name": "Europe", "countries": "SE"})
	g.add("regions", Row{"id": "dach", "name": "DACH", "countries": "DE;CH", "parent_id": "europe"})
	g.add("regions", Row{"id": "west", "name": "West", "countries": "FR", "parent_id": "europe"})
}

var (
	lands = []string{"DE", "CH", "FR", "FR", "SE", "US", ""}
	tags  = []string{"cloud", "public", "retail", "green"}
)

func (g *guard) partners() {
	for i, p := range g.rows["partners"] {
		p["status"] = pick(g.Rand, []string{"ACTIVE", "ACTIVE", "", p["status"], p["status"], "PENDING", "SUSPENDED"})
		p["discoverable"] = pick(g.Rand, []string{"", "true", "false"})
		p["tags"] = strings.Join(some(g.Rand, tags, g.IntN(4)), ";")
		p["joined_on"] = g.maybe(50, g.date())
		if i > 0 {
			p["part_of"] = g.maybe(25, g.rows["partners"][g.IntN(i)]["id"])
		}
	}
}

func (g *guard) offices() {
	for _, o := range g.rows["offices"] {
		o["country"], o["tags"] = pick(g.Rand, lands), strings.Join(some(g.Rand, tags, g.IntN(3)), ";")
		o["roles"] = g.maybe(50, "DELIVERY;SALES")
	}
}

// holdings keeps one row of each, and names it: how rows join is not what these worlds are about.
func (g *guard) holdings() {
	seen := map[[3]string]bool{}
	g.rows["partner_competencies"] = slices.DeleteFunc(g.rows["partner_competencies"], func(h Row) bool {
		key := [3]string{h["partner_id"], h["competency_id"], h["office_id"]}
		h["id"] = fmt.Sprintf("h%d", len(seen))
		again := seen[key]
		seen[key] = true
		return again
	})
}

func (g *guard) customers() {
	for _, c := range g.rows["customers"] {
		c["consent"] = pick(g.Rand, []string{"true", "false"})
		c["industry"] = pick(g.Rand, []string{"", "retail", "energy"})
	}
	for _, s := range g.rows["sites"] {
		s["country"] = pick(g.Rand, lands)
	}
}

func (g *guard) contacts() {
	role := func() string { return pick(g.Rand, []string{"SALES", "SALES", "TECHNICAL", "MANAGEMENT", ""}) }
	for _, p := range g.rows["partners"] {
		var offices []string
		for _, o := range g.rows["offices"] {
			if o["partner_id"] == p["id"] {
				offices = append(offices, o["id"])
			}
		}
		for range g.IntN(4) {
			at := ""
			if len(offices) > 0 {
				at = g.maybe(50, pick(g.Rand, offices))
			}
			g.add("contacts", Row{"partner_id": p["id"], "office_id": at, "role": role(), "territories": g.fewOf("regions", g.IntN(2))})
		}
	}
	for _, c := range g.rows["customers"] {
		for range g.IntN(3) {
			g.add("contacts", Row{"customer_id": c["id"], "role": role()})
		}
	}
	for _, p := range g.rows["partners"] {
		p["channel_manager"] = g.maybe(40, g.any("contacts"))
	}
}

func (g *guard) services() {
	for range len(g.rows["partners"]) {
		since, until := g.around()
		g.add("customer_partners", Row{
			"customer_id": g.any("customers"), "partner_id": g.any("partners"), "since": since, "until": until,
			"role": pick(g.Rand, []string{"OWNER", "OWNER", "CO_OWNER", "IDENTIFIES", "IMPLEMENTS", "SUPPORTS"}),
		})
	}
}

func (g *guard) solutions() {
	for range 8 {
		g.add("solutions", Row{
			"partner_id": g.fewOf("partners", g.IntN(4)), "competency_ids": g.fewOf("competencies", g.IntN(3)), "builds_on": g.fewOf("solutions", g.IntN(3)),
			"origin": pick(g.Rand, []string{"", "BLUEPRINT", "PARTNER", "JOINT"}),
		})
	}
}

func (g *guard) partnerships() {
	for range len(g.rows["partners"]) / 2 {
		g.add("partnerships", Row{"partners": g.fewOf("partners", 2+g.IntN(2)), "collaboration": pick(g.Rand, []string{"", "LOW", "MEDIUM", "HIGH", "HIGH", "HIGH"})})
	}
	for _, p := range g.rows["partnerships"] {
		p["starts_on"], p["ends_on"] = g.around()
		p["sites"] = g.fewOf("sites", g.IntN(3))
		p["pending"] = g.maybe(12, pick(g.Rand, list(p["partners"])))
		p["data_sharing"] = g.maybe(35, pick(g.Rand, []string{"NONE", "AGGREGATE", "CONSENTED", "INDIVIDUAL"}))
	}
}

// referrals is more of them in chains; those that others pass on are somebody else's to most.
func (g *guard) referrals() {
	for range len(g.rows["partners"]) {
		before := pick(g.Rand, g.rows["referrals"])
		to := g.any("partners")
		if g.chained(before, to) {
			continue
		}
		g.add("referrals", Row{
			"from_partner_id": before["to_partner_id"], "to_partner_id": to, "customer_id": before["customer_id"], "competency_id": before["competency_id"],
			"state": pick(g.Rand, []string{"NEW", "ACTIVE", "WON"}), "sent_on": addDays(before["sent_on"], 10), "parent_id": before["id"],
		})
	}
	for _, r := range g.rows["referrals"] {
		if r["customer_id"] == "" {
			r["customer_id"] = g.maybe(60, g.any("customers"))
		}
	}
}

// chained reports whether a partner is an end of a referral or of one that it passes on.
func (g *guard) chained(r Row, partner string) bool {
	for r != nil {
		if r["from_partner_id"] == partner || r["to_partner_id"] == partner {
			return true
		}
		i := slices.IndexFunc(g.rows["referrals"], func(other Row) bool { return other["id"] == r["parent_id"] })
		if i < 0 {
			return false
		}
		r = g.rows["referrals"][i]
	}
	return false
}

func (g *guard) opportunities() {
	for _, o := range g.rows["opportunities"] {
		if g.chance(15) {
			o["stage"], o["review"], o["closed_on"], o["lost_reason"] = "DRAFT", "", "", ""
		}
		if g.chance(30) {
			o["owner_partner_id"] = ""
		}
		o["shared_in"] = g.fewOf("partnerships", g.IntN(4))
		g.audience(o)
	}
}

// audience addresses an opportunity: to everybody seldom.
func (g *guard) audience(o Row) {
	o["audience"] = pick(g.Rand, []string{"ALL", "NAMED", "NAMED", "FILTER", "FILTER", ""})
	switch o["audience"] {
	case "NAMED":
		o["audience_partner_ids"] = g.fewOf("partners", 1+g.IntN(3))
	case "FILTER":
		g.filter(o)
	}
}

func (g *guard) filter(o Row) {
	if g.chance(40) {
		o["audience_competency_ids"] = g.fewOf("competencies", 1+g.IntN(2))
	}
	o["audience_region"] = g.maybe(25, g.any("regions"))
	o["audience_countries"] = g.maybe(25, pick(g.Rand, []string{"FR", "FR;DE", "US"}))
	o["audience_tags"] = g.maybe(25, strings.Join(some(g.Rand, tags, 1+g.IntN(2)), ";"))
	o["audience_kinds"] = g.maybe(25, strings.Join(some(g.Rand, kinds, 1+g.IntN(4)), ";"))
	o["audience_min_tier"] = g.maybe(25, pick(g.Rand, tiers))
	if g.chance(30) {
		at := pick(g.Rand, g.rows["offices"])
		o["audience_lat"], o["audience_lng"] = at["lat"], at["lng"]
		o["audience_km"] = g.maybe(80, fmt.Sprintf("%d.5", pick(g.Rand, []int{5, 60, 200, 2000})))
	}
}

func (g *guard) invitations() {
	for _, o := range g.rows["opportunities"] {
		for _, p := range g.few("partners", g.IntN(4)) {
			g.add("invitations", Row{"opportunity_id": o["id"], "partner_id": p, "state": pick(g.Rand, []string{"", "PENDING", "ACCEPTED", "DECLINED", "EXPIRED"}), "sent_on": g.date()})
		}
	}
}

// walls is more of them within partnerships, where they keep out one of the parties mostly.
func (g *guard) walls() {
	for _, p := range g.rows["partnerships"] {
		if !g.chance(40) {
			continue
		}
		wall := Row{"partner_id": pick(g.Rand, list(p["partners"])), "partnership_id": p["id"], "competency_id": g.maybe(40, g.any("competencies"))}
		if g.chance(30) {
			wall["segment"] = pick(g.Rand, []string{"SMB", "Öffentliche Hand"})
		} else {
			wall["customer_id"] = g.any("customers")
		}
		g.add("walls", wall)
	}
}

// retire ends a few rows of every sheet around today; what ended on a day is not there on it.
func (g *guard) retire() {
	for _, sheet := range []string{"walls", "partnerships", "customer_partners", "offices", "contacts", "customers", "partner_competencies", "opportunities", "referrals", "sites", "certifications"} {
		for _, row := range g.rows[sheet] {
			if g.chance(6) {
				row["retired_on"] = addDays(g.today, pick(g.Rand, []int{-30, -1, 0, 1, 30}))
			}
		}
	}
}
