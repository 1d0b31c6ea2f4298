package neo4jstore_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"valueweb/graph"
)

// question draws one of everything that a store, and package graph above it, can be asked.
func (d *drawer) question() operation {
	switch d.IntN(17) {
	case 15, 16:
		return d.deliver()
	case 14:
		return d.clockwork()
	case 13:
		return d.figures()
	case 12:
		return d.access()
	case 0:
		return d.read()
	case 1:
		return d.nearest()
	case 2, 3:
		return d.related()
	case 4, 5:
		return d.list()
	case 6:
		return d.status()
	case 7, 8:
		return d.gapFacts()
	case 9:
		return d.paths()
	}
	return d.whoCanFill()
}

// everything asks for all that a store holds: every node, the whole log, the network.
func (d *drawer) everything() []operation {
	all := []operation{d.status(), d.network(), d.events(0, math.MaxInt32)}
	for _, v := range []graph.Viewer{graph.Operator, d.asPartner(), {Role: graph.RoleAnalyst}, d.asCustomer(), d.asPartner()}[:often(2, 5)] {
		for _, kind := range graph.Kinds {
			all = append(all, d.listed(v, graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 1000, Total: true}}))
		}
	}
	return all
}

// viewer is who asks: the operator, or somebody who may not see everything. Each role has a variant of a
// statement of its own, which the database plans when it is first asked: by default few are.
func (d *drawer) viewer() graph.Viewer {
	switch d.IntN(often(40, 8)) {
	case 0, 1, 2:
		return d.asPartner()
	case 3:
		return d.asCustomer()
	case 4:
		return graph.Viewer{Role: graph.RoleAnalyst}
	}
	return graph.Operator
}

func (d *drawer) asPartner() graph.Viewer {
	return graph.Viewer{Role: graph.RolePartner, Organisation: d.one(graph.KindPartner)}
}

func (d *drawer) asCustomer() graph.Viewer {
	return graph.Viewer{Role: graph.RoleCustomer, Organisation: d.one(graph.KindCustomer)}
}

// figures asks for figures, of a partnership as often as not.
func (d *drawer) figures() operation {
	v, q := d.viewer(), graph.FiguresQuery{Of: pick(d, graph.FigureKinds)}
	by := graph.FigureDimensions[:d.IntN(len(graph.FigureDimensions)+1)]
	if d.chance(50) {
		q.Partnership = d.one(graph.KindPartnership)
	}
	return operation{fmt.Sprintf("figures as %s: %v by %v", v, q, by), func(ctx context.Context, s *side) {
		cells, err := (&graph.Graph{Store: s.store}).Figures(ctx, v, q, by)
		s.note("cells", cells)
		s.noteError(err)
		if err == nil { // and where they rest on
			facts, err := s.store.Figures(ctx, v, q)
			s.noteSet("rows", facts.Rows)
			s.note("closed", facts.Closed)
			s.noteError(err)
		}
	}}
}

// deliver tells everybody of a node at once.
func (d *drawer) deliver() operation {
	kind := pick(d, graph.Kinds)
	id := d.one(kind)
	viewers := []graph.Viewer{graph.Operator, {Role: graph.RoleAnalyst}, {}, {Role: graph.RolePartner, Organisation: "nobody"}}
	for _, partner := range d.put[graph.KindPartner] {
		viewers = append(viewers, graph.Viewer{Role: graph.RolePartner, Organisation: partner})
	}
	for _, customer := range d.put[graph.KindCustomer] {
		viewers = append(viewers, graph.Viewer{Role: graph.RoleCustomer, Organisation: customer})
	}
	some := several(d, viewers, 3)
	return operation{fmt.Sprintf("deliver %s:%s", kind, id), func(ctx context.Context, s *side) {
		nodes, err := s.store.ReadFor(ctx, viewers, kind, id)
		s.noteNodes("to", nodes)
		s.noteError(err)
		for range often(0, 1) { // a role's own statements take the database long to plan
			for _, v := range some {
				read, err := s.store.Read(ctx, v, kind, []string{id})
				s.noteNodes("read by "+v.String(), read)
				s.noteError(err)
			}
		}
	}}
}

