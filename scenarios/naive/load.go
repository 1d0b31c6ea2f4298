package naive

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// Load reads the sheets of a world; any may be absent, and so may columns. It
// also reads the real data set as it stands: its kinds, and relations.csv as
// LOW partnerships of two that are always in force.
func Load(fsys fs.FS) (*World, error) {
	l := &loader{fsys: fsys}
	w := &World{
		Offices: map[string][]Office{}, Holdings: map[string][]Holding{}, Certificates: map[string][]Certificate{},
		Broader: map[string][]string{}, Customers: map[string]Customer{}, Sites: map[string]Site{},
		Opportunities: map[string]Opportunity{},
	}
	for _, r := range l.rows("partners") {
		w.Partners = append(w.Partners, Partner{
			ID: r["id"], Kind: kindOf(r["kind"]), Status: or(r["status"], "ACTIVE"), Tier: or(r["tier"], "REGISTERED"),
			Capacity: l.number(or(r["capacity"], "10")),
		})
	}
	slices.SortFunc(w.Partners, func(a, b Partner) int { return cmp.Compare(a.ID, b.ID) })
	for i, r := range l.rows("offices") {
		id := or(r["id"], "office row "+strconv.Itoa(i))
		w.Offices[r["partner_id"]] = append(w.Offices[r["partner_id"]], Office{ID: id, Partner: r["partner_id"], At: l.point(r)})
	}
	for _, r := range l.rows("competencies") {
		w.Broader[r["id"]] = list(r["parent_id"])
	}
	w.Below = map[string]map[string]bool{}
	for c := range w.Broader {
		w.Below[c] = w.narrower(c)
	}
	for _, r := range l.rows("partner_competencies") {
		w.Holdings[r["partner_id"]] = append(w.Holdings[r["partner_id"]], Holding{
			Partner: r["partner_id"], Competency: r["competency_id"], Office: r["office_id"],
			Level: l.number(or(r["level"], "0")), Since: r["since"], Until: r["until"], Remote: truth(r["remote"]),
		})
	}
	for partner, rows := range w.Holdings {
		w.Holdings[partner] = merge(rows)
	}
	for i, r := range l.rows("certifications") {
		w.Certificates[r["partner_id"]] = append(w.Certificates[r["partner_id"]], Certificate{
			ID: or(r["id"], "certification row "+strconv.Itoa(i)), Partner: r["partner_id"], Competency: r["competency_id"],
			Office: r["office_id"], Issued: r["issued_on"], Expires: r["expires_on"], Verified: truth(or(r["verified"], "true")),
		})
	}
	l.places(w)
	l.network(w)
	return w, errors.Join(l.errs...)
}

func (l *loader) places(w *World) {
	for _, r := range l.rows("customers") {
		w.Customers[r["id"]] = Customer{ID: r["id"], Segment: r["segment"]}
	}
	for _, r := range l.rows("sites") {
		w.Sites[r["id"]] = Site{ID: r["id"], Customer: r["customer_id"], At: l.point(r)}
	}
	for _, r := range l.rows("walls") {
		w.Walls = append(w.Walls, Wall{
			Partner: r["partner_id"], Customer: r["customer_id"], Segment: r["segment"],
			Competency: r["competency_id"], Partnership: r["partnership_id"],
		})
	}
}

func (l *loader) network(w *World) {
	for i, r := range l.rows("partnerships") {
		if r["pending"] != "" {
			continue // until every party has accepted it, it is on no day in force
		}
		w.Partnerships = append(w.Partnerships, Partnership{
			ID: or(r["id"], "partnership row "+strconv.Itoa(i)), Parties: list(r["partners"]), Collaboration: or(r["collaboration"], "LOW"),
			Starts: r["starts_on"], Ends: r["ends_on"],
		})
	}
	for i, r := range l.rows("relations") {
		w.Partnerships = append(w.Partnerships, Partnership{
			ID: "relation row " + strconv.Itoa(i), Parties: []string{r["from_partner_id"], r["to_partner_id"]}, Collaboration: "LOW",
		})
	}
	for _, r := range l.rows("referrals") {
		w.Referrals = append(w.Referrals, Referral{
			ID: r["id"], From: r["from_partner_id"], To: r["to_partner_id"], Competency: r["competency_id"], State: r["state"],
			Sent: r["sent_on"], Answered: r["answered_on"], Closed: r["closed_on"],
		})
	}
	slices.SortFunc(w.Referrals, func(a, b Referral) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range l.rows("opportunities") {
		o := Opportunity{
			ID: r["id"], Customer: r["customer_id"], Site: r["site_id"], Owner: r["owner_partner_id"], Lead: r["lead_partner_id"],
			Stage: r["stage"], Review: r["review"], Members: list(r["member_partner_ids"]), Declined: list(r["declined_partner_ids"]),
			Posted: r["posted_on"], Closed: r["closed_on"],
		}
		if r["lat"] != "" {
			p := l.point(r)
			o.At = &p
		}
		for _, need := range list(r["needs"]) {
			competency, level, _ := strings.Cut(need, ":")
			o.Needs = append(o.Needs, Need{Competency: competency, MinLevel: l.number(or(level, "1"))})
		}
		w.Opportunities[o.ID] = o
	}
}

// merge joins rows of one (competency, office) whose dates overlap into one
// holding: the highest stated level, the earliest since, the latest until,
// remote if any is. Joining may make further rows overlap, so it goes on until
// nothing changes.
func merge(rows []Holding) []Holding {
	for i := range rows {
		for j := i + 1; j < len(rows); j++ {
			a, b := rows[i], rows[j]
			if a.Competency != b.Competency || a.Office != b.Office || !overlap(a, b) {
				continue
			}
			a.Level, a.Remote = max(a.Level, b.Level), a.Remote || b.Remote
			a.Since = min(a.Since, b.Since) // "" is earlier than any date
			if a.Until == "" || b.Until == "" {
				a.Until = ""
			} else {
				a.Until = max(a.Until, b.Until)
			}
			rows[i] = a
			return merge(slices.Delete(rows, j, j+1))
		}
	}
	return rows
}

func overlap(a, b Holding) bool {
	return (a.Until == "" || b.Since <= a.Until) && (b.Until == "" || a.Since <= b.Until)
}

// kindOf keeps the product's own kinds and reads those of the real data set.
func kindOf(kind string) string {
	switch kind {
	case "VENDOR", "DISTRIBUTOR", "RESELLER", "INTEGRATOR", "ISV", "CONSULTANCY", "SERVICE_PROVIDER", "MANUFACTURER", "AGENCY":
		return kind
	case "connectivity-provider", "via-exchange-provider", "satellite-operator", "kubernetes-service-provider", "msp":
		return "SERVICE_PROVIDER"
	case "system-integrator":
		return "INTEGRATOR"
	case "kubernetes-vendor", "technology-vendor":
		return "VENDOR"
	}
	return "OTHER"
}

// number reads a cell, and remembers what is none.
func (l *loader) number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("reading a number: %w", err))
	}
	return f
}

func (l *loader) point(r map[string]string) Point {
	return Point{Lat: l.number(r["lat"]), Lng: l.number(r["lng"])}
}
