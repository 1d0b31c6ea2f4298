package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"valueweb/graph"
)

var regions = define(graph.Region{}, table{
	sheet: "regions",
	columns: []column{
		text("name", graph.MaxName, func(r *graph.Region) *string { return &r.Name }).must(),
		countries("countries", func(r *graph.Region) *[]string { return &r.Countries }),
		reference("parent_id", func(r *graph.Region) *string { return &r.Parent }),
	},
})

var partners = define(graph.Partner{Status: graph.Active, PartnerKind: graph.OtherKind}, table{
	sheet: "partners",
	columns: []column{
		text("name", graph.MaxName, func(p *graph.Partner) *string { return &p.Name }).must(),
		texts("aliases", func(p *graph.Partner) *[]string { return &p.Aliases }),
		texts("tags", func(p *graph.Partner) *[]string { return &p.Tags }), // before kind and kinds, which add to them
		columnOf("kind", setPartnerKind, func(p *graph.Partner) string { return string(p.PartnerKind) }),
		columnOf("kinds", setPartnerKinds, nil).theirs(),
		enum("status", graph.PartnerStatuses, graph.Active, func(p *graph.Partner) *graph.PartnerStatus { return &p.Status }),
		enum("tier", graph.Tiers, "", func(p *graph.Partner) *string { return &p.Tier }),
		count("capacity", func(p *graph.Partner) **int { return &p.Capacity }),
		date("joined_on", func(p *graph.Partner) *graph.Date { return &p.JoinedOn }),
		count("employees", func(p *graph.Partner) **int { return &p.Employees }),
		website("website", func(p *graph.Partner) *string { return &p.Website }),
		columnOf("discoverable", func(p *graph.Partner, c cell) error {
			discoverable := true
			err := truth("discoverable", true, func(*graph.Partner) *bool { return &discoverable }).set(p, c)
			p.Undisclosed = !discoverable
			return err
		}, func(p *graph.Partner) string { return strconv.FormatBool(!p.Undisclosed) }),
		reference("part_of", func(p *graph.Partner) *string { return &p.PartOf }),
		reference("channel_manager", func(p *graph.Partner) *string { return &p.ChannelManager }),
	},
	lateKind: graph.KindContact,
	late:     func(n graph.Node) { n.(*graph.Partner).ChannelManager = "" },
})

// originalKinds are the kinds of the real data set, and what they are here. A partner keeps them as tags.
var originalKinds = map[string]graph.PartnerKind{
	"connectivity-provider":       graph.ServiceProvider,
	"via-exchange-provider":       graph.ServiceProvider,
	"satellite-operator":          graph.ServiceProvider,
	"kubernetes-service-provider": graph.ServiceProvider,
	"msp":                         graph.ServiceProvider,
	"system-integrator":           graph.Integrator,
	"kubernetes-vendor":           graph.Vendor,
	"technology-vendor":           graph.Vendor,
	"cncf-member":                 graph.OtherKind,
	"datacenter":                  graph.OtherKind,
	"end-user":                    graph.OtherKind,
	"exchange":                    graph.OtherKind,
	"facility-operator":           graph.OtherKind,
	"kubernetes-training-partner": graph.OtherKind,
	"research-network":            graph.OtherKind,
}

// setPartnerKind reads one of the closed list, or one of the real data set's own kinds.
func setPartnerKind(p *graph.Partner, c cell) error {
	kind, original := originalKinds[c.text]
	switch {
	case original:
		p.PartnerKind, p.Tags = kind, with(p.Tags, c.text)
		return nil
	case c.text == "":
		p.PartnerKind = graph.OtherKind
		return nil
	}
	var err error
	p.PartnerKind, err = oneOf(c.text, graph.PartnerKinds)
	return err
}

// setPartnerKinds reads the list of the real data set: the first decides, and all become tags.
func setPartnerKinds(p *graph.Partner, c cell) error {
	for i, original := range c.list() {
		kind := graph.PartnerKind(original)
		if !slices.Contains(graph.PartnerKinds, kind) {
			if err := checkLength(original, graph.MaxName); err != nil {
				return err
			}
			p.Tags = with(p.Tags, original)
			if kind = originalKinds[original]; kind == "" {
				kind = graph.OtherKind
			}
		}
		if i == 0 {
			p.PartnerKind = kind
		}
	}
	return nil
}

var offices = define(graph.Office{}, table{
	sheet: "offices",
	columns: slices.Concat([]column{
		reference("partner_id", func(o *graph.Office) *string { return &o.Partner }).must(),
		text("name", graph.MaxName, func(o *graph.Office) *string { return &o.Name }),
		text("city", graph.MaxName, func(o *graph.Office) *string { return &o.City }),
		country("country", func(o *graph.Office) *string { return &o.Country }),
	}, location(func(o *graph.Office) *graph.Point { return &o.Location }), []column{
		enums("roles", graph.OfficeRoles, func(o *graph.Office) *[]graph.OfficeRole { return &o.Roles }),
		text("address", graph.MaxName, func(o *graph.Office) *string { return &o.Address }),
		texts("tags", func(o *graph.Office) *[]string { return &o.Tags }),
		columnOf("facility", setFacility, nil).theirs(),
		columnOf("role", setOriginalRole, nil).theirs(),
	}),
	key:   naturalKey((*graph.Office).NaturalKey),
	keyed: []string{"partner_id", "name", "city"},
})

// setFacility makes the facility, of the real data set, the beginning of the address.
func setFacility(o *graph.Office, c cell) error {
	parts := slices.DeleteFunc([]string{c.text, c.of("address")}, func(s string) bool { return s == "" })
	o.Address = strings.Join(parts, ", ")
	return checkLength(o.Address, graph.MaxName)
}

// setOriginalRole reads the role of the real data set: DELIVERY, and the original becomes a tag.
func setOriginalRole(o *graph.Office, c cell) error {
	originals, err := c.texts(graph.MaxName)
	if err != nil || len(originals) == 0 {
		return err
	}
	o.Roles = with(o.Roles, "DELIVERY")
	o.Tags = with(o.Tags, originals...)
	return nil
}

var contacts = define(graph.Contact{}, table{
	sheet: "contacts",
	columns: []column{
		reference("partner_id", func(c *graph.Contact) *string { return &c.Partner }),
		reference("customer_id", func(c *graph.Contact) *string { return &c.Customer }),
		reference("office_id", func(c *graph.Contact) *string { return &c.Office }),
		text("name", graph.MaxName, func(c *graph.Contact) *string { return &c.Name }).must(),
		email("email", func(c *graph.Contact) *string { return &c.Email }),
		text("phone", graph.MaxName, func(c *graph.Contact) *string { return &c.Phone }),
		enum("role", graph.ContactRoles, "", func(c *graph.Contact) *graph.ContactRole { return &c.Role }),
		references("territories", func(c *graph.Contact) *[]string { return &c.Territories }),
	},
	key:   naturalKey((*graph.Contact).NaturalKey),
	keyed: []string{"partner_id", "customer_id", "email (or name)"},
	check: checked(func(c *graph.Contact, found *findings) {
		exactlyOne(found, "partner_id", c.Partner, "customer_id", c.Customer)
	}),
})

// exactlyOne finds that none or both of two columns are stated.
func exactlyOne(found *findings, column, value, other, otherValue string) {
	switch {
	case value == "" && otherValue == "":
		found.fail(column, "", fmt.Sprintf("one of %s and %s is required", column, other))
	case value != "" && otherValue != "":
		found.fail(other, otherValue, fmt.Sprintf("only one of %s and %s may be stated", column, other))
	}
}
