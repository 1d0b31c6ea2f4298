package world

import (
	"slices"
	"testing"
)

func TestAnOpportunityIsCompleteForItsStage(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, s spec, world tables) {
		open, closed := 0, 0
		for _, o := range world["opportunities"] {
			if (o["customer_id"] == "") != (o["lat"] != "") || len(o.list("needs")) == 0 {
				t.Errorf("neither customer nor place, or no need: %v", o)
			}
			ended := o["stage"] == "LAUNCHED" || o["stage"] == "LOST"
			if ended {
				closed++
			} else {
				open++
			}
			if ended != (o["closed_on"] != "") || (o["stage"] == "LOST") != (o["lost_reason"] != "") || (o["stage"] == "DRAFT") != (o["posted_on"] == "") {
				t.Errorf("what its stage does not have, or lacks: %v", o)
			}
			if (o["stage"] == "COMMITTED" || o["stage"] == "LAUNCHED") && o["value"] == "" {
				t.Errorf("no value: %v", o)
			}
			if max(o["posted_on"], o["closed_on"]) > s.until.String() {
				t.Errorf("after the history: %v", o)
			}
			if o["site_id"] != "" && by(t, world["sites"], "id", o["site_id"])["customer_id"] != o["customer_id"] {
				t.Errorf("at a site of another customer: %v", o)
			}
		}
		if open < 20 || closed < 8 {
			t.Errorf("%d are open, %d closed", open, closed)
		}
	})
}

func TestThoseWhoTakePartInAnOpportunityAreDifferentAndActive(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for _, o := range world["opportunities"] {
			part := append(o.list("member_partner_ids"), o.list("declined_partner_ids")...)
			for _, column := range []string{"owner_partner_id", "lead_partner_id"} {
				part = append(part, o.list(column)...)
			}
			slices.Sort(part)
			if len(slices.Compact(slices.Clone(part))) != len(part) {
				t.Errorf("somebody twice: %v", o)
			}
			for _, id := range part {
				if p := by(t, world["partners"], "id", id); p["status"] != active || o["posted_on"] != "" && p["joined_on"] > o["posted_on"] {
					t.Errorf("%s could not take part: %v", id, o)
				}
			}
			if lead := o["lead_partner_id"]; o["audience"] == "NAMED" && lead != "" && !slices.Contains(o.list("audience_partner_ids"), lead) {
				t.Errorf("the lead was not addressed: %v", o)
			}
		}
	})
}

func TestInvitationsAgreeWithTheirOpportunity(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, s spec, world tables) {
		states := map[string]int{}
		for _, v := range world["invitations"] {
			states[v["state"]]++
			o := by(t, world["opportunities"], "id", v["opportunity_id"])
			if slices.Contains(o.list("member_partner_ids"), v["partner_id"]) != (v["state"] == "ACCEPTED") ||
				slices.Contains(o.list("declined_partner_ids"), v["partner_id"]) != (v["state"] == "DECLINED") {
				t.Errorf("%v does not agree with %v", v, o)
			}
			if v["sent_on"] < o["posted_on"] || v["answered_on"] > s.until.String() || (v["reason"] != "") != (v["state"] == "DECLINED") {
				t.Errorf("%v does not fit %v", v, o)
			}
			if v["state"] == "PENDING" && v["sent_on"] < (s.until-13).String() {
				t.Errorf("pending for more than 14 days: %v", v)
			}
		}
		if states["ACCEPTED"] == 0 || states["DECLINED"] == 0 || states["PENDING"] == 0 {
			t.Errorf("invitations by state: %v", states)
		}
	})
}

func TestAnApprovedOpportunityIsTheOnlyOneOfItsCustomer(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		seen := map[string]bool{}
		for _, o := range world["opportunities"] {
			if o["review"] != "APPROVED" {
				continue
			}
			if seen[o["customer_id"]] {
				t.Errorf("%s is protected twice", o["customer_id"])
			}
			seen[o["customer_id"]] = true
		}
	})
}

func TestAudiencesAndFactsComeInEveryKind(t *testing.T) {
	forEverySeed(t, func(t *testing.T, world tables) {
		for _, want := range []struct{ sheet, column, value string }{
			{"opportunities", "audience", "ALL"}, {"opportunities", "audience", "NAMED"}, {"opportunities", "audience", "FILTER"},
			{"partners", "status", pending}, {"partners", "status", suspended}, {"partners", "status", left},
			{"partners", "capacity", ""}, {"partners", "capacity", "0"}, {"partners", "tier", ""}, {"partners", "discoverable", "false"},
			{"partnerships", "collaboration", "LOW"}, {"partnerships", "collaboration", "MEDIUM"}, {"partnerships", "collaboration", "HIGH"},
			{"certifications", "verified", "false"}, {"customers", "consent", "true"}, {"customers", "consent", "false"},
			{"partner_competencies", "level", ""}, {"partner_competencies", "remote", "true"}, {"walls", "competency_id", ""}, {"walls", "customer_id", ""},
		} {
			if !values(world[want.sheet], want.column)[want.value] {
				t.Errorf("no row of %s has %s %q", want.sheet, want.column, want.value)
			}
		}
		sited := values(world["sites"], "customer_id")
		if len(world["customers"])-len(sited) != 1 {
			t.Errorf("%d of %d customers have a site", len(sited), len(world["customers"]))
		}
	})
}
