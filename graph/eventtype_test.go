package graph

import "testing"

// The name of an event says to nobody what it is not told of the record.
func TestAnEventIsHeardByWhomIsToldWhatItsNameSays(t *testing.T) {
	o := &Opportunity{Meta: Meta{ID: "o"}, Owner: "owner", Lead: "lead", Members: []string{"member"}, TransferTo: "next"}
	partner := func(id string) Viewer { return Viewer{Role: RolePartner, Organisation: id} }
	customer := Viewer{Role: RoleCustomer, Organisation: "acme"}
	for _, c := range []struct {
		event   Event
		heardBy []Viewer
	}{
		{Event{Type: EventOpportunityTransferOffered, Actor: "PARTNER:owner ada"}, []Viewer{Operator, partner("owner"), partner("next")}},
		{Event{Type: EventOpportunityTransferDeclined, Actor: "PARTNER:member"}, []Viewer{Operator, partner("owner"), partner("next"), partner("member")}},
		{Event{Type: EventOpportunityTransferDeclined, Actor: "SERVICE:other key"}, []Viewer{Operator, partner("owner"), partner("next"), partner("other")}},
		{Event{Type: EventProtectionLapsed, Actor: "OPERATOR clock"}, []Viewer{Operator, partner("owner"), partner("lead"), partner("member")}},
		{Event{Type: EventOpportunityUpdated, Actor: "PARTNER:owner"}, []Viewer{Operator, partner("owner"), partner("lead"), partner("member"), partner("next"), partner("other"), customer}},
	} {
		heard := map[string]bool{}
		for _, v := range c.heardBy {
			heard[v.String()] = true
		}
		for _, v := range []Viewer{Operator, partner("owner"), partner("lead"), partner("member"), partner("next"), partner("other"), customer} {
			if got := v.Hears(&c.event, o); got != heard[v.String()] {
				t.Errorf("%s by %s: %s hears it: %v", c.event.Type, c.event.Actor, v, got)
			}
		}
	}
}
