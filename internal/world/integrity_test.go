package world

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// references are the columns that name rows of a sheet.
var references = map[string]map[string]string{
	"regions":              {"parent_id": "regions"},
	"competencies":         {"parent_id": "competencies", "related": "competencies"},
	"partners":             {"part_of": "partners"},
	"offices":              {"partner_id": "partners"},
	"contacts":             {"partner_id": "partners", "customer_id": "customers", "office_id": "offices", "territories": "regions"},
	"partner_competencies": {"partner_id": "partners", "competency_id": "competencies", "office_id": "offices"},
	"certifications":       {"partner_id": "partners", "competency_id": "competencies", "office_id": "offices"},
	"sites":                {"customer_id": "customers"},
	"customer_partners":    {"customer_id": "customers", "partner_id": "partners"},
	"partnerships":         {"partners": "partners", "sponsor": "contacts", "manager": "contacts"},
	"referrals": {"from_partner_id": "partners", "to_partner_id": "partners", "customer_id": "customers", "competency_id": "competencies",
		"parent_id": "referrals"},
	"opportunities": {"customer_id": "customers", "site_id": "sites", "owner_partner_id": "partners", "lead_partner_id": "partners",
		"member_partner_ids": "partners", "declined_partner_ids": "partners", "audience_partner_ids": "partners",
		"audience_competency_ids": "competencies", "audience_region": "regions", "shared_in": "partnerships"},
	"invitations": {"opportunity_id": "opportunities", "partner_id": "partners"},
	"solutions":   {"partner_id": "partners", "competency_ids": "competencies", "builds_on": "solutions"},
	"walls":       {"partner_id": "partners", "customer_id": "customers", "competency_id": "competencies"},
}

func TestEveryIdReferredToIsInTheWorld(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		ids := map[string]map[string]bool{}
		for sheet, rows := range world {
			ids[sheet] = values(rows, "id")
		}
		for sheet, columns := range references {
			for column, target := range columns {
				for _, r := range world[sheet] {
					if _, has := r[column]; !has {
						t.Fatalf("%s has no column %s", sheet, column)
					}
					for _, id := range r.list(column) {
						if !ids[target][id] {
							t.Errorf("%s: %s %q is not in %s", sheet, column, id, target)
						}
					}
				}
			}
		}
		for _, r := range world["opportunities"] {
			for _, need := range r.list("needs") {
				if competency, _, _ := strings.Cut(need, ":"); !ids["competencies"][competency] {
					t.Errorf("%s needs %s, which is not in the world", r["id"], need)
				}
			}
		}
	})
}

var safe = regexp.MustCompile(`^[a-z0-9-]{1,200}$`)

func TestIdsAreUniqueAndSafeInAURL(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for sheet, rows := range world {
			seen := map[string]bool{}
			for _, r := range rows {
				id, has := r["id"]
				if !has {
					continue
				}
				if seen[id] || !safe.MatchString(id) {
					t.Errorf("%s: id %q is taken or unsafe", sheet, id)
				}
				seen[id] = true
			}
		}
	})
}

func TestNamesOfOrganisationsAreUnique(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		seen := map[string]bool{}
		for _, r := range slices.Concat(world["partners"], world["customers"]) {
			if seen[r["name"]] {
				t.Errorf("two organisations are called %s", r["name"])
			}
			seen[r["name"]] = true
		}
	})
}

func TestAPartnerClaimsACompetencyOnceAndAtItsOwnOffice(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		seen := map[string]bool{}
		for _, r := range world["partner_competencies"] {
			key := r["partner_id"] + " " + r["competency_id"] + " " + r["office_id"]
			if seen[key] {
				t.Errorf("%s is claimed twice", key)
			}
			seen[key] = true
		}
		for _, r := range slices.Concat(world["partner_competencies"], world["certifications"], world["contacts"]) {
			if r["office_id"] != "" && by(t, world["offices"], "id", r["office_id"])["partner_id"] != r["partner_id"] {
				t.Errorf("%v is at an office of another partner", r)
			}
		}
	})
}

func TestTheTaxonomyAndPartOfGoRoundNowhere(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for sheet, column := range map[string]string{"competencies": "parent_id", "partners": "part_of", "regions": "parent_id", "solutions": "builds_on"} {
			var climb func(id string, steps int)
			climb = func(id string, steps int) {
				if steps > 20 {
					t.Fatalf("%s: %s is above itself", sheet, id)
				}
				for _, parent := range by(t, world[sheet], "id", id).list(column) {
					climb(parent, steps+1)
				}
			}
			for _, r := range world[sheet] {
				climb(r["id"], 0)
			}
		}
	})
}

func TestAllStartsAreBeforeEnds(t *testing.T) {
	pairs := [][3]string{{"partner_competencies", "since", "until"}, {"certifications", "issued_on", "expires_on"}, {"customer_partners", "since", "until"},
		{"partnerships", "starts_on", "ends_on"}, {"opportunities", "posted_on", "closed_on"}, {"invitations", "sent_on", "answered_on"}}
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for _, p := range pairs {
			for _, r := range world[p[0]] {
				if start, end := r[p[1]], r[p[2]]; end != "" && start > end {
					t.Errorf("%s ends before it starts: %v", p[0], r)
				}
			}
		}
	})
}

var plainMoney = regexp.MustCompile(`^\d+\.\d\d$`)

func TestMoneyIsAnAmountWithItsCurrency(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for _, r := range slices.Concat(world["referrals"], world["opportunities"]) {
			if (r["value"] == "") != (r["currency"] == "") || r["value"] != "" && !plainMoney.MatchString(r["value"]) {
				t.Errorf("%s: value %q, currency %q", r["id"], r["value"], r["currency"])
			}
		}
	})
}