// clockwork asks what the clock has to end.
func (d *drawer) clockwork() operation {
	q := graph.DueQuery{SentBefore: d.date(), ProtectedBy: d.date(), Limit: math.MaxInt16}
	return operation{fmt.Sprintf("due %+v", q), func(ctx context.Context, s *side) {
		gids, err := s.store.Due(ctx, graph.Operator, q)
		s.noteSet("due", gids)
		s.noteError(err)
	}}
}

func (d *drawer) access() operation {
	v := d.viewer()
	return operation{fmt.Sprint("access of ", v), func(ctx context.Context, s *side) {
		access, err := s.store.Access(ctx, v)
		s.noteAccess(access)
		s.noteError(err)
	}}
}

// noteAccess brings what a viewer may see into an order.
func (s *side) noteAccess(a *graph.Access) {
	if a == nil {
		return
	}
	s.note("kin", a.Kin)
	s.note("hidden", a.Hidden)
	s.note("customers", a.Customers)
	s.note("contacts", a.Contacts)
	s.noteSet("barriers", a.Barriers)
	byPartnership := func(a, b graph.Share) int { return strings.Compare(a.Partnership, b.Partnership) }
	for _, share := range slices.SortedFunc(slices.Values(a.Shares), byPartnership) {
		s.noteSet("share "+share.Partnership, share.Barriers)
	}
	for _, teller := range slices.SortedFunc(slices.Values(a.Tellers), byPartnership) {
		s.noteSet("teller "+teller.Partnership, teller.Barriers)
	}
	if p := a.Profile; p != nil {
		s.noteSet("points", p.Points)
		profile := *p
		profile.Points = nil
		s.note("profile", profile)
	}
	var concealed []graph.Referral
	for _, r := range a.Concealed {
		if !a.Hidden[r.From] && !a.Hidden[r.To] {
			concealed = append(concealed, graph.Referral{Meta: graph.Meta{ID: r.ID}, From: r.From, To: r.To, State: r.State, SentOn: r.SentOn, AnsweredOn: r.AnsweredOn, ClosedOn: r.ClosedOn})
		}
	}
	s.noteSet("concealed", concealed)
}

// ids are some of a kind, some of them unknown, some twice.
func (d *drawer) idsOf(kind graph.Kind, n int) []string {
	var ids []string
	for range n {
		ids = append(ids, d.one(kind))
	}
	return ids
}

func (d *drawer) read() operation {
	v, kind := d.viewer(), pick(d, graph.Kinds)
	ids := d.idsOf(kind, d.IntN(6))
	return operation{fmt.Sprintf("read as %s: %s %q", v, kind, ids), func(ctx context.Context, s *side) {
		nodes, err := s.store.Read(ctx, v, kind, ids)
		s.noteNodes("nodes", nodes)
		s.noteError(err)
	}}
}

func (d *drawer) nearest() operation {
	v, kind, text, n := d.viewer(), pick(d, graph.Kinds), pick(d, append(slices.Clone(names), "pa", "co1", "🙂of", "")), 1+d.IntN(8)
	return operation{fmt.Sprintf("nearest as %s: %s %.40q %d", v, kind, text, n), func(ctx context.Context, s *side) {
		ids, err := s.store.Nearest(ctx, v, kind, text, n)
		s.note("ids", ids)
		s.noteError(err)
	}}
}

func (d *drawer) related() operation {
	v, relation := d.viewer(), pick(d, graph.Relations)
	kind := graph.Kind(strings.ToUpper(string(relation[:1])) + string(relation[1:strings.Index(string(relation), ".")]))
	q := graph.RelatedQuery{Relation: relation, Parents: d.idsOf(kind, d.IntN(6)), Page: graph.PageQuery{Total: d.chance(50)}}
	d.pageSize(&q.Page)
	if far, _ := relation.Leads(); d.chance(30) {
		key := &graph.Key{ID: d.one(far)}
		if q.Page.Backward() {
			q.Page.Before = key
		} else {
			q.Page.After = key
		}
	}
	return operation{fmt.Sprintf("related as %s: %s", v, written(q)), func(ctx context.Context, s *side) {
		parents, err := s.store.Read(ctx, v, kind, q.Parents)
		s.noteError(err)
		q := q
		q.Parents = nil
		for _, parent := range parents {
			if parent != nil {
				q.Parents = append(q.Parents, parent.Header().ID)
			}
		}
		pages, err := s.store.Related(ctx, v, q)
		for _, page := range pages {
			s.notePage(page)
		}
		s.noteError(err)
	}}
}

