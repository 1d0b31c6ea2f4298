package storetest

import (
	"strings"

	"valueweb/graph"
)

// grounds is a world with one of each node that others refer to.
func grounds(w *World) *World {
	w.Competency("erp").Partner("acme").Office("acme-berlin", Here).Partner("beta").Office("beta-berlin", Here).Customer("city", Here)
	return w.Opportunity("gap", graph.Opportunity{Owner: "acme"}).Save()
}

func nodeCases() []testCase {
	return []testCase{
		{"A dangling reference is refused and named by its field", func(w *World) {
			grounds(w)
			meta, name := graph.Meta{ID: "new"}, "New"
			for _, dangling := range []struct {
				field string
				node  graph.Node
			}{
				{"parent_id", &graph.Region{Meta: meta, Name: name, Parent: "none"}},
				{"parent_id", &graph.Competency{Meta: meta, Name: name, Broader: []string{"erp", "none"}}},
				{"related", &graph.Competency{Meta: meta, Name: name, Related: []string{"none"}}},
				{"part_of", &graph.Partner{Meta: meta, Name: name, Status: graph.Active, PartOf: "none"}},
				{"channel_manager", &graph.Partner{Meta: meta, Name: name, Status: graph.Active, ChannelManager: "none"}},
				{"partner_id", &graph.Office{Meta: meta, Partner: "none"}},
				{"customer_id", &graph.Site{Meta: meta, Customer: "none"}},
				{"partner_id", &graph.Contact{Meta: meta, Name: name, Partner: "none"}},
				{"customer_id", &graph.Contact{Meta: meta, Name: name, Customer: "none"}},
				{"office_id", &graph.Contact{Meta: meta, Name: name, Partner: "acme", Office: "none"}},
				{"territories", &graph.Contact{Meta: meta, Name: name, Partner: "acme", Territories: []string{"none"}}},
				{"partner_id", &graph.Holding{Meta: meta, Partner: "none", Competency: "erp"}},
				{"competency_id", &graph.Holding{Meta: meta, Partner: "acme", Competency: "none"}},
				{"office_id", &graph.Holding{Meta: meta, Partner: "acme", Competency: "erp", Office: "none"}},
				{"partner_id", &graph.Certification{Meta: meta, Partner: "none", Competency: "erp"}},
				{"competency_id", &graph.Certification{Meta: meta, Partner: "acme", Competency: "none"}},
				{"office_id", &graph.Certification{Meta: meta, Partner: "acme", Competency: "erp", Office: "none"}},
				{"customer_id", &graph.CustomerPartner{Meta: meta, Customer: "none", Partner: "acme", Role: "OWNER"}},
				{"partner_id", &graph.CustomerPartner{Meta: meta, Customer: "city", Partner: "none", Role: "OWNER"}},
				{"partner_id", &graph.Solution{Meta: meta, Name: name, Partners: []string{"none"}}},
				{"competency_ids", &graph.Solution{Meta: meta, Name: name, Competencies: []string{"none"}}},
				{"builds_on", &graph.Solution{Meta: meta, Name: name, BuildsOn: []string{"none"}}},
				{"partners", &graph.Partnership{Meta: meta, Parties: []string{"acme", "none"}}},
				{"sites", &graph.Partnership{Meta: meta, Parties: []string{"acme", "beta"}, Sites: []string{"none"}}},
				{"customer_id", &graph.Opportunity{Meta: meta, Title: name, Customer: "none"}},
				{"site_id", &graph.Opportunity{Meta: meta, Title: name, Site: "none"}},
				{"needs", &graph.Opportunity{Meta: meta, Title: name, Needs: []graph.Need{{Competency: "none", MinLevel: 1}}}},
				{"owner_partner_id", &graph.Opportunity{Meta: meta, Title: name, Owner: "none"}},
				{"lead_partner_id", &graph.Opportunity{Meta: meta, Title: name, Lead: "none"}},
				{"member_partner_ids", &graph.Opportunity{Meta: meta, Title: name, Members: []string{"none"}}},
				{"declined_partner_ids", &graph.Opportunity{Meta: meta, Title: name, Declined: []string{"none"}}},
				{"audience_partner_ids", &graph.Opportunity{Meta: meta, Title: name, Audience: graph.Audience{Partners: []string{"none"}}}},
				{"audience_competency_ids", &graph.Opportunity{Meta: meta, Title: name, Audience: graph.Audience{Competencies: []string{"none"}}}},
				{"audience_region", &graph.Opportunity{Meta: meta, Title: name, Audience: graph.Audience{Region: "none"}}},
				{"shared_in", &graph.Opportunity{Meta: meta, Title: name, SharedIn: []string{"none"}}},
				{"opportunity_id", &graph.Invitation{Meta: meta, Opportunity: "none", Partner: "acme"}},
				{"partner_id", &graph.Invitation{Meta: meta, Opportunity: "gap", Partner: "none"}},
				{"from_partner_id", &graph.Referral{Meta: meta, From: "none", To: "acme"}},
				{"to_partner_id", &graph.Referral{Meta: meta, From: "acme", To: "none"}},
				{"customer_id", &graph.Referral{Meta: meta, From: "acme", To: "beta", Customer: "none"}},
				{"competency_id", &graph.Referral{Meta: meta, From: "acme", To: "beta", Competency: "none"}},
				{"parent_id", &graph.Referral{Meta: meta, From: "acme", To: "beta", Parent: "none"}},
				{"partner_id", &graph.Wall{Meta: meta, Partner: "none", Customer: "city"}},
				{"customer_id", &graph.Wall{Meta: meta, Partner: "acme", Customer: "none"}},
				{"competency_id", &graph.Wall{Meta: meta, Partner: "acme", Customer: "city", Competency: "none"}},
				{"partnership_id", &graph.Wall{Meta: meta, Partner: "acme", Customer: "city", Partnership: "none"}},
			} {
				refusal := w.Put(dangling.node)[0]
				w.refused(refusal, graph.CodeNotFound, dangling.field)
				if e, ok := graph.AsError(refusal); ok {
					w.same(string(dangling.node.Kind())+": the missing id", e.ID, "none")
				}
				w.same("node", w.node(dangling.node.Kind(), "new"), graph.Node(nil))
			}
			w.same("seq", w.seq(), int64(1))
		}},
		{"A circle of broader competencies is refused", func(w *World) {
			w.Competency("a").Competency("b", "a").Competency("c", "b").Save()
			w.refused(w.Put(&graph.Competency{Meta: graph.Meta{ID: "a"}, Name: "A", Broader: []string{"c"}})[0], graph.CodeValidation, "parent_id")
			w.refused(w.Put(&graph.Competency{Meta: graph.Meta{ID: "a"}, Name: "A", Broader: []string{"a"}})[0], graph.CodeValidation, "parent_id")
			w.same("version", w.node(graph.KindCompetency, "a").Header().Version, 1)
		}},
		{"A circle that closes within one transaction is refused", func(w *World) {
			w.Competency("a").Competency("b").Save()
			refusals := w.Put(&graph.Competency{Meta: graph.Meta{ID: "a"}, Name: "A", Broader: []string{"b"}}, &graph.Competency{Meta: graph.Meta{ID: "b"}, Name: "B", Broader: []string{"a"}})
			w.same("the first", refusals[0], error(nil))
			w.refused(refusals[1], graph.CodeValidation, "parent_id")
		}},
		{"Two ways up to one competency are no circle", func(w *World) {
			w.Competency("top").Competency("left", "top").Competency("right", "top").Competency("both", "left", "right").Save()
		}},
		{"Two competencies may be related to each other", func(w *World) {
			w.Competency("a").Competency("b").Save()
			w.Add(&graph.Competency{Meta: graph.Meta{ID: "a"}, Name: "A", Related: []string{"b"}}, &graph.Competency{Meta: graph.Meta{ID: "b"}, Name: "B", Related: []string{"a"}}).Save()
		}},
		{"A circle of partners that are part of each other is refused", func(w *World) {
			w.Partner("a").Partner("b", graph.Partner{PartOf: "a"}).Partner("c", graph.Partner{PartOf: "b"}).Save()
			w.refused(w.Put(&graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: graph.Active, PartOf: "c"})[0], graph.CodeValidation, "part_of")
			w.refused(w.Put(&graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: graph.Active, PartOf: "a"})[0], graph.CodeValidation, "part_of")
		}},
		{"A circle of regions, of referrals or of solutions is refused", func(w *World) {
			grounds(w)
			meta := func(id string) graph.Meta { return graph.Meta{ID: id} }
			w.Add(&graph.Region{Meta: meta("a"), Name: "A"}, &graph.Region{Meta: meta("b"), Name: "B", Parent: "a"})
			w.Add(&graph.Referral{Meta: meta("a"), From: "acme", To: "beta"}, &graph.Referral{Meta: meta("b"), From: "beta", To: "acme", Parent: "a"})
			w.Add(&graph.Solution{Meta: meta("a"), Name: "A"}, &graph.Solution{Meta: meta("b"), Name: "B", BuildsOn: []string{"a"}}).Save()
			refusals := w.Put(&graph.Region{Meta: meta("a"), Name: "A", Parent: "b"}, &graph.Referral{Meta: meta("a"), From: "acme", To: "beta", Parent: "b"}, &graph.Solution{Meta: meta("a"), Name: "A", BuildsOn: []string{"b"}})
			w.refused(refusals[0], graph.CodeValidation, "parent_id")
			w.refused(refusals[1], graph.CodeValidation, "parent_id")
			w.refused(refusals[2], graph.CodeValidation, "builds_on")
		}},
		{"An office of another partner is refused", func(w *World) {
			grounds(w)
			meta := graph.Meta{ID: "new"}
			refusals := w.Put(
				&graph.Holding{Meta: meta, Partner: "acme", Competency: "erp", Office: "beta-berlin"},
				&graph.Certification{Meta: meta, Partner: "acme", Competency: "erp", Office: "beta-berlin"},
				&graph.Contact{Meta: meta, Partner: "acme", Name: "Ada", Office: "beta-berlin"},
			)
			for _, refusal := range refusals {
				w.refused(refusal, graph.CodeValidation, "office_id")
			}
		}},
		{"An id that is empty, too long or cannot be printed is refused", func(w *World) {
			for _, id := range []string{"", strings.Repeat("x", graph.MaxID+1), "a b", "a\tb", "a;b", "a\x00b", "a\ufffdb"} {
				w.refused(w.Put(&graph.Competency{Meta: graph.Meta{ID: id}, Name: "ERP"})[0], graph.CodeValidation, "id")
			}
			w.Competency(strings.Repeat("x", graph.MaxID)).Save()
		}},
		{"A node that must have a name is refused without one", func(w *World) {
			grounds(w)
			meta := graph.Meta{ID: "new"}
			for _, node := range []graph.Node{
				&graph.Region{Meta: meta}, &graph.Competency{Meta: meta}, &graph.Partner{Meta: meta, Status: graph.Active},
				&graph.Customer{Meta: meta}, &graph.Contact{Meta: meta, Partner: "acme"}, &graph.Solution{Meta: meta},
			} {
				w.refused(w.Put(node)[0], graph.CodeValidation, "name")
			}
			w.refused(w.Put(&graph.Opportunity{Meta: meta})[0], graph.CodeValidation, "title")
		}},
		{"A text has a length in characters, not in bytes", func(w *World) {
			name, description := strings.Repeat("é", graph.MaxName), strings.Repeat("é", graph.MaxDescription)
			w.Add(&graph.Competency{Meta: graph.Meta{ID: "a"}, Name: name, Aliases: []string{name}, Description: description}).Save()
			w.refused(w.Put(&graph.Competency{Meta: graph.Meta{ID: "b"}, Name: name + "x"})[0], graph.CodeValidation, "name")
			w.refused(w.Put(&graph.Competency{Meta: graph.Meta{ID: "b"}, Name: name, Aliases: []string{"b", name + "x"}})[0], graph.CodeValidation, "aliases")
			w.refused(w.Put(&graph.Competency{Meta: graph.Meta{ID: "b"}, Name: name, Description: description + "x"})[0], graph.CodeValidation, "description")
		}},
	}
}
