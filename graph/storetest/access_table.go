package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"valueweb/graph"
)

// accessRow says which nodes of a kind each role may read in the world of town; of the others it may read none.
type accessRow struct {
	kind                       graph.Kind
	partner, customer, analyst []string
}

// town is a world in which there are nodes of every kind that the partner "me", the customer "mine" and an
// analyst may read, and such that they may not, for each reason why. Whatever has a place is Here.
func town(w *World) {
	w.Region("west", "FR").Competency("erp").Competency("gl", "erp")
	w.Buyer("mine", graph.Customer{Consent: true}, Here).Customer("served", Here).Customer("strange", Here).Customer("kept", Here)
	w.Add(&graph.Site{Meta: graph.Meta{ID: "free"}, Location: Here, Country: "FR"})
	for _, p := range []struct {
		id     string
		status graph.PartnerStatus
	}{{"me", graph.Active}, {"pub", graph.Active}, {"third", graph.Active}, {"shy", graph.Active}, {"pending", graph.Pending}, {"suspended", graph.Suspended}, {"gone", graph.Left}, {"mate", graph.Pending}} {
		w.Partner(p.id, graph.Partner{Status: p.status, Undisclosed: p.id == "shy"}).Office(p.id+"-office", Here, graph.Office{Country: "FR"})
		w.Holds("erp", graph.Holding{Meta: graph.Meta{ID: p.id + "-holding"}, Office: p.id + "-office"}).Certified("erp", graph.Certification{Meta: graph.Meta{ID: p.id + "-certificate"}})
		w.Add(
			&graph.Contact{Meta: graph.Meta{ID: p.id + "-sales"}, Name: "Ada", Partner: p.id, Office: p.id + "-office", Role: graph.SalesContact},
			&graph.Contact{Meta: graph.Meta{ID: p.id + "-support"}, Name: "Grace", Partner: p.id, Role: "SUPPORT"},
		)
	}
	for _, c := range []string{"mine", "served", "strange", "kept"} {
		w.Person(c+"-person", c)
	}
	w.About("me").Serves("served").Serves("kept").Wall(graph.Wall{Meta: graph.Meta{ID: "wall"}, Customer: "kept"})
	w.About("pub").Serves("served").Serves("mine").Serves("strange").Serves("kept").About("shy").Serves("served").Serves("mine").About("gone").Serves("served").Serves("mine")
	for id, partners := range map[string][]string{"nobody's": nil, "pub's": {"pub"}, "joint": {"shy", "pub"}, "shy's": {"shy"}, "pending's": {"pending"}, "gone's": {"gone"}} {
		w.Add(&graph.Solution{Meta: graph.Meta{ID: id}, Name: "Solution " + id, Partners: partners, Competencies: []string{"erp"}})
	}
	w.Add(&graph.Solution{Meta: graph.Meta{ID: "upon"}, Name: "Upon", Partners: []string{"shy"}, BuildsOn: []string{"nobody's", "shy's"}})
	w.About("me").With("mate", graph.Partnership{EndsOn: Day("2020-01-01")}).With("pub").About("pub").With("shy").With("gone").With("pending")
	w.About("me").Sent("sent", "pub", graph.Referral{Customer: "served"}).Sent("walled", "pub", graph.Referral{Customer: "kept"})
	w.About("pub").Sent("passed-on", "third", graph.Referral{Parent: "sent"}).Sent("theirs", "third", graph.Referral{Customer: "served"}).Sent("about-mine", "third", graph.Referral{Customer: "mine"})
	w.Sent("to-shy", "shy", graph.Referral{Customer: "mine"}).Sent("to-gone", "gone", graph.Referral{Customer: "mine"}).Sent("beyond-the-wall", "third", graph.Referral{Parent: "walled"})
	all, named := graph.Audience{Kind: graph.AudienceAll}, graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"pub"}}
	for id, o := range map[string]graph.Opportunity{
		"own": {Owner: "me"}, "own-draft": {Owner: "me", Stage: graph.Draft}, "to-all": {Owner: "pub", Audience: all}, "to-pub": {Owner: "pub", Audience: named},
		"draft": {Owner: "pub", Audience: all, Stage: graph.Draft}, "at-kept": {Owner: "me", Audience: all, Customer: "kept"}, "nowhere": {},
		"posted": {Customer: "mine"}, "posted-draft": {Customer: "mine", Stage: graph.Draft}, "for-mine": {Site: "mine-1", Owner: "pub"}, "draft-for-mine": {Customer: "mine", Owner: "pub", Stage: graph.Draft},
	} {
		o.Point, o.Needs = &Here, needs("erp", 1)
		w.Opportunity(id, o)
	}
	w.About("pub").Invited("own/pub", "own", graph.InvitationPending).Invited("all/pub", "to-all", graph.InvitationPending).Invited("posted/pub", "posted", graph.InvitationPending)
	w.About("shy").Invited("own/shy", "own", graph.InvitationPending).Invited("posted/shy", "posted", graph.InvitationPending)
	w.About("gone").Invited("own/gone", "own", graph.InvitationDeclined).Invited("posted/gone", "posted", graph.InvitationDeclined)
	w.About("me").Invited("all/me", "to-all", graph.InvitationDeclined).Invited("pub/me", "to-pub", graph.InvitationDeclined).Invited("kept/me", "at-kept", graph.InvitationPending)
	w.About("me").Key("me-key").About("pub").Key("pub-key")
	w.Save()
}

