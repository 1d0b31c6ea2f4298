package naive

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const testDay = "2026-11-28"

// A partner that is hidden takes what is its own with it, and is named nowhere else.
func TestWhatHangsOnAHiddenPartnerIsHidden(t *testing.T) {
	rows := Rows{
		"partners":          {{"id": "me"}, {"id": "other", "part_of": "shy"}, {"id": "shy", "discoverable": "false"}, {"id": "third"}},
		"offices":           {{"id": "o", "partner_id": "shy"}},
		"contacts":          {{"id": "c", "partner_id": "shy", "role": "SALES"}, {"id": "d", "partner_id": "other", "role": "SALES"}, {"id": "e", "partner_id": "other"}},
		"customers":         {{"id": "k"}},
		"customer_partners": {{"id": "s", "customer_id": "k", "partner_id": "shy", "role": "OWNER"}},
		"partnerships":      {{"id": "two", "partners": "shy;other"}, {"id": "three", "partners": "other;shy;third"}},
		"solutions":         {{"id": "theirs", "partner_id": "shy"}, {"id": "joint", "partner_id": "shy;other"}, {"id": "blueprint", "builds_on": "theirs"}},
		"referrals":         {{"id": "r", "from_partner_id": "shy", "to_partner_id": "other"}, {"id": "next", "from_partner_id": "other", "to_partner_id": "third", "parent_id": "r"}},
		"opportunities":     {{"id": "all", "owner_partner_id": "shy", "member_partner_ids": "shy;other", "shared_in": "two;three"}, {"id": "draft", "stage": "DRAFT", "owner_partner_id": "other"}},
		"invitations":       {{"id": "i", "opportunity_id": "all", "partner_id": "shy"}, {"id": "j", "opportunity_id": "draft", "partner_id": "me"}},
	}
	sight := See(rows, Viewer{"PARTNER", "me"}, testDay)
	sameIDs(t, "visible", idsOf(sight.Visible()), "blueprint d e k all me other third three joint next")
	sameIDs(t, "readable", idsOf(sight.Readable()), "blueprint d all me other third joint")
	for _, column := range []string{"owner_partner_id", "member_partner_ids", "shared_in"} {
		want := map[string]string{"member_partner_ids": "other", "shared_in": "three"}[column]
		if got := sight.Visible()["opportunities"][0][column]; got != want {
			t.Errorf("%s: want %q, got %q", column, want, got)
		}
	}
}

func TestAWallHidesWhatIsInItsScope(t *testing.T) {
	rows := Rows{
		"partners":     {{"id": "me"}, {"id": "other"}},
		"competencies": {{"id": "broad"}, {"id": "narrow", "parent_id": "broad"}, {"id": "else"}},
		"customers":    {{"id": "k", "segment": "SMB"}, {"id": "whole"}},
		"sites":        {{"id": "s", "customer_id": "whole"}, {"id": "free"}},
		"walls":        {{"id": "w", "partner_id": "me", "segment": "SMB", "competency_id": "broad"}, {"id": "v", "partner_id": "me", "customer_id": "whole"}},
		"opportunities": {
			{"id": "within", "customer_id": "k", "needs": "narrow:3;else"}, {"id": "beside", "customer_id": "k", "needs": "else"},
			{"id": "there", "site_id": "s", "needs": "else"}, {"id": "anywhere", "site_id": "free", "needs": "narrow"},
		},
		"referrals": {
			{"id": "r", "from_partner_id": "me", "to_partner_id": "other", "customer_id": "k", "competency_id": "narrow"},
			{"id": "q", "from_partner_id": "me", "to_partner_id": "other", "customer_id": "k", "competency_id": "else"},
		},
	}
	sight := See(rows, Viewer{"PARTNER", "me"}, testDay)
	sameIDs(t, "visible", idsOf(sight.Visible()), "broad narrow else k beside anywhere me other q free w")
	sameIDs(t, "readable", idsOf(sight.Readable()), "broad narrow else k beside anywhere me other q free")
}

func idsOf(rows Rows) (ids []string) {
	for _, sheet := range sorted(rows) {
		for _, row := range rows[sheet] {
			ids = append(ids, row["id"])
		}
	}
	return ids
}

