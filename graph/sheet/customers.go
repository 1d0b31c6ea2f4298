package sheet

import (
	"slices"

	"valueweb/graph"
)

var customers = define(graph.Customer{}, table{
	sheet: "customers",
	columns: []column{
		text("name", graph.MaxName, func(c *graph.Customer) *string { return &c.Name }).must(),
		text("segment", graph.MaxName, func(c *graph.Customer) *string { return &c.Segment }),
		text("industry", graph.MaxName, func(c *graph.Customer) *string { return &c.Industry }),
		truth("consent", false, func(c *graph.Customer) *bool { return &c.Consent }),
	},
})

var sites = define(graph.Site{}, table{
	sheet: "sites",
	columns: slices.Concat([]column{
		reference("customer_id", func(s *graph.Site) *string { return &s.Customer }),
		text("name", graph.MaxName, func(s *graph.Site) *string { return &s.Name }),
		text("city", graph.MaxName, func(s *graph.Site) *string { return &s.City }),
		country("country", func(s *graph.Site) *string { return &s.Country }),
	}, location(func(s *graph.Site) *graph.Point { return &s.Location })),
})

var customerPartners = define(graph.CustomerPartner{}, table{
	sheet: "customer_partners",
	columns: []column{
		reference("customer_id", func(c *graph.CustomerPartner) *string { return &c.Customer }).must(),
		reference("partner_id", func(c *graph.CustomerPartner) *string { return &c.Partner }).must(),
		enum("role", graph.CustomerRoles, "", func(c *graph.CustomerPartner) *graph.CustomerRole { return &c.Role }).must(),
		date("since", func(c *graph.CustomerPartner) *graph.Date { return &c.Since }),
		date("until", func(c *graph.CustomerPartner) *graph.Date { return &c.Until }),
	},
	key:   naturalKey((*graph.CustomerPartner).NaturalKey),
	keyed: []string{"customer_id", "partner_id", "role", "since"},
	check: checked(func(c *graph.CustomerPartner, found *findings) {
		ordered(found, c.Since, c.Until, "since", "until")
	}),
})

var walls = define(graph.Wall{}, table{
	sheet: "walls",
	columns: []column{
		reference("partner_id", func(w *graph.Wall) *string { return &w.Partner }).must(),
		reference("customer_id", func(w *graph.Wall) *string { return &w.Customer }),
		text("segment", graph.MaxName, func(w *graph.Wall) *string { return &w.Segment }),
		reference("competency_id", func(w *graph.Wall) *string { return &w.Competency }),
		reference("partnership_id", func(w *graph.Wall) *string { return &w.Partnership }),
	},
	key:   naturalKey((*graph.Wall).NaturalKey),
	keyed: []string{"partner_id", "customer_id", "segment", "competency_id", "partnership_id"},
	check: checked(func(w *graph.Wall, found *findings) {
		exactlyOne(found, "customer_id", w.Customer, "segment", w.Segment)
	}),
})