func (d *drawer) pageSize(q *graph.PageQuery) {
	if n := pick(d, []int{1, 2, 3, 7, 1000}); d.chance(40) {
		q.Last = n
	} else {
		q.First = n
	}
}

// orders are the fields by which kinds are listed, beside ids.
var orders = map[graph.Kind][]graph.OrderField{
	graph.KindPartner:     {graph.OrderByName, graph.OrderByTier, graph.OrderByJoined},
	graph.KindOffice:      {graph.OrderByName, graph.OrderByKm},
	graph.KindCompetency:  {graph.OrderByName},
	graph.KindCustomer:    {graph.OrderByName},
	graph.KindSite:        {graph.OrderByName, graph.OrderByKm},
	graph.KindSolution:    {graph.OrderByName},
	graph.KindRegion:      {graph.OrderByName},
	graph.KindOpportunity: {graph.OrderByPosted},
	graph.KindReferral:    {graph.OrderBySent},
}

func (d *drawer) list() operation {
	kind := pick(d, graph.Kinds)
	if d.chance(70) {
		kind = pick(d, []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindCompetency, graph.KindCustomer, graph.KindSite})
	}
	q := graph.ListQuery{Kind: kind, Filter: d.filter(kind), Order: graph.Order{Field: graph.OrderByID, Descending: d.chance(50)}, Page: graph.PageQuery{Total: d.chance(50)}}
	d.pageSize(&q.Page)
	if fields := orders[kind]; len(fields) > 0 && d.chance(75) {
		q.Order.Field = pick(d, fields)
	}
	if q.Order.Field == graph.OrderByKm && q.Filter.Near == nil {
		q.Filter.Near = d.near()
	}
	return d.listed(d.viewer(), q)
}

// pagesAtMost bounds the pages that are read of one list.
const pagesAtMost = 12

// listed reads a list page by page, to its end or, if it is read backward, to its beginning.
func (d *drawer) listed(v graph.Viewer, q graph.ListQuery) operation {
	return operation{fmt.Sprintf("list as %s: %s", v, written(q)), func(ctx context.Context, s *side) {
		q := q
		for range pagesAtMost {
			page, err := s.store.List(ctx, v, q)
			s.notePage(page)
			s.noteError(err)
			switch {
			case len(page.Keys) == 0 || q.Page.Backward() && !page.HasPrevious || !q.Page.Backward() && !page.HasNext:
				return
			case q.Page.Backward():
				q.Page.Before = &page.Keys[0]
			default:
				q.Page.After = &page.Keys[len(page.Keys)-1]
			}
		}
	}}
}

func (d *drawer) near() *graph.Place {
	place := d.place()
	return &place
}

func (d *drawer) truth() *bool {
	if d.chance(75) {
		return nil
	}
	is := d.chance(50)
	return &is
}

