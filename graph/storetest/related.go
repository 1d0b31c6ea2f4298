package storetest

import (
	"fmt"

	"valueweb/graph"
)

// relatedIDs are the ids of everything that is related to a node.
func (w *World) relatedIDs(relation graph.Relation, parent string) []string {
	w.Helper()
	return w.relatedTo(relation, []string{parent})[0]
}

// relatedTo are the ids of all that is related to each of some parents.
func (w *World) relatedTo(relation graph.Relation, parents []string) [][]string {
	w.Helper()
	w.Save()
	pages, err := w.Related(w.Context(), w.viewer, graph.RelatedQuery{Relation: relation, Parents: parents, Page: graph.PageQuery{First: 1000, Total: true}})
	w.must(err)
	var all [][]string
	for _, page := range pages {
		ids := idsOf(page)
		w.same("total", page.Total, len(ids))
		all = append(all, ids)
	}
	return all
}

// kin is a world in which every relation leads from "p" to two nodes, "1" and "2", and from "q" to none
// or others.
func kin(w *World) {
	w.Partner("p").Office("p", Here).Partner("q").Office("q", Here).Competency("p").Competency("q").Customer("p").Customer("q").Region("p").Region("q")
	w.Add(&graph.Site{Meta: graph.Meta{ID: "p"}}, &graph.Contact{Meta: graph.Meta{ID: "p"}, Name: "P", Partner: "q"}, &graph.Solution{Meta: graph.Meta{ID: "p"}, Name: "P"}, &graph.Referral{Meta: graph.Meta{ID: "p"}, From: "q", To: "q"}).Opportunity("p", graph.Opportunity{}).Save()
	for _, id := range []string{"2", "1"} {
		meta := graph.Meta{ID: id}
		w.Add(
			&graph.Partner{Meta: meta, Name: id, Status: graph.Active, PartOf: "p", ChannelManager: "p"},
			&graph.Competency{Meta: meta, Name: id, Broader: []string{"p"}},
			&graph.Region{Meta: meta, Name: id, Parent: "p"},
			&graph.Office{Meta: meta, Partner: "p"},
			&graph.Site{Meta: meta, Customer: "p"},
			&graph.Contact{Meta: meta, Name: id, Partner: "p", Office: "p", Territories: []string{"p"}},
			&graph.Contact{Meta: graph.Meta{ID: "c" + id}, Name: id, Customer: "p"},
			&graph.Holding{Meta: meta, Partner: "p", Competency: "p", Office: []string{"", "p"}[int(id[0]-'1')]},
			&graph.Certification{Meta: meta, Partner: "p", Competency: "p", Office: "p"},
			&graph.CustomerPartner{Meta: meta, Customer: "p", Partner: "p", Role: "OWNER"},
			&graph.Solution{Meta: meta, Name: id, Partners: []string{"p"}, Competencies: []string{"p"}, BuildsOn: []string{"p"}},
			&graph.Partnership{Meta: meta, Parties: []string{"q", "p"}, Sites: []string{"p"}},
			&graph.Opportunity{Meta: meta, Title: id, Customer: "p", Owner: "p", Site: "p", Needs: []graph.Need{{Competency: "p", MinLevel: 1}}, Audience: graph.Audience{Kind: graph.AudienceFilter, Region: "p"}},
			&graph.Invitation{Meta: meta, Opportunity: "p", Partner: "p"},
			&graph.Referral{Meta: meta, From: "p", To: "p", Customer: "p", Parent: "p"},
		).Save()
	}
}

// relations says what each relation leads to in the world of kin.
var relations = map[graph.Relation][]string{
	graph.PartnerOffices: {"1", "2", "p"}, graph.PartnerUnits: {"1", "2"}, graph.PartnerHoldings: {"1", "2"}, graph.PartnerCertifications: {"1", "2"},
	graph.PartnerContacts: {"1", "2"}, graph.PartnerCustomers: {"1", "2"}, graph.PartnerSolutions: {"1", "2"}, graph.PartnerPartnerships: {"1", "2"},
	graph.PartnerReceived: {"1", "2"}, graph.PartnerSent: {"1", "2"}, graph.PartnerOpportunities: {"1", "2"},
	graph.OfficeHoldings: {"2"}, graph.OfficeContacts: {"1", "2"},
	graph.CompetencyNarrower: {"1", "2"}, graph.CompetencyHoldings: {"1", "2"}, graph.CompetencyCertified: {"1", "2"}, graph.CompetencySolutions: {"1", "2"},
	graph.CustomerSites: {"1", "2"}, graph.CustomerContacts: {"c1", "c2"}, graph.CustomerPartners: {"1", "2"}, graph.CustomerOpportunities: {"1", "2"}, graph.CustomerReferrals: {"1", "2"},
	graph.OfficeCertifications: {"1", "2"}, graph.CompetencyNeeds: {"1", "2"}, graph.SiteOpportunities: {"1", "2"}, graph.SitePartnerships: {"1", "2"},
	graph.RegionContacts: {"1", "2"}, graph.RegionAudiences: {"1", "2"}, graph.ContactPartners: {"1", "2"},
	graph.RegionParts: {"1", "2"}, graph.SolutionUsedBy: {"1", "2"}, graph.OpportunityInvitations: {"1", "2"}, graph.ReferralChildren: {"1", "2"},
}

