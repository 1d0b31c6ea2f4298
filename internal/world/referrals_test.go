package world

import (
	"slices"
	"testing"
)

func TestDatesOfAReferralFitItsState(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, s spec, world tables) {
		states := map[string]int{}
		for _, r := range world["referrals"] {
			states[r["state"]]++
			sent, answered, closed := r["sent_on"], r["answered_on"], r["closed_on"]
			if sent < s.from.String() || max(sent, answered, closed) > s.until.String() {
				t.Errorf("outside the history: %v", r)
			}
			if answered != "" && answered < sent || closed != "" && closed < max(sent, answered) {
				t.Errorf("out of order: %v", r)
			}
			wantAnswered := !slices.Contains([]string{"NEW", "EXPIRED"}, r["state"])
			wantClosed := !slices.Contains([]string{"NEW", "ACTIVE", "FORWARDED"}, r["state"])
			if (answered != "") != wantAnswered || (closed != "") != wantClosed {
				t.Errorf("dates that its state does not have, or lacks: %v", r)
			}
			if r["state"] == "WON" && r["value"] == "" {
				t.Errorf("won without a value: %v", r)
			}
		}
		for _, state := range []string{"NEW", "ACTIVE", "FORWARDED", "WON", "LOST", "DECLINED", "EXPIRED"} {
			if states[state] == 0 {
				t.Errorf("no referral is %s", state)
			}
		}
	})
}

func TestAReferralJoinsTwoPartnersThatTakePart(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		partners := map[string]record{}
		for _, p := range world["partners"] {
			partners[p["id"]] = p
		}
		for _, r := range world["referrals"] {
			if r["from_partner_id"] == r["to_partner_id"] {
				t.Errorf("to itself: %v", r)
			}
			for _, end := range []string{"from_partner_id", "to_partner_id"} {
				p := partners[r[end]]
				if p["status"] == pending || p["joined_on"] > r["sent_on"] || p["status"] == left && r["closed_on"] == "" {
					t.Errorf("%s does not take part: %v", p["id"], r)
				}
			}
		}
	})
}

func TestAChainGoesOnFromItsRecipientAndNeverComesBack(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		rows, lengths := map[string]record{}, map[int]int{}
		for _, r := range world["referrals"] {
			rows[r["id"]] = r
			length := 1
			for child := r; child["parent_id"] != ""; length++ {
				parent, known := rows[child["parent_id"]]
				if !known {
					t.Fatalf("the parent comes later: %v", child)
				}
				if parent["from_partner_id"] == r["to_partner_id"] {
					t.Errorf("back to an ancestor: %v", r)
				}
				checkLink(t, parent, child)
				child = parent
			}
			lengths[length]++
		}
		if lengths[2] == 0 || lengths[3] == 0 || lengths[6] > 0 {
			t.Errorf("referrals by their place in a chain: %v", lengths)
		}
	})
}

func checkLink(t *testing.T, parent, child record) {
	t.Helper()
	if child["from_partner_id"] != parent["to_partner_id"] || child["customer_id"] != parent["customer_id"] {
		t.Errorf("%v does not continue %v", child, parent)
	}
	if child["sent_on"] < parent["answered_on"] {
		t.Errorf("%v was sent before %v was answered", child, parent)
	}
	if closed := child["state"] == "WON" || child["state"] == "LOST"; closed && (parent["state"] != child["state"] || parent["closed_on"] != child["closed_on"]) ||
		!closed && parent["state"] != "FORWARDED" {
		t.Errorf("%v does not close with %v", parent, child)
	}
}

func TestATenthOfThePartnersReceivesThreeTenthsOfTheReferralsOrMore(t *testing.T) {
	forEverySeed(t, func(t *testing.T, world tables) {
		received := map[string]int{}
		for _, r := range world["referrals"] {
			received[r["to_partner_id"]]++
		}
		var counts []int
		for _, p := range world["partners"] {
			counts = append(counts, received[p["id"]])
		}
		slices.Sort(counts)
		top := 0
		for _, n := range counts[len(counts)-len(counts)/10:] {
			top += n
		}
		if top*10 < 3*len(world["referrals"]) {
			t.Errorf("the top tenth receives %d of %d", top, len(world["referrals"]))
		}
	})
}

func TestNobodyDealsWithACustomerBehindItsWall(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		segments := map[string]string{}
		for _, c := range world["customers"] {
			segments[c["id"]] = c["segment"]
		}
		for _, wall := range world["walls"] {
			walled := func(partner, customer string) bool {
				return customer != "" && partner == wall["partner_id"] && (customer == wall["customer_id"] || segments[customer] == wall["segment"])
			}
			for _, r := range world["referrals"] {
				if walled(r["to_partner_id"], r["customer_id"]) {
					t.Errorf("%v keeps out %v", wall, r)
				}
			}
			for _, r := range world["customer_partners"] {
				if walled(r["partner_id"], r["customer_id"]) {
					t.Errorf("%v keeps out %v", wall, r)
				}
			}
			for _, o := range world["opportunities"] {
				for _, p := range append(o.list("member_partner_ids"), o["owner_partner_id"], o["lead_partner_id"]) {
					if walled(p, o["customer_id"]) {
						t.Errorf("%v keeps %s out of %v", wall, p, o)
					}
				}
			}
		}
	})
}