// accessTable says what there is to see in town, a row a kind.
var accessTable = []accessRow{
	{graph.KindRegion, []string{"west"}, []string{"west"}, []string{"west"}},
	{graph.KindCompetency, []string{"erp", "gl"}, []string{"erp", "gl"}, []string{"erp", "gl"}},
	{graph.KindPartner, []string{"mate", "me", "pub", "third"}, []string{"me", "pub", "third"}, []string{"me", "pub", "shy", "third"}},
	{graph.KindOffice, of("office", "mate", "me", "pub", "third"), of("office", "me", "pub", "third"), of("office", "me", "pub", "shy", "third")},
	{graph.KindCustomer, []string{"served"}, []string{"mine"}, nil},
	{graph.KindSite, []string{"free", "served-1"}, []string{"free", "mine-1"}, []string{"free"}},
	{graph.KindContact, []string{"me-sales", "me-support", "pub-sales", "served-person", "third-sales"}, []string{"mine-person", "pub-sales", "pub-support"}, nil},
	{graph.KindHolding, of("holding", "mate", "me", "pub", "third"), of("holding", "me", "pub", "third"), of("holding", "me", "pub", "shy", "third")},
	{graph.KindCertification, of("certificate", "mate", "me", "pub", "third"), of("certificate", "me", "pub", "third"), of("certificate", "me", "pub", "shy", "third")},
	{graph.KindCustomerPartner, []string{"me-served", "pub-served"}, []string{"pub-mine"}, nil},
	{graph.KindSolution, []string{"joint", "nobody's", "pub's"}, []string{"joint", "nobody's", "pub's"}, []string{"joint", "nobody's", "pub's", "shy's", "upon"}},
	{graph.KindPartnership, []string{"me+mate", "me+pub"}, nil, []string{"me+pub", "pub+gone", "pub+shy"}},
	{graph.KindOpportunity, []string{"own", "own-draft", "to-all"}, []string{"for-mine", "posted", "posted-draft"}, nil},
	{graph.KindInvitation, []string{"all/me", "own/pub"}, []string{"posted/pub"}, nil},
	{graph.KindReferral, []string{"passed-on", "sent"}, []string{"about-mine"}, nil},
	{graph.KindWall, nil, nil, nil},
	{graph.KindAPIKey, nil, nil, nil},
}

// of are the ids of what each partner has one of.
func of(what string, partners ...string) (ids []string) {
	for _, p := range partners {
		ids = append(ids, p+"-"+what)
	}
	return ids
}

// arguments are the ways to name a node of a kind in a question.
var arguments = map[graph.Kind]map[string]func(w *World, id string) error{
	graph.KindRegion: {
		"region of partners":  inFilter(graph.KindPartner, func(f *graph.Filter, id string) { f.Region = id }),
		"region of customers": inFilter(graph.KindCustomer, func(f *graph.Filter, id string) { f.Region = id }),
	},
	graph.KindCompetency: {
		"within":    inFilter(graph.KindCompetency, func(f *graph.Filter, id string) { f.Within = id }),
		"holds":     inFilter(graph.KindPartner, func(f *graph.Filter, id string) { f.Holds = needs(id, 1) }),
		"certified": inFilter(graph.KindPartner, func(f *graph.Filter, id string) { f.Certified = id }),
		"need":      inGap(func(q *graph.GapQuery, id string) { q.Needs = needs(id, 1) }),
	},
	graph.KindPartner: {
		"partner of offices":   inFilter(graph.KindOffice, func(f *graph.Filter, id string) { f.Partner = id }),
		"partner of keys":      inFilter(graph.KindAPIKey, func(f *graph.Filter, id string) { f.Partner = id }),
		"partner of customers": inFilter(graph.KindCustomer, func(f *graph.Filter, id string) { f.Partner = id }),
		"asker":                inGap(func(q *graph.GapQuery, id string) { q.Asker = id }),
	},
	graph.KindCustomer: {
		"customer of sites": inFilter(graph.KindSite, func(f *graph.Filter, id string) { f.Customer = id }),
		"near a customer":   inFilter(graph.KindOffice, func(f *graph.Filter, id string) { f.Near = &graph.Place{Customer: id} }),
		"place":             inGap(func(q *graph.GapQuery, id string) { q.Place = graph.Place{Customer: id} }),
		"place of a site":   inGap(func(q *graph.GapQuery, id string) { q.Place = graph.Place{Customer: id, Site: id + "-1"} }),
	},
	graph.KindSite: {
		"near a site": inFilter(graph.KindPartner, func(f *graph.Filter, id string) { f.Near = &graph.Place{Site: id} }),
		"place":       inGap(func(q *graph.GapQuery, id string) { q.Place = graph.Place{Site: id} }),
	},
	graph.KindOpportunity: {
		"near an opportunity": inFilter(graph.KindPartner, func(f *graph.Filter, id string) { f.Near = &graph.Place{Opportunity: id} }),
		"place":               inGap(func(q *graph.GapQuery, id string) { q.Place = graph.Place{Opportunity: id} }),
		"place and needs":     inGap(func(q *graph.GapQuery, id string) { q.Place, q.Needs = graph.Place{Opportunity: id}, nil }),
	},
}