func sameIDs(t *testing.T, what string, got []string, want string) {
	t.Helper()
	wanted := strings.Fields(want)
	slices.Sort(wanted)
	slices.Sort(got)
	if !slices.Equal(got, wanted) {
		t.Errorf("%s: want %v, got %v", what, wanted, got)
	}
}

func TestASeedAlwaysMakesTheSameGuardedWorld(t *testing.T) {
	a, b := RandomGuarded(rand.New(rand.NewPCG(7, 1)), testDay), RandomGuarded(rand.New(rand.NewPCG(7, 1)), testDay)
	if !reflect.DeepEqual(a, b) {
		t.Error("two worlds of one seed differ")
	}
}

// A law over random worlds is worth what is hidden in them: of every sheet, from every role that may see any.
func TestGuardedWorldsHideAndShowSomeOfEverySheet(t *testing.T) {
	hidden, undisclosed, shown := map[string]int{}, map[string]int{}, map[string]int{}
	for seed := range uint64(30) {
		rows := RandomGuarded(rand.New(rand.NewPCG(seed, 5)), testDay)
		for _, v := range []Viewer{{"PARTNER", rows["partners"][seed%8]["id"]}, {"CUSTOMER", rows["customers"][seed%6]["id"]}, {"ANALYST", ""}} {
			sight := See(rows, v, testDay)
			if sight.Refused() {
				continue
			}
			visible, readable := sight.Visible(), sight.Readable()
			for sheet := range rows {
				of := v.Role + " " + sheet
				hidden[of] += len(rows[sheet]) - len(visible[sheet])
				undisclosed[of] += len(visible[sheet]) - len(readable[sheet])
				shown[of] += len(readable[sheet])
			}
		}
	}
	for kind, c := range map[string]struct {
		counts  map[string]int
		partner string
		others  map[string]string
	}{
		"hidden": {hidden, "partners offices contacts partner_competencies certifications customers sites customer_partners solutions partnerships opportunities invitations referrals", map[string]string{
			"CUSTOMER": "partners offices contacts customer_partners solutions partnerships opportunities invitations referrals", "ANALYST": "partners offices contacts customer_partners referrals opportunities invitations",
		}},
		"undisclosed": {undisclosed, "partners offices contacts customers sites customer_partners partnerships invitations referrals", map[string]string{
			"CUSTOMER": "partners offices contacts customers sites customer_partners partnerships referrals", "ANALYST": "partners offices contacts customers opportunities referrals invitations",
		}},
		"shown": {shown, "partners offices contacts partner_competencies certifications customers sites customer_partners solutions partnerships opportunities invitations referrals", map[string]string{
			"CUSTOMER": "partners contacts customers sites customer_partners solutions opportunities invitations referrals", "ANALYST": "partners solutions partnerships",
		}},
	} {
		c.others["PARTNER"] = c.partner
		for role, sheets := range c.others {
			for _, sheet := range strings.Fields(sheets) {
				if n := c.counts[role+" "+sheet]; n < 3 {
					t.Errorf("%d %s are %s to a %s", n, sheet, kind, role)
				}
			}
		}
	}
}

// What stands in for what a viewer may not read changes nothing of what it may: its rights are the same there.
func TestTheWorldInWhichAViewerActsIsReadAsTheWholeIs(t *testing.T) {
	stoodIn := 0
	for seed := range uint64(30) {
		rows := RandomGuarded(rand.New(rand.NewPCG(seed, 5)), testDay)
		rows.Liven(rand.New(rand.NewPCG(seed, 6)), testDay)
		for _, v := range []Viewer{{"PARTNER", rows["partners"][seed%8]["id"]}, {"CUSTOMER", rows["customers"][seed%6]["id"]}, {"ANALYST", ""}} {
			sight := See(rows, v, testDay)
			if sight.Refused() {
				continue
			}
			acting := sight.Acting()
			if want, got := idsOf(sight.Readable()), idsOf(See(acting, v, testDay).Readable()); !slices.Equal(want, got) {
				t.Errorf("world %d, %s: reads %v, and where it acts %v", seed, v, want, got)
			}
			for _, id := range idsOf(acting) {
				if strings.HasPrefix(id, "somebody-") {
					stoodIn++
				}
			}
		}
	}
	if stoodIn < 30 {
		t.Errorf("only %d stood in for somebody", stoodIn)
	}
}
