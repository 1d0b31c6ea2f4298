package naive

import (
	"slices"
	"strings"
)

// Viewer is who asks: OPERATOR, PARTNER, CUSTOMER or ANALYST.
type Viewer struct{ Role, Organisation string }

// String is the viewer as a request names it.
func (v Viewer) String() string { return strings.TrimSuffix(v.Role+":"+v.Organisation, ":") }

// Sight is what a viewer sees of a world on a day: docs/access.md, word for word and by the plainest loops.
type Sight struct {
	Viewer
	rows       Rows
	today      string
	byID       map[string]map[string]Row  // sheet → id → row
	below      map[string]map[string]bool // competency → itself and all narrower ones
	walls      []Row                      // walls of me
	kin        map[string]bool
	customers  map[string]bool // that a PARTNER may read
	seen, told Rows            // Visible and Readable, once figures were asked for
}

// See is the sight of a viewer.
func See(rows Rows, v Viewer, today string) *Sight {
	s := &Sight{Viewer: v, rows: rows, today: today, byID: map[string]map[string]Row{}}
	for sheet, all := range rows {
		s.byID[sheet] = map[string]Row{}
		for _, row := range all {
			s.byID[sheet][row["id"]] = row
		}
	}
	s.below = rows.below()
	if v.Role == "PARTNER" {
		s.walls = s.wallsOf("")
		s.kin = s.kinOfMe()
		s.customers = s.customersOfMe()
	}
	return s
}

// below is every competency with all narrower ones.
func (r Rows) below() map[string]map[string]bool {
	w := World{Broader: map[string][]string{}}
	for _, c := range r["competencies"] {
		w.Broader[c["id"]] = list(c["parent_id"])
	}
	all := map[string]map[string]bool{}
	for c := range w.Broader {
		all[c] = w.narrower(c)
	}
	return all
}

// Refused reports whether the viewer may ask nothing at all.
func (s *Sight) Refused() bool {
	switch me := s.byID["partners"][s.Organisation]; s.Role {
	case "PARTNER":
		return me == nil || me["status"] == "SUSPENDED" || me["status"] == "LEFT"
	case "CUSTOMER":
		c := s.byID["customers"][s.Organisation]
		return c == nil || !s.live(c)
	}
	return false
}

// live reports whether a row is not retired.
func (s *Sight) live(row Row) bool { return row["retired_on"] == "" || s.today < row["retired_on"] }

func active(partner Row) bool { return or(partner["status"], "ACTIVE") == "ACTIVE" }

func discoverable(partner Row) bool { return truth(or(partner["discoverable"], "true")) }

// serves reports whether a row of customer_partners counts today.
func (s *Sight) serves(row Row) bool {
	return s.live(row) && inForce(row["since"], row["until"], s.today)
}

func (s *Sight) inForce(partnership Row) bool {
	return partnership["pending"] == "" && s.live(partnership) && inForce(partnership["starts_on"], partnership["ends_on"], s.today)
}

// sharing is what a partnership shares: what it states, else what its level implies.
func sharing(partnership Row) string {
	implied := map[string]string{"": "AGGREGATE", "LOW": "AGGREGATE", "MEDIUM": "CONSENTED", "HIGH": "INDIVIDUAL"}
	return or(partnership["data_sharing"], implied[partnership["collaboration"]])
}

// customerOf is the customer of an opportunity, else of its site.
func (s *Sight) customerOf(opportunity Row) string {
	return or(opportunity["customer_id"], s.byID["sites"][opportunity["site_id"]]["customer_id"])
}

// wallsOf are the walls that keep me out within a partnership; "": within none.
func (s *Sight) wallsOf(partnership string) (walls []Row) {
	for _, wall := range s.rows["walls"] {
		if wall["partner_id"] == s.Organisation && wall["partnership_id"] == partnership && s.live(wall) {
			walls = append(walls, wall)
		}
	}
	return walls
}