// inFilter names a node in a filter of a list.
func inFilter(kind graph.Kind, name func(f *graph.Filter, id string)) func(w *World, id string) error {
	return func(w *World, id string) error {
		q := graph.ListQuery{Kind: kind, Order: byID, Page: graph.PageQuery{First: 1, Total: true}}
		q.Filter.AsOf = Today
		name(&q.Filter, id)
		_, err := w.List(w.Context(), w.viewer, q)
		return err
	}
}

// inGap names a node in a question, and in the question who was left out of it. There is no asker but the one
// that is named.
func inGap(name func(q *graph.GapQuery, id string)) func(w *World, id string) error {
	return func(w *World, id string) error {
		q := Ask("erp")
		q.Nobody = true
		name(&q, id)
		_, err := w.Gap(w.Context(), w.viewer, q)
		_, short := w.GapShortfall(w.Context(), w.viewer, q, nil)
		w.same("error of the shortfall", plain(short, id), plain(err, id))
		return err
	}
}

// plain is an error without the id that it names.
func plain(err error, id string) any {
	if err == nil {
		return nil
	}
	e, ok := graph.AsError(err)
	if !ok {
		return err.Error()
	}
	return graph.Error{
		Code: e.Code, Field: e.Field, Kind: e.Kind, ID: strings.ReplaceAll(e.ID, id, "?"), Message: strings.ReplaceAll(e.Message, id, "?"), Allowed: e.Allowed,
	}
}

// nowhere is an id that no node has, nor ever had.
const nowhere = "never-was"

// inspection compares what a viewer finds in town with what is there. What an operator finds is asked once for all
// viewers, for town stays as it is.
type inspection struct {
	operator *World
	there    map[string]any
}

// found is what an operator finds.
func found[T any](in *inspection, what string, ask func(operator *World) T) T {
	in.operator.Helper()
	if _, asked := in.there[what]; !asked {
		in.there[what] = ask(in.operator)
	}
	return in.there[what].(T)
}

// ids are those of a kind.
func (in *inspection) ids(kind graph.Kind) []string {
	return found(in, fmt.Sprint("ids ", kind), func(operator *World) []string { return operator.known(kind) })
}