func relatedCases() []testCase {
	return []testCase{
		{"Every relation leads to what names its parent, in the order of ids", func(w *World) {
			kin(w)
			for relation, want := range relations {
				w.same(string(relation), w.relatedIDs(relation, "p"), want)
				w.same(string(relation)+" of nothing", w.relatedIDs(relation, "none"), []string(nil))
			}
		}},
		{"Pages stand in the order of the parents, each with its own rows and total", func(w *World) {
			w.Competency("a").Competency("b").Competency("a1", "a").Competency("a2", "a").Competency("a3", "a").Competency("ab", "a", "b").Save()
			pages, err := w.Related(w.Context(), graph.Operator, graph.RelatedQuery{
				Relation: graph.CompetencyNarrower, Parents: []string{"b", "none", "a", "b"}, Page: graph.PageQuery{First: 2, Total: true},
			})
			w.must(err)
			var ids [][]string
			var totals []int
			var next []bool
			for _, page := range pages {
				ids, totals, next = append(ids, idsOf(page)), append(totals, page.Total), append(next, page.HasNext)
			}
			w.same("ids", ids, [][]string{{"ab"}, nil, {"a1", "a2"}, {"ab"}})
			w.same("totals", totals, []int{1, 0, 4, 1})
			w.same("next", next, []bool{false, false, true, false})
		}},
		{"Related nodes come page by page, forward and backward", func(w *World) {
			w.Competency("top")
			var want []string
			for i := range 7 {
				id := fmt.Sprint("c", i)
				want = append(want, id)
				w.Competency(id, "top")
			}
			w.Competency("top\u00e9").Competency("x", "top\u00e9").Save() // a parent whose id begins alike
			for _, backward := range []bool{false, true} {
				w.same(fmt.Sprint("backward: ", backward), w.relatedPages(graph.CompetencyNarrower, "top", 2, backward), want)
			}
		}},
		{"A partner's opportunities are those it owns, leads or joined, each once", func(w *World) {
			w.Partner("p").Partner("q").Opportunity("own", graph.Opportunity{Owner: "p", Lead: "p"}).Opportunity("lead", graph.Opportunity{Owner: "q", Lead: "p", Members: []string{"p"}})
			w.Opportunity("join", graph.Opportunity{Members: []string{"q", "p"}}).Opportunity("decline", graph.Opportunity{Owner: "q", Declined: []string{"p"}})
			w.same("opportunities", w.relatedIDs(graph.PartnerOpportunities, "p"), []string{"join", "lead", "own"})
		}},
		{"What a node names no more is no longer related", func(w *World) {
			w.Competency("a").Competency("b").Competency("c", "a").Save()
			w.Competency("c", "b").Save()
			w.same("of a", w.relatedIDs(graph.CompetencyNarrower, "a"), []string(nil))
			w.same("of b", w.relatedIDs(graph.CompetencyNarrower, "b"), []string{"c"})
		}},
		{"A related node is the node as it stands now", func(w *World) {
			w.Competency("a").Add(&graph.Competency{Meta: graph.Meta{ID: "c"}, Name: "old", Broader: []string{"a"}}).Save()
			w.Add(&graph.Competency{Meta: graph.Meta{ID: "c"}, Name: "new", Broader: []string{"a"}}).Save()
			pages, err := w.Related(w.Context(), graph.Operator, graph.RelatedQuery{Relation: graph.CompetencyNarrower, Parents: []string{"a"}, Page: graph.PageQuery{First: 1}})
			w.must(err)
			w.same("name", pages[0].Nodes[0].(*graph.Competency).Name, "new")
			w.same("version", pages[0].Nodes[0].Header().Version, 2)
		}},
		{"An unknown relation is an error", func(w *World) {
			if _, err := w.Related(w.Context(), graph.Operator, graph.RelatedQuery{Relation: "partner.enemies", Parents: []string{"p"}, Page: graph.PageQuery{First: 1}}); err == nil {
				w.Error("a relation that does not exist was followed")
			}
		}},
	}
}

// relatedPages reads what is related to a node page by page.
func (w *World) relatedPages(relation graph.Relation, parent string, size int, backward bool) []string {
	w.Helper()
	var ids []string
	q := graph.RelatedQuery{Relation: relation, Parents: []string{parent}, Page: graph.PageQuery{First: size}}
	if backward {
		q.Page = graph.PageQuery{Last: size}
	}
	for {
		pages, err := w.Related(w.Context(), w.viewer, q)
		w.must(err)
		page := pages[0]
		if backward {
			ids = append(idsOf(page), ids...)
			if !page.HasPrevious {
				return ids
			}
			q.Page.Before = &page.Keys[0]
			continue
		}
		ids = append(ids, idsOf(page)...)
		if !page.HasNext {
			return ids
		}
		q.Page.After = &page.Keys[len(page.Keys)-1]
	}
}