// applies reports whether a wall is around a customer.
func (s *Sight) applies(wall Row, customer string) bool {
	if customer == "" {
		return false
	}
	segment := s.byID["customers"][customer]["segment"]
	return wall["customer_id"] == customer || wall["segment"] != "" && wall["segment"] == segment
}

// around reports whether one of some walls keeps out what concerns a customer and one of some competencies,
// or the customer as a whole.
func (s *Sight) around(walls []Row, customer string, competencies ...string) bool {
	return slices.ContainsFunc(walls, func(wall Row) bool {
		scope := wall["competency_id"]
		return s.applies(wall, customer) && (scope == "" || slices.ContainsFunc(competencies, func(c string) bool { return s.below[scope][c] }))
	})
}

// needsOf are the competencies that an opportunity needs.
func needsOf(opportunity Row) (competencies []string) {
	for _, need := range list(opportunity["needs"]) {
		competency, _, _ := strings.Cut(need, ":")
		competencies = append(competencies, competency)
	}
	return competencies
}

func (s *Sight) referralWalled(r Row) bool {
	return s.around(s.walls, r["customer_id"], r["competency_id"])
}

// mine reports whether I sent or received a referral.
func (s *Sight) mine(r Row) bool {
	return r["from_partner_id"] == s.Organisation || r["to_partner_id"] == s.Organisation
}

// follows reports whether a referral is mine or passes on one of mine, over steps that no wall hides.
func (s *Sight) follows(r Row) bool {
	for steps := 0; r != nil && steps <= len(s.rows["referrals"]) && !s.referralWalled(r); steps++ {
		if s.mine(r) {
			return true
		}
		r = s.byID["referrals"][r["parent_id"]]
	}
	return false
}

// kinOfMe are the parties of my partnerships and the ends of the referrals that I may read.
func (s *Sight) kinOfMe() map[string]bool {
	kin := map[string]bool{s.Organisation: true}
	for _, p := range s.rows["partnerships"] {
		if parties := list(p["partners"]); slices.Contains(parties, s.Organisation) {
			for _, party := range parties {
				kin[party] = true
			}
		}
	}
	for _, r := range s.rows["referrals"] {
		if s.follows(r) {
			kin[r["from_partner_id"]], kin[r["to_partner_id"]] = true, true
		}
	}
	return kin
}

// Visible is the world without what is hidden.
func (s *Sight) Visible() Rows {
	return s.rows.keep(func(sheet string, row Row) bool { return !s.hides(sheet, row) })
}

// hides reports whether a row is hidden by itself, whatever hangs on it.
func (s *Sight) hides(sheet string, row Row) bool {
	switch sheet {
	case "partners":
		return s.hidesPartner(row)
	case "customers":
		return s.around(s.walls, row["id"])
	case "opportunities":
		return s.hidesOpportunity(row)
	case "referrals":
		return s.referralWalled(row)
	case "partnerships":
		return len(s.left(row["partners"])) < 2
	case "solutions":
		return row["partner_id"] != "" && len(s.left(row["partner_id"])) == 0
	}
	return false
}

func (s *Sight) hidesPartner(p Row) bool {
	switch s.Role {
	case "PARTNER":
		return !s.kin[p["id"]] && (p["status"] == "PENDING" || !discoverable(p))
	case "CUSTOMER":
		return p["status"] == "PENDING" || !discoverable(p)
	case "ANALYST":
		return p["status"] == "PENDING"
	}
	return false
}

// left are the partners of a list that are not hidden.
func (s *Sight) left(partners string) []string {
	return slices.DeleteFunc(list(partners), func(id string) bool { return s.hidesPartner(s.byID["partners"][id]) })
}

func (s *Sight) hidesOpportunity(o Row) bool {
	switch s.Role {
	case "PARTNER", "CUSTOMER":
		return !s.readsOpportunity(o)
	case "ANALYST":
		return o["stage"] == "DRAFT"
	}
	return false
}
