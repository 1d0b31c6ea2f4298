package sheet

import (
	"fmt"
	"slices"

	"valueweb/graph"
)

var partnerships = define(graph.Partnership{Collaboration: graph.LowCollaboration}, table{
	sheet: "partnerships",
	columns: []column{
		references("partners", func(p *graph.Partnership) *[]string { return &p.Parties }).must(),
		text("kind", graph.MaxName, func(p *graph.Partnership) *string { return &p.Form }),
		enum("collaboration", graph.Collaborations, graph.LowCollaboration, func(p *graph.Partnership) *graph.Collaboration { return &p.Collaboration }),
		enum("data_sharing", graph.DataSharings, "", func(p *graph.Partnership) *graph.DataSharing { return &p.DataSharing }),
		date("starts_on", func(p *graph.Partnership) *graph.Date { return &p.StartsOn }),
		date("ends_on", func(p *graph.Partnership) *graph.Date { return &p.EndsOn }),
		text("sponsor", graph.MaxName, func(p *graph.Partnership) *string { return &p.Sponsor }),
		text("manager", graph.MaxName, func(p *graph.Partnership) *string { return &p.Manager }),
		references("sites", func(p *graph.Partnership) *[]string { return &p.Sites }),
		references("pending", func(p *graph.Partnership) *[]string { return &p.Pending }),
	},
	key:   naturalKey((*graph.Partnership).NaturalKey),
	keyed: []string{"partners", "kind", "starts_on"},
	check: checked(func(p *graph.Partnership, found *findings) {
		if len(p.Parties) < 2 {
			found.fail("partners", "", "a partnership joins two partners or more")
		}
		for _, party := range p.Pending {
			if !slices.Contains(p.Parties, party) {
				found.fail("pending", party, "who has not accepted a partnership yet is one of its partners")
			}
		}
		ordered(found, p.StartsOn, p.EndsOn, "starts_on", "ends_on")
	}),
})

// relations are the facts between two partners of the real data set. The rows of one pair and kind are
// one partnership, and their cities are its sites.
var relations = define(graph.Partnership{Collaboration: graph.LowCollaboration}, table{
	sheet:  "relations",
	theirs: true,
	columns: []column{
		columnOf("from_partner_id", func(p *graph.Partnership, c cell) error {
			p.Parties = []string{c.text}
			return checkID(c.text)
		}, nil).must().theirs(),
		columnOf("to_partner_id", func(p *graph.Partnership, c cell) error {
			p.Parties = with(p.Parties, c.text)
			return checkID(c.text)
		}, nil).must().theirs(),
		text("kind", graph.MaxName, func(p *graph.Partnership) *string { return &p.Form }),
		columnOf("city", func(p *graph.Partnership, c cell) error {
			cities, err := c.ids()
			p.Sites = with(p.Sites, cities...)
			return err
		}, nil).theirs(),
	},
	key: naturalKey((*graph.Partnership).NaturalKey),
	check: checked(func(p *graph.Partnership, found *findings) {
		if len(p.Parties) < 2 {
			found.fail("to_partner_id", "", "the row joins a partner to itself")
		}
	}),
	fields: map[string][]string{"partners": {"from_partner_id", "to_partner_id"}, "sites": {"city"}},
	joins:  true,
})

var referrals = define(graph.Referral{State: graph.ReferralNew}, table{
	sheet: "referrals",
	columns: slices.Concat([]column{
		reference("from_partner_id", func(r *graph.Referral) *string { return &r.From }).must(),
		reference("to_partner_id", func(r *graph.Referral) *string { return &r.To }).must(),
		reference("customer_id", func(r *graph.Referral) *string { return &r.Customer }),
		reference("competency_id", func(r *graph.Referral) *string { return &r.Competency }),
		enum("state", graph.ReferralStates, graph.ReferralNew, func(r *graph.Referral) *graph.ReferralState { return &r.State }),
	}, money("value", func(r *graph.Referral) **graph.Money { return &r.Value }), []column{
		date("sent_on", func(r *graph.Referral) *graph.Date { return &r.SentOn }).must(),
		date("answered_on", func(r *graph.Referral) *graph.Date { return &r.AnsweredOn }),
		date("closed_on", func(r *graph.Referral) *graph.Date { return &r.ClosedOn }),
		reference("parent_id", func(r *graph.Referral) *string { return &r.Parent }),
	}),
	check: checked(checkReferral),
})

func checkReferral(r *graph.Referral, found *findings) {
	if r.From == r.To {
		found.fail("to_partner_id", r.To, "a partner refers to another one, not to itself")
	}
	if r.State.Closed() && r.ClosedOn.IsZero() {
		taken := "sent_on"
		if !r.AnsweredOn.IsZero() {
			taken = "answered_on"
		}
		found.warn("closed_on", "", fmt.Sprintf("the referral is %s without a closing date: it closes on %s (%s)", r.State, taken, r.Timeline().Closing()))
	}
	early(found, r.SentOn, r.AnsweredOn, "sent_on", "answered_on")
	early(found, r.SentOn, r.ClosedOn, "sent_on", "closed_on")
}

// early finds a later step that is dated before an earlier one.
func early(found *findings, from, to graph.Date, start, end string) {
	if !from.IsZero() && !to.IsZero() && to < from {
		found.warn(end, to.String(), fmt.Sprintf("%s is before %s (%s)", end, start, from))
	}
}