// checkKind checks that the viewer sees some nodes of a kind and no others, whichever way it asks for them.
func (in *inspection) checkKind(w *World, kind graph.Kind, want []string) {
	w.Helper()
	all := in.ids(kind)
	sees := map[string]bool{}
	for _, id := range want {
		sees[id] = true
		if !slices.Contains(all, id) {
			w.Errorf("there is no %s %s in town", kind, id)
		}
	}
	visible := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !sees[id] })
	}

	w.same("by id", append([]string(nil), w.readableOf(kind, all)...), append([]string(nil), want...))
	w.same("in the list", w.onward(kind, graph.Filter{}), want)
	in.checkRelated(w, kind, visible)
	for _, id := range append(slices.Clone(all), nowhere) {
		page := graph.ListQuery{Kind: kind, Filter: graph.Filter{Text: id}, Order: byID, Page: graph.PageQuery{First: 1000, Total: true}}
		mine := w.list(page)
		w.same("by the text "+id, append([]string{}, idsOf(mine)...), append([]string{}, visible(found(in, fmt.Sprint("text ", kind, id), func(operator *World) []string { return idsOf(operator.list(page)) }))...))
		w.same("total by the text "+id, mine.Total, len(mine.Nodes))
		w.same("nearest to "+id, append([]string{}, w.nearest(kind, id)...), append([]string{}, visible(found(in, fmt.Sprint("nearest ", kind, id), func(operator *World) []string { return operator.nearest(kind, id) }))...))
	}
	switch kind {
	case graph.KindPartner, graph.KindOffice, graph.KindCustomer, graph.KindSite:
		w.same("near", w.onward(kind, graph.Filter{Near: point(Here), RadiusKm: 5}), want)
		inFrance := graph.Filter{Countries: []string{"FR"}}
		w.same("in a country or none", w.list(graph.ListQuery{Kind: kind, Filter: inFrance, Order: byID, Page: graph.PageQuery{First: 1, Total: true}}).Total,
			len(visible(found(in, fmt.Sprint("country ", kind), func(operator *World) []string { return operator.onward(kind, inFrance) }))))
	}
	if of, counted := figured[kind]; counted && w.viewer.Role != graph.RoleAnalyst {
		w.same("in figures", w.figures(of, ""), fmt.Sprint("=", len(want)))
	}
	for name, argument := range arguments[kind] {
		missing := plain(argument(w, nowhere), nowhere)
		if e, ok := missing.(graph.Error); !ok || e.Code != graph.CodeNotFound || e.Kind != kind {
			w.Errorf("%s: an id that never was is %v", name, missing)
		}
		for _, id := range all {
			err := argument(w, id)
			switch {
			case !sees[id]:
				w.same(name+" "+id, plain(err, id), missing)
			case err != nil:
				w.Errorf("%s %s: %v", name, id, err)
			}
		}
	}
}

// checkRelated checks every relation that leads to a kind: from what the viewer may read it leads to what the
// viewer may read, and from whatever else to nothing more.
func (in *inspection) checkRelated(w *World, kind graph.Kind, visible func(ids []string) []string) {
	w.Helper()
	for _, relation := range graph.Relations {
		if leads, _ := relation.Leads(); leads != kind {
			continue
		}
		parents := in.ids(parentKind(relation))
		readable := w.readableOf(parentKind(relation), parents)
		there := found(in, string(relation), func(operator *World) [][]string { return operator.relatedTo(relation, parents) })
		for i, got := range w.relatedTo(relation, parents) {
			if want := visible(there[i]); slices.Contains(readable, parents[i]) {
				w.same(fmt.Sprint(relation, " of ", parents[i]), append([]string{}, got...), append([]string{}, want...))
			} else if !reflect.DeepEqual(visible(got), append([]string{}, got...)) && len(got) > 0 {
				w.Errorf("%s of %s leads to %v", relation, parents[i], got)
			}
		}
	}
}

// nearest are all ids of a kind that are like a text.
func (w *World) nearest(kind graph.Kind, text string) []string {
	w.Helper()
	ids, err := w.Nearest(w.Context(), w.viewer, kind, text, 1000)
	w.must(err)
	return ids
}

// parentKind is the kind of node from which a relation leads.
func parentKind(relation graph.Relation) graph.Kind {
	from, _, _ := strings.Cut(string(relation), ".")
	for _, kind := range graph.Kinds {
		if strings.EqualFold(string(kind), from) {
			return kind
		}
	}
	panic(fmt.Sprintf("the relation %s leads from no kind", relation))
}

// tableCases check the table, and that it has a row for every kind.
func tableCases() []testCase {
	return []testCase{
		{"Every kind has a row, and something that each role may not read", func(w *World) {
			town(w)
			var kinds []graph.Kind
			for _, row := range accessTable {
				kinds = append(kinds, row.kind)
				all := w.known(row.kind)
				if row.kind == graph.KindRegion || row.kind == graph.KindCompetency {
					continue // which everybody may read
				}
				for _, may := range [][]string{row.partner, row.customer, row.analyst} {
					if len(may) >= len(all) {
						w.Errorf("of %s there is nothing that may not be read", row.kind)
					}
				}
			}
			w.same("kinds", kinds, graph.Kinds)
		}},
		{"A viewer sees of each kind what it may and nothing else, whichever way it asks", func(w *World) {
			town(w)
			in := &inspection{operator: w, there: map[string]any{}}
			for _, row := range accessTable {
				for _, role := range []struct {
					name   string
					viewer graph.Viewer
					want   []string
				}{
					{"a partner", graph.Viewer{Role: graph.RolePartner, Organisation: "me"}, row.partner},
					{"a customer", graph.Viewer{Role: graph.RoleCustomer, Organisation: "mine"}, row.customer},
					{"an analyst", graph.Viewer{Role: graph.RoleAnalyst}, row.analyst},
				} {
					w.Run(fmt.Sprint(row.kind, " as ", role.name), func(t *testing.T) {
						viewer := w.as(role.viewer)
						viewer.T = t
						in.checkKind(viewer, row.kind, role.want)
					})
				}
			}
		}},
	}
}
