package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"valueweb/graph"
)

var opportunities = define(graph.Opportunity{Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll}}, table{
	sheet: "opportunities",
	columns: slices.Concat([]column{
		text("title", graph.MaxName, func(o *graph.Opportunity) *string { return &o.Title }).must(),
		reference("customer_id", func(o *graph.Opportunity) *string { return &o.Customer }),
		reference("site_id", func(o *graph.Opportunity) *string { return &o.Site }),
	}, optionalPoint("lat", "lng", func(o *graph.Opportunity) **graph.Point { return &o.Point }), []column{
		columnOf("needs", setNeeds, writeNeeds),
		reference("owner_partner_id", func(o *graph.Opportunity) *string { return &o.Owner }),
		reference("lead_partner_id", func(o *graph.Opportunity) *string { return &o.Lead }),
		references("member_partner_ids", func(o *graph.Opportunity) *[]string { return &o.Members }),
		references("declined_partner_ids", func(o *graph.Opportunity) *[]string { return &o.Declined }),
		enum("stage", graph.Stages, graph.Prospect, func(o *graph.Opportunity) *graph.Stage { return &o.Stage }),
		enum("review", graph.Reviews, "", func(o *graph.Opportunity) *graph.Review { return &o.Review }),
	}, money("value", func(o *graph.Opportunity) **graph.Money { return &o.Value }), []column{
		date("posted_on", func(o *graph.Opportunity) *graph.Date { return &o.PostedOn }),
		date("closed_on", func(o *graph.Opportunity) *graph.Date { return &o.ClosedOn }),
		enum("lost_reason", graph.LossReasons, "", func(o *graph.Opportunity) *string { return &o.LostReason }),
	}, audience(), []column{
		references("shared_in", func(o *graph.Opportunity) *[]string { return &o.SharedIn }),
		text("posted_by", graph.MaxName, func(o *graph.Opportunity) *string { return &o.PostedBy }),
		text("submitted_by", graph.MaxName, func(o *graph.Opportunity) *string { return &o.SubmittedBy }),
		texts("review_fields", func(o *graph.Opportunity) *[]string { return &o.ReviewFields }),
		text("review_note", graph.MaxDescription, func(o *graph.Opportunity) *string { return &o.ReviewNote }),
		date("protected_until", func(o *graph.Opportunity) *graph.Date { return &o.ProtectedUntil }),
		reference("transfer_to", func(o *graph.Opportunity) *string { return &o.TransferTo }),
	}),
	check: checked(checkOpportunity),
})

// audience is the columns that say to whom an opportunity is addressed.
func audience() []column {
	return slices.Concat([]column{
		enum("audience", graph.AudienceKinds, graph.AudienceAll, func(o *graph.Opportunity) *graph.AudienceKind { return &o.Audience.Kind }),
		references("audience_partner_ids", func(o *graph.Opportunity) *[]string { return &o.Audience.Partners }),
		references("audience_competency_ids", func(o *graph.Opportunity) *[]string { return &o.Audience.Competencies }),
		reference("audience_region", func(o *graph.Opportunity) *string { return &o.Audience.Region }),
		countries("audience_countries", func(o *graph.Opportunity) *[]string { return &o.Audience.Countries }),
		texts("audience_tags", func(o *graph.Opportunity) *[]string { return &o.Audience.Tags }),
		enums("audience_kinds", graph.PartnerKinds, func(o *graph.Opportunity) *[]graph.PartnerKind { return &o.Audience.Kinds }),
		enum("audience_min_tier", graph.Tiers, "", func(o *graph.Opportunity) *string { return &o.Audience.MinTier }),
	}, optionalPoint("audience_lat", "audience_lng", func(o *graph.Opportunity) **graph.Point { return &o.Audience.Near }), []column{
		columnOf("audience_km", setAudienceRadius, func(o *graph.Opportunity) string {
			if o.Audience.RadiusKm == 0 {
				return ""
			}
			return decimal(o.Audience.RadiusKm)
		}),
	})
}