// filter narrows a list by what makes sense for its kind.
func (d *drawer) filter(kind graph.Kind) graph.Filter {
	f := graph.Filter{AsOf: d.asOf()}
	switch kind {
	case graph.KindPartner:
		f.Kinds, f.Statuses, f.MinTier, f.Tags, f.HasOffice = several(d, graph.PartnerKinds, 6), several(d, graph.PartnerStatuses, 3), maybe(d, 20, pick(d, graph.Tiers)), maybe(d, 15, several(d, tags, 2)), d.truth()
		f.Certified, f.Scheme = maybe(d, 20, d.one(graph.KindCompetency)), maybe(d, 15, pick(d, schemes))
		f.Kinds, f.Statuses = maybe(d, 30, f.Kinds), maybe(d, 30, f.Statuses)
	case graph.KindOffice:
		f.Roles, f.Tags, f.Partner = maybe(d, 30, several(d, graph.OfficeRoles, 2)), maybe(d, 15, several(d, tags, 2)), maybe(d, 20, d.one(graph.KindPartner))
	case graph.KindCompetency:
		f.Within, f.Roots = maybe(d, 30, d.one(kind)), d.truth()
	case graph.KindCustomer:
		f.Segments, f.Industry, f.Partner = maybe(d, 30, several(d, segments, 2)), maybe(d, 30, several(d, industries, 2)), maybe(d, 20, d.one(graph.KindPartner))
	case graph.KindSite:
		f.Customer, f.Free = maybe(d, 20, d.one(graph.KindCustomer)), d.truth()
	case graph.KindAPIKey:
		f.Partner = maybe(d, 50, d.one(graph.KindPartner))
		return f
	default:
		return f
	}
	f.Text = maybe(d, 30, pick(d, []string{"a", "A", "é", "e", "mull", "STRASSE", "ss", "\x00", "B", "🙂", "ﬁ", "fi", `\`, " ", "zzz", "i\u0307"}))
	if kind == graph.KindPartner || kind == graph.KindOffice {
		f.Holds = maybe(d, 30, d.needs(2))
	}
	if kind != graph.KindCompetency {
		f.Region, f.Countries = maybe(d, 15, d.one(graph.KindRegion)), maybe(d, 15, several(d, countries, 3))
		if d.chance(40) {
			f.Near = d.near()
			f.RadiusKm = maybe(d, 70, d.radius())
		}
	}
	return f
}

// asOf is a day from 1970 on: before, a day that is not stated would lie in the future.
func (d *drawer) asOf() graph.Date {
	if day := d.day(); d.chance(60) && day > 0 {
		return day
	}
	return anchors[0]
}

// radius is often the very distance of two places, or a hair beside it.
func (d *drawer) radius() float64 {
	exact := graph.Kilometres(pick(d, points), pick(d, points))
	if exact == 0 || d.chance(40) {
		return pick(d, []float64{0.001, 50, 100, 250, 1000, 5000, 12000, graph.MaxRadiusKm})
	}
	switch d.IntN(3) {
	case 0:
		return math.Nextafter(exact, 0)
	case 1:
		return math.Nextafter(exact, math.Inf(1))
	}
	return exact
}

func (d *drawer) place() graph.Place {
	switch d.IntN(8) {
	case 0:
		return graph.Place{Customer: d.one(graph.KindCustomer)}
	case 1:
		return graph.Place{Site: d.one(graph.KindSite)}
	case 2:
		return graph.Place{Customer: d.one(graph.KindCustomer), Site: d.one(graph.KindSite)}
	case 3, 4:
		return graph.Place{Opportunity: d.one(graph.KindOpportunity)}
	}
	at := pick(d, points)
	return graph.Place{Point: &at}
}

func (d *drawer) needs(n int) []graph.Need {
	var needs []graph.Need
	for range 1 + d.IntN(n) {
		competency := d.one(graph.KindCompetency)
		if !slices.ContainsFunc(needs, func(need graph.Need) bool { return need.Competency == competency }) {
			needs = append(needs, graph.Need{Competency: competency, MinLevel: pick(d, []int{1, 1, 1, 2, 3, 4, 5})})
		}
	}
	return needs
}

// gap is a question; a few must be refused.
func (d *drawer) gap() graph.Gap {
	q := graph.Gap{
		Place: d.place(), Asker: maybe(d, 50, d.one(graph.KindPartner)), CertifiedOnly: d.chance(20), MinTier: maybe(d, 15, pick(d, graph.Tiers)),
		Kinds: maybe(d, 15, several(d, graph.PartnerKinds, 6)), Remote: d.chance(35), AsOf: d.asOf(),
	}
	if q.Place.Opportunity == "" || d.chance(50) {
		q.Needs = d.needs(3)
	}
	switch {
	case d.chance(40):
		km := d.radius()
		q.RadiusKm = &km
	case d.chance(25):
		q.Anywhere = true
	}
	if d.chance(30) {
		q.Weights = graph.Weights{pick(d, graph.Terms): pick(d, []float64{0, 0.1, 1, 2.5})}
	}
	if d.chance(2) {
		q.MinTier = "TIN"
	}
	return q
}

// radii are what a question tries in turn.
func radiiOf(q graph.Gap) []float64 {
	switch {
	case q.Anywhere:
		return []float64{math.Inf(1)}
	case q.RadiusKm != nil:
		return []float64{*q.RadiusKm}
	}
	return graph.Rings
}

// gapFacts asks the store itself: who qualifies, who was left out, and what each variant would find.
func (d *drawer) gapFacts() operation {
	v, q := d.viewer(), graph.GapQuery{Gap: d.gap(), Enough: pick(d, []int{1, graph.EnoughPartners, 1000})}
	q.Radii = radiiOf(q.Gap)
	return operation{fmt.Sprintf("gap as %s: %s %v %d", v, written(q.Gap), q.Radii, q.Enough), func(ctx context.Context, s *side) {
		if q.Gap.Validate() != nil {
			return
		}
		facts, err := s.store.Gap(ctx, v, q)
		if err != nil {
			s.noteError(err)
			return
		}
		s.noteFacts(facts)
		ring := q
		ring.Radii = []float64{facts.RadiusKm}
		shortfall, err := s.store.GapShortfall(ctx, v, ring, variantsOf(q, facts))
		if err == nil {
			s.noteShortfall(shortfall)
		}
		s.noteError(err)
	}}
}

// variantsOf loosens a question in every way, alone and together.
func variantsOf(q graph.GapQuery, facts graph.GapFacts) []graph.GapQuery {
	loosen := []func(*graph.GapQuery){
		func(v *graph.GapQuery) { v.Radii, v.Enough = graph.Rings, 1 },
		func(v *graph.GapQuery) {
			v.Needs = nil
			for _, need := range facts.Needs {
				v.Needs = append(v.Needs, graph.Need{Competency: need.Competency, MinLevel: 1})
			}
		},
		func(v *graph.GapQuery) { v.CertifiedOnly = false },
		func(v *graph.GapQuery) { v.MinTier = "" },
		func(v *graph.GapQuery) { v.Kinds = nil },
		func(v *graph.GapQuery) { v.Remote = true },
	}
	variants := []graph.GapQuery{q}
	loosest := q
	for _, change := range loosen {
		one := q
		change(&one)
		change(&loosest)
		variants = append(variants, one, loosest)
	}
	return variants
}

// whoCanFill asks as a client does, page by page.
func (d *drawer) whoCanFill() operation {
	v := d.viewer()
	q, first, extras := d.gap(), pick(d, []int{1, 2, 3, 1000}), graph.CandidateExtras{LeftOut: d.chance(60), Loosen: d.chance(60)}
	if d.chance(20) {
		q.AsOf = 0
	}
	return operation{fmt.Sprintf("whoCanFill as %s: %s %d %v", v, written(q), first, extras), func(ctx context.Context, s *side) {
		after := ""
		for range pagesAtMost {
			page, err := s.graph.WhoCanFill(ctx, v, q, graph.PageArgs{First: first, After: after}, extras)
			s.note("page", page)
			s.noteError(err)
			if err != nil || !page.HasNext {
				return
			}
			after = page.Cursors[len(page.Cursors)-1]
		}
	}}
}

func (d *drawer) paths() operation {
	v, q := d.viewer(), graph.PathQuery{From: d.one(graph.KindPartner), To: d.one(graph.KindPartner), MaxHops: 1 + d.IntN(graph.MaxHops), First: 1 + d.IntN(5), AsOf: d.asOf()}
	if d.chance(30) {
		q.Avoid = d.idsOf(graph.KindPartner, 1)
	}
	return operation{fmt.Sprintf("paths as %s: %s", v, written(q)), func(ctx context.Context, s *side) {
		facts, err := s.graph.Paths(ctx, v, q)
		s.note("paths", facts)
		s.noteError(err)
	}}
}

func (d *drawer) status() operation {
	v := d.viewer()
	return operation{fmt.Sprint("status as ", v), func(ctx context.Context, s *side) {
		status, err := s.store.Status(ctx, v)
		s.note("counts", status.Counts)
		s.note("seq", status.Seq)
		s.noteError(err)
	}}
}

func (d *drawer) events(after int64, limit int) operation {
	return operation{fmt.Sprintf("events %d %d", after, limit), func(ctx context.Context, s *side) {
		s.noteEvents(ctx, after, limit)
	}}
}

// network reads what ties rest on; what comes later in the stream counts.
func (d *drawer) network() operation {
	return operation{"network", func(ctx context.Context, s *side) {
		all := map[string]any{}
		seq, err := s.store.Network(ctx, graph.Operator, func(chunk graph.NetworkChunk) error {
			for _, p := range chunk.Partners {
				all[p.GID()] = []string{p.Name, string(p.Status)}
			}
			for _, r := range chunk.Referrals {
				all[r.GID()] = []any{r.From, r.To, r.Timeline()}
			}
			for _, p := range chunk.Partnerships {
				all[p.GID()] = plainNode(p)
			}
			return nil
		})
		s.note("seq", seq)
		for _, gid := range slices.Sorted(maps.Keys(all)) {
			s.note(gid, all[gid])
		}
		s.noteError(err)
	}}
}
