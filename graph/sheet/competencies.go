package sheet

import "valueweb/graph"

var competencies = define(graph.Competency{}, table{
	sheet: "competencies",
	columns: []column{
		text("name", graph.MaxName, func(c *graph.Competency) *string { return &c.Name }).must(),
		references("parent_id", func(c *graph.Competency) *[]string { return &c.Broader }),
		references("related", func(c *graph.Competency) *[]string { return &c.Related }),
		texts("aliases", func(c *graph.Competency) *[]string { return &c.Aliases }),
		text("description", graph.MaxDescription, func(c *graph.Competency) *string { return &c.Description }),
	},
	loose: func(n graph.Node) { n.(*graph.Competency).Related = nil },
})

var certifications = define(graph.Certification{Verified: true}, table{
	sheet: "certifications",
	columns: []column{
		reference("partner_id", func(c *graph.Certification) *string { return &c.Partner }).must(),
		reference("competency_id", func(c *graph.Certification) *string { return &c.Competency }).must(),
		reference("office_id", func(c *graph.Certification) *string { return &c.Office }),
		text("scheme", graph.MaxName, func(c *graph.Certification) *string { return &c.Scheme }).also("certification"),
		text("level", graph.MaxName, func(c *graph.Certification) *string { return &c.Level }),
		text("issuer", graph.MaxName, func(c *graph.Certification) *string { return &c.Issuer }),
		date("issued_on", func(c *graph.Certification) *graph.Date { return &c.IssuedOn }),
		date("expires_on", func(c *graph.Certification) *graph.Date { return &c.ExpiresOn }),
		count("holders", func(c *graph.Certification) **int { return &c.Holders }),
		truth("verified", true, func(c *graph.Certification) *bool { return &c.Verified }),
	},
	key:   naturalKey((*graph.Certification).NaturalKey),
	keyed: []string{"partner_id", "competency_id", "office_id", "scheme", "level", "issued_on"},
	check: checked(func(c *graph.Certification, found *findings) {
		ordered(found, c.IssuedOn, c.ExpiresOn, "issued_on", "expires_on")
	}),
})

var solutions = define(graph.Solution{}, table{
	sheet: "solutions",
	columns: []column{
		text("name", graph.MaxName, func(s *graph.Solution) *string { return &s.Name }).must(),
		references("partner_id", func(s *graph.Solution) *[]string { return &s.Partners }),
		enum("origin", graph.SolutionOrigins, "", func(s *graph.Solution) *graph.SolutionOrigin { return &s.Origin }),
		references("competency_ids", func(s *graph.Solution) *[]string { return &s.Competencies }),
		references("builds_on", func(s *graph.Solution) *[]string { return &s.BuildsOn }),
		text("description", graph.MaxDescription, func(s *graph.Solution) *string { return &s.Description }),
	},
})