func setAudienceRadius(o *graph.Opportunity, c cell) (err error) {
	o.Audience.RadiusKm = 0
	if c.text == "" {
		return nil
	}
	if o.Audience.RadiusKm, err = number(c.text); err == nil && o.Audience.RadiusKm <= 0 {
		err = fmt.Errorf("%s is not a distance in kilometres", c.text)
	}
	return err
}

// setNeeds reads competencies, each with the lowest level that will do behind a colon. Of a competency
// that stands twice, the higher level counts.
func setNeeds(o *graph.Opportunity, c cell) error {
	var needs []graph.Need
	for _, part := range c.list() {
		need, err := parseNeed(part)
		if err != nil {
			return err
		}
		same := func(n graph.Need) bool { return n.Competency == need.Competency }
		if i := slices.IndexFunc(needs, same); i >= 0 {
			needs[i].MinLevel = max(needs[i].MinLevel, need.MinLevel)
		} else {
			needs = append(needs, need)
		}
	}
	o.Needs = needs
	return nil
}

// writeNeeds states every level: an id may end in a colon and a digit itself.
func writeNeeds(o *graph.Opportunity) string {
	parts := make([]string, len(o.Needs))
	for i, need := range o.Needs {
		parts[i] = need.Competency + ":" + strconv.Itoa(need.MinLevel)
	}
	return joinList(parts)
}

func parseNeed(text string) (graph.Need, error) {
	need := graph.Need{Competency: text, MinLevel: 1}
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		if level, err := strconv.Atoi(text[i+1:]); err == nil {
			if level < 1 || level > graph.MaxLevel {
				return need, fmt.Errorf("the level in %q is not between 1 and %d", text, graph.MaxLevel)
			}
			need = graph.Need{Competency: text[:i], MinLevel: level}
		}
	}
	return need, checkID(need.Competency)
}

func checkOpportunity(o *graph.Opportunity, found *findings) {
	if (o.Stage == graph.Launched || o.Stage == graph.Lost) && o.ClosedOn.IsZero() {
		reason := fmt.Sprintf("the opportunity is %s without a closing date", o.Stage)
		if !o.PostedOn.IsZero() {
			reason += fmt.Sprintf(": it closes on its posting date (%s)", o.PostedOn)
		}
		found.warn("closed_on", "", reason)
	}
	early(found, o.PostedOn, o.ClosedOn, "posted_on", "closed_on")
	if o.Audience.RadiusKm > 0 && o.Audience.Near == nil {
		found.fail("audience_km", "", "a distance needs audience_lat and audience_lng")
	}
	if o.Audience.Kind == graph.AudienceNamed && len(o.Audience.Partners) == 0 {
		found.warn("audience_partner_ids", "", "the audience is NAMED and names nobody")
	}
}

var invitations = define(graph.Invitation{State: "PENDING"}, table{
	sheet: "invitations",
	columns: []column{
		reference("opportunity_id", func(i *graph.Invitation) *string { return &i.Opportunity }).must(),
		reference("partner_id", func(i *graph.Invitation) *string { return &i.Partner }).must(),
		enum("state", graph.InvitationStates, "PENDING", func(i *graph.Invitation) *graph.InvitationState { return &i.State }),
		date("sent_on", func(i *graph.Invitation) *graph.Date { return &i.SentOn }),
		date("answered_on", func(i *graph.Invitation) *graph.Date { return &i.AnsweredOn }),
		enum("reason", graph.DeclineReasons, "", func(i *graph.Invitation) *string { return &i.Reason }),
	},
	key:   naturalKey(func(i *graph.Invitation) []string { return []string{i.Opportunity, i.Partner} }),
	keyed: []string{"opportunity_id", "partner_id"},
	check: checked(func(i *graph.Invitation, found *findings) {
		early(found, i.SentOn, i.AnsweredOn, "sent_on", "answered_on")
	}),
})
