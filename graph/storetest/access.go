package storetest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"valueweb/graph"
)

// today is the day of the stores' clock, on which rights are those that they are. Shortly before midnight it
// waits for the next day: a case takes less time than that.
func today() graph.Date {
	now := time.Now().UTC()
	if left := now.Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now); left < 20*time.Second {
		time.Sleep(left)
	}
	return graph.DateOf(time.Now())
}

// period is one of days relative to today, and whether today lies in it.
type period struct {
	name     string
	from, to int // days from today; 0 is today itself, and open is without an end
	holds    bool
}

const open = 1 << 20

var periods = []period{
	{"always", open, open, true}, {"from today", 0, open, true}, {"until today", open, 0, true}, {"today alone", 0, 0, true}, {"around today", -9, 9, true},
	{"from tomorrow", 1, open, false}, {"until yesterday", open, -1, false},
}

// days are the two ends of a period.
func (p period) days() (from, to graph.Date) {
	day := today()
	if p.from != open {
		from = day.AddDays(p.from)
	}
	if p.to != open {
		to = day.AddDays(p.to)
	}
	return from, to
}

// Shy adds a partner that chose not to be discoverable.
func (w *World) Shy(id string) *World { return w.Partner(id, graph.Partner{Undisclosed: true}) }

// Buyer adds a customer with what matters of it, and a site at each of the points.
func (w *World) Buyer(id string, as graph.Customer, at ...graph.Point) *World {
	w.Customer(id, at...)
	as.ID, as.Name = id, "The "+id
	w.pending[len(w.pending)-1-len(at)] = &as
	return w
}

// Serves adds that the partner supports a customer, or is something else to it.
func (w *World) Serves(customer string, as ...graph.CustomerPartner) *World {
	s := template(as)
	s.Partner, s.Customer = w.partner, customer
	if s.Role == "" {
		s.Role = "SUPPORTS"
	}
	if s.ID == "" {
		s.ID = w.id(w.partner + "-" + customer)
	}
	return w.Add(s)
}

// Owns adds that the partner owns the relation to a customer.
func (w *World) Owns(customer string) *World {
	return w.Serves(customer, graph.CustomerPartner{Role: graph.CustomerOwner})
}

// With adds a partnership of the partner and another one.
func (w *World) With(other string, as ...graph.Partnership) *World {
	p := template(as)
	if p.Parties == nil {
		p.Parties = []string{w.partner, other}
	}
	if p.Collaboration == "" {
		p.Collaboration = graph.LowCollaboration
	}
	if p.ID == "" {
		p.ID = w.id(w.partner + "+" + other)
	}
	return w.Add(p)
}

// Sent adds a referral from the partner to another one.
func (w *World) Sent(id, to string, as ...graph.Referral) *World {
	r := template(as)
	r.ID, r.From, r.To = id, w.partner, to
	if r.State == "" {
		r.State = graph.ReferralActive
	}
	if r.SentOn == 0 {
		r.SentOn = Today
	}
	return w.Add(r)
}

// Invited adds an invitation of the partner.
func (w *World) Invited(id, opportunity string, state graph.InvitationState) *World {
	return w.Add(&graph.Invitation{Meta: graph.Meta{ID: id}, Opportunity: opportunity, Partner: w.partner, State: state})
}

// Contact adds one to the partner.
func (w *World) Contact(id string, role graph.ContactRole) *World {
	return w.Add(&graph.Contact{Meta: graph.Meta{ID: id}, Name: "The " + id, Partner: w.partner, Role: role})
}

// Person adds a contact to a customer.
func (w *World) Person(id, customer string) *World {
	return w.Add(&graph.Contact{Meta: graph.Meta{ID: id}, Name: "The " + id, Customer: customer})
}

// known are the ids of all nodes of a kind.
func (w *World) known(kind graph.Kind) []string {
	w.Helper()
	return idsOf(w.as(graph.Operator).list(graph.ListQuery{Kind: kind, Order: byID, Page: graph.PageQuery{First: 1000}}))
}

// readable are the ids of a kind that the viewer can read by id.
func (w *World) readable(kind graph.Kind) []string {
	w.Helper()
	return w.readableOf(kind, w.known(kind))
}

// readableOf are those of some ids that the viewer can read.
func (w *World) readableOf(kind graph.Kind, ids []string) []string {
	w.Helper()
	nodes, err := w.Read(w.Context(), w.viewer, kind, ids)
	w.must(err)
	var got []string
	for i, node := range nodes {
		if node != nil {
			got = append(got, ids[i])
		}
	}
	return got
}

// sees checks what the viewer may read of a kind: as a list, and by id.
func (w *World) sees(kind graph.Kind, want ...string) {
	w.Helper()
	page := w.list(graph.ListQuery{Kind: kind, Order: byID, Page: graph.PageQuery{First: 1000, Total: true}})
	w.same(fmt.Sprintf("%s lists of %s", w.viewer, kind), idsOf(page), sorted(want))
	w.same(fmt.Sprintf("%s counts of %s", w.viewer, kind), page.Total, len(want))
	w.same(fmt.Sprintf("%s reads of %s", w.viewer, kind), w.readable(kind), sorted(want))
}

// told is a node as the viewer is told of it, which is the same by id, in the list, and as what is related to
// something that the viewer may read.
func told[T graph.Node](w *World, id string) T {
	w.Helper()
	var none T
	kind := none.Kind()
	node := w.node(kind, id)
	if node == nil {
		w.Fatalf("%s is not told of the %s %s", w.viewer, kind, id)
	}
	check := func(way string, nodes []graph.Node) {
		w.Helper()
		i := slices.IndexFunc(nodes, func(n graph.Node) bool { return n.Header().ID == id })
		if i < 0 {
			w.Errorf("%s: %s is absent", way, id)
			return
		}
		w.same(way, bare(nodes[i]), bare(node))
	}
	check("in the list", w.list(graph.ListQuery{Kind: kind, Order: byID, Page: graph.PageQuery{First: 1000}}).Nodes)
	for _, relation := range graph.Relations {
		if leads, _ := relation.Leads(); leads != kind {
			continue
		}
		for _, parent := range relation.AppendParents(nil, w.as(graph.Operator).node(kind, id)) {
			if w.node(parentKind(relation), parent) == nil {
				continue
			}
			pages, err := w.Related(w.Context(), w.viewer, graph.RelatedQuery{Relation: relation, Parents: []string{parent}, Page: graph.PageQuery{First: 1000}})
			w.must(err)
			check(string(relation), pages[0].Nodes)
		}
	}
	return node.(T)
}

// access is what the viewer may see today, as the store says it.
func (w *World) access() *graph.Access {
	w.Helper()
	w.Save()
	access, err := w.Access(w.Context(), w.viewer)
	w.must(err)
	return access
}

func keys(set map[string]bool) []string {
	var ids []string
	for id, in := range set {
		if in {
			ids = append(ids, id)
		}
	}
	return sorted(ids)
}

func referralIDs(referrals []*graph.Referral) []string {
	var ids []string
	for _, r := range referrals {
		ids = append(ids, r.ID)
	}
	return sorted(ids)
}

// crowd is a world of partners, some of them hidden from "me", each with an office, and of opportunities and
// referrals, some of them hidden, too.
func crowd(w *World) {
	w.Competency("erp").Partner("p01").Partner("me").Buyer("walled", graph.Customer{Consent: true}, Here).Wall(graph.Wall{Customer: "walled"})
	for i := range 12 {
		id := fmt.Sprintf("p%02d", i)
		hidden := i%3 != 1
		day := Day("2026-01-01").AddDays(i / 4)
		w.Partner(id, graph.Partner{Undisclosed: hidden, Tier: graph.Tiers[i%len(graph.Tiers)], JoinedOn: day, Name: fmt.Sprint("Name ", i%5)}).Office("o-"+id, North(float64(1+i%4))).Holds("erp")
		audience := graph.Audience{Kind: graph.AudienceAll}
		if hidden {
			audience.Kind = graph.AudienceNamed
		}
		w.Opportunity("g-"+id, graph.Opportunity{PostedOn: day, Audience: audience})
		r := graph.Referral{SentOn: day}
		if hidden {
			r.Customer = "walled"
		}
		w.About("me").Sent("r-"+id, "p01", r)
	}
	w.Save()
}

func accessCases() []testCase {
	return []testCase{
		{"Pages, forward and backward and in every order, hold what is visible, and the total counts it", func(w *World) {
			crowd(w)
			me := w.asPartner("me")
			for _, field := range []graph.OrderField{graph.OrderByID, graph.OrderByName, graph.OrderByTier, graph.OrderByJoined} {
				for _, down := range []bool{false, true} {
					w.same(string(field), sorted(me.all(graph.KindPartner, graph.Filter{}, graph.Order{Field: field, Descending: down})), []string{"me", "p01", "p04", "p07", "p10"})
					w.same("filtered "+string(field), sorted(me.all(graph.KindPartner, graph.Filter{Near: point(Here), RadiusKm: 50, Holds: needs("erp", 1)}, graph.Order{Field: field, Descending: down})), []string{"p01", "p04", "p07", "p10"})
				}
			}
			for _, field := range []graph.OrderField{graph.OrderByID, graph.OrderByName, graph.OrderByKm} {
				w.same("offices by "+string(field), sorted(me.all(graph.KindOffice, graph.Filter{Near: point(Here)}, graph.Order{Field: field})), []string{"o-p01", "o-p04", "o-p07", "o-p10"})
			}
			for _, field := range []graph.OrderField{graph.OrderByID, graph.OrderByPosted} {
				w.same("opportunities by "+string(field), sorted(me.all(graph.KindOpportunity, graph.Filter{}, graph.Order{Field: field})), []string{"g-p01", "g-p04", "g-p07", "g-p10"})
			}
			for _, field := range []graph.OrderField{graph.OrderByID, graph.OrderBySent} {
				w.same("referrals by "+string(field), sorted(me.all(graph.KindReferral, graph.Filter{}, graph.Order{Field: field})), []string{"r-p01", "r-p04", "r-p07", "r-p10"})
			}
		}},
		{"Customers and sites come page by page, those that may be read alone", func(w *World) {
			w.Partner("me")
			for i := range 9 {
				id := fmt.Sprint("c", i)
				w.Buyer(id, graph.Customer{Segment: "S"}, North(float64(i)))
				if i%3 == 1 {
					w.Serves(id)
				}
			}
			me := w.asPartner("me")
			for _, down := range []bool{false, true} {
				for _, field := range []graph.OrderField{graph.OrderByID, graph.OrderByName} {
					for _, filter := range []graph.Filter{{}, {Segments: []string{"S"}}, {Near: point(Here), RadiusKm: 99}} {
						w.same("customers", sorted(me.all(graph.KindCustomer, filter, graph.Order{Field: field, Descending: down})), []string{"c1", "c4", "c7"})
					}
				}
				w.same("sites", sorted(me.all(graph.KindSite, graph.Filter{Near: point(Here)}, graph.Order{Field: graph.OrderByKm, Descending: down})), []string{"c1-1", "c4-1", "c7-1"})
			}
		}},
		{"What is related comes page by page, what is visible alone, with its total", func(w *World) {
			crowd(w)
			w.Competency("crm").Save()
			me := w.asPartner("me")
			for relation, of := range map[graph.Relation]struct {
				parent string
				want   []string
			}{
				graph.CompetencyHoldings: {"erp", []string{"p01-erp", "p04-erp", "p07-erp", "p10-erp"}},
				graph.PartnerSent:        {"me", []string{"r-p01", "r-p04", "r-p07", "r-p10"}},
				graph.PartnerReceived:    {"p01", []string{"r-p01", "r-p04", "r-p07", "r-p10"}},
			} {
				w.same(string(relation), me.relatedIDs(relation, of.parent), of.want)
				for _, size := range []int{1, 2, 3} {
					w.same(fmt.Sprint(relation, " forward by ", size), me.relatedPages(relation, of.parent, size, false), of.want)
					w.same(fmt.Sprint(relation, " backward by ", size), me.relatedPages(relation, of.parent, size, true), of.want)
				}
			}
		}},
		{"A page that goes on after a row which is hidden by now skips and repeats nothing", func(w *World) {
			for _, id := range []string{"a", "b", "c", "d", "e"} {
				w.Partner(id)
			}
			me := w.Partner("me").asPartner("me")
			q := graph.ListQuery{Kind: graph.KindPartner, Order: graph.Order{Field: graph.OrderByName}, Page: graph.PageQuery{First: 2}}
			first := me.list(q)
			w.same("first page", idsOf(first), []string{"a", "b"})
			w.Shy("b").Shy("c").Save()
			q.Page.After = &first.Keys[1]
			w.same("second page", idsOf(me.list(q)), []string{"d", "e"})
			q.Page = graph.PageQuery{Last: 2, Before: &first.Keys[1]}
			w.same("page before", idsOf(me.list(q)), []string{"a"})
		}},
		{"A page says of what is visible whether there is more", func(w *World) {
			w.Shy("a").Partner("b").Partner("me").Shy("z")
			me := w.asPartner("me")
			for _, q := range []graph.PageQuery{{First: 2}, {Last: 2}} {
				page := me.list(graph.ListQuery{Kind: graph.KindPartner, Order: byID, Page: q})
				w.same("ids", idsOf(page), []string{"b", "me"})
				w.same("previous and next", []bool{page.HasPrevious, page.HasNext}, []bool{false, false})
			}
			page := me.list(graph.ListQuery{Kind: graph.KindPartner, Order: byID, Page: graph.PageQuery{First: 1, After: &graph.Key{ID: "a"}}})
			w.same("after a hidden row", idsOf(page), []string{"b"})
		}},
		{"A wall that is put or ends shows in the very next read", func(w *World) {
			me := w.Partner("me").Customer("city", Here).Serves("city").asPartner("me")
			me.sees(graph.KindCustomer, "city")
			w.About("me").Wall(graph.Wall{Meta: graph.Meta{ID: "wall"}, Customer: "city"}).Save()
			me.sees(graph.KindCustomer)
			me.sees(graph.KindSite)
			w.About("me").Wall(graph.Wall{Meta: graph.Meta{ID: "wall", RetiredOn: today()}, Customer: "city"}).Save()
			me.sees(graph.KindCustomer, "city")
			me.sees(graph.KindSite, "city-1")
		}},
		{"A partnership that ends shows in the very next read", func(w *World) {
			me := w.Customer("city").Partner("beta").Owns("city").Partner("me").With("beta", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Collaboration: graph.HighCollaboration}).asPartner("me")
			me.sees(graph.KindCustomer, "city")
			w.With("beta", graph.Partnership{Meta: graph.Meta{ID: "pact"}, Parties: []string{"me", "beta"}, Collaboration: graph.HighCollaboration, EndsOn: today() - 1}).Save()
			me.sees(graph.KindCustomer)
		}},
		{"A consent that is given or withdrawn shows in the very next read", func(w *World) {
			me := w.Customer("city").Partner("me").Partner("beta").Sent("r", "me", graph.Referral{Customer: "city"}).asPartner("me")
			city := w.asCustomer("city")
			for range 2 {
				me.sees(graph.KindCustomer)
				city.sees(graph.KindReferral)
				w.Buyer("city", graph.Customer{Consent: true}).Save()
				me.sees(graph.KindCustomer, "city")
				city.sees(graph.KindReferral, "r")
				w.Buyer("city", graph.Customer{}).Save()
			}
		}},
		{"A partner that becomes discoverable, or is no longer, shows in the very next read", func(w *World) {
			me := w.Competency("erp").Partner("me").Shy("beta").Office("beta-office", Here).Holds("erp").asPartner("me")
			for range 2 {
				me.sees(graph.KindPartner, "me")
				me.sees(graph.KindOffice)
				me.qualify(Ask("erp"))
				w.Partner("beta").Save()
				me.sees(graph.KindPartner, "beta", "me")
				me.sees(graph.KindOffice, "beta-office")
				me.qualify(Ask("erp"), "beta")
				w.Shy("beta").Save()
			}
		}},
		{"A change of anything that rights hang on shows in the very next read", func(w *World) {
			me := w.Competency("erp").Competency("gl").Region("dach", "DE").Partner("me").Office("o", Here, graph.Office{Country: "FR"}).Partner("beta").Shy("shy").
				Opportunity("erp", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceFilter, Competencies: []string{"erp"}}}).
				Opportunity("dach", graph.Opportunity{Audience: graph.Audience{Kind: graph.AudienceFilter, Region: "dach"}}).
				Opportunity("invited", graph.Opportunity{}).asPartner("me")
			me.sees(graph.KindOpportunity)
			w.About("me").Holds("gl").Save()
			me.sees(graph.KindOpportunity)
			w.Competency("gl", "erp").Save()
			me.sees(graph.KindOpportunity, "erp")
			w.Region("dach", "DE", "FR").Save()
			me.sees(graph.KindOpportunity, "dach", "erp")
			w.Office("o", Here, graph.Office{Country: "IT"}).Save()
			me.sees(graph.KindOpportunity, "erp")
			w.Invited("i", "invited", graph.InvitationPending).Save()
			me.sees(graph.KindOpportunity, "erp", "invited")
			w.Invited("i", "invited", graph.InvitationDeclined).Save()
			me.sees(graph.KindOpportunity, "erp")
			w.Partner("me", graph.Partner{Status: graph.Pending}).Save()
			me.sees(graph.KindOpportunity)
			w.Partner("me").Sent("r", "shy").Save()
			me.sees(graph.KindPartner, "beta", "me", "shy")
			w.About("beta").Sent("r", "shy").Save()
			me.sees(graph.KindPartner, "beta", "me")
		}},
		{"Viewers who ask side by side see each what it may", func(w *World) {
			w.Partner("me").Partner("beta").Shy("shy").Partner("pending", graph.Partner{Status: graph.Pending}).About("shy").With("beta").Customer("city").About("me").Serves("city")
			viewers := []struct {
				as   *World
				want [2][]string // partners and customers
			}{
				{w.asPartner("me"), [2][]string{{"beta", "me"}, {"city"}}}, {w.asPartner("beta"), [2][]string{{"beta", "me", "shy"}, nil}}, {w.asPartner("shy"), [2][]string{{"beta", "me", "shy"}, nil}},
				{w.asCustomer("city"), [2][]string{{"beta", "me"}, {"city"}}}, {w.asAnalyst(), [2][]string{{"beta", "me", "shy"}, nil}}, {w.as(graph.Operator), [2][]string{{"beta", "me", "pending", "shy"}, {"city"}}},
			}
			for range 2 {
				for _, v := range viewers {
					v.as.sees(graph.KindPartner, v.want[0]...)
					v.as.sees(graph.KindCustomer, v.want[1]...)
				}
			}
			var asking sync.WaitGroup
			for _, v := range viewers {
				asking.Go(func() {
					for range 5 {
						for i, kind := range []graph.Kind{graph.KindPartner, graph.KindCustomer} {
							page, err := w.List(w.Context(), v.as.viewer, graph.ListQuery{Kind: kind, Order: byID, Page: graph.PageQuery{First: 9}})
							if err != nil {
								w.Error(err)
								return
							}
							w.same(v.as.viewer.String(), idsOf(page), v.want[i])
						}
					}
				})
			}
			asking.Wait()
		}},
		{"Who asks for an organisation sees the same whoever it is", func(w *World) {
			w.Partner("me").Partner("beta").Shy("shy").Save()
			for _, subject := range []string{"", "ada", "grace"} {
				w.as(graph.Viewer{Role: graph.RolePartner, Organisation: "me", Subject: subject}).sees(graph.KindPartner, "beta", "me")
			}
		}},
		{"A partner and a customer of one id are two viewers", func(w *World) {
			w.Partner("same").Partner("beta").With("same").Customer("same", Here).Customer("other", Here).About("same").Serves("other")
			w.asPartner("same").sees(graph.KindCustomer, "other")
			w.asCustomer("same").sees(graph.KindCustomer, "same")
			w.asPartner("same").sees(graph.KindPartnership, "beta+same")
			w.asCustomer("same").sees(graph.KindPartnership)
		}},
		{"The access says which partners are hidden, which are kin, and which referrals a wall hides", func(w *World) {
			w.Customer("city").Partner("me").Wall(graph.Wall{Customer: "city"})
			w.Shy("shy").Partner("pending", graph.Partner{Status: graph.Pending}).Partner("left", graph.Partner{Status: graph.Left}).Partner("open").Partner("mate", graph.Partner{Status: graph.Pending}).With("me").Shy("friend").Sent("open", "me")
			w.About("open").Sent("walled", "me", graph.Referral{Customer: "city"}).Sent("theirs", "left", graph.Referral{Customer: "city"}).Sent("else", "left")
			me := w.asPartner("me")
			for name, access := range map[string]*graph.Access{"of the store": me.access(), "of an answer": me.Competency("erp").gap(Ask("erp")).Access} {
				w.same(name+": viewer", access.Viewer, me.viewer)
				w.same(name+": today", access.Today, today())
				w.same(name+": hidden", keys(access.Hidden), []string{"pending", "shy"})
				w.same(name+": kin", keys(access.Kin), []string{"friend", "mate"})
				w.same(name+": concealed", referralIDs(access.Concealed), []string{"theirs", "walled"})
			}
		}},
		{"To a customer who is pending or not discoverable is hidden, to an analyst who is pending", func(w *World) {
			w.Customer("city").Shy("shy").Serves("city").Partner("pending", graph.Partner{Status: graph.Pending}).Serves("city").Partner("left", graph.Partner{Status: graph.Left}).Partner("open").Serves("city").Wall(graph.Wall{Customer: "city"}).Sent("r", "left", graph.Referral{Customer: "city"})
			for viewer, of := range map[*World][]string{w.asCustomer("city"): {"pending", "shy"}, w.asAnalyst(): {"pending"}} {
				access := viewer.access()
				w.same("hidden", keys(access.Hidden), of)
				w.same("kin", keys(access.Kin), []string(nil))
				w.same("concealed", len(access.Concealed), 0)
			}
		}},
		{"Rights are those of today, whatever day a question is about", func(w *World) {
			day := today()
			w.Competency("erp").Customer("city", Here).Candidate("beta", Here, "erp").Partner("me").Serves("city", graph.CustomerPartner{Since: day, Until: day})
			me := w.asPartner("me")
			for _, asOf := range []graph.Date{day - 999, day, day + 999} {
				q := at(graph.Place{Customer: "city"})
				q.AsOf = asOf
				me.qualify(q, "beta")
				me.found(graph.KindCustomer, graph.Filter{AsOf: asOf}, "city")
			}
			w.About("me").Serves("city", graph.CustomerPartner{Meta: graph.Meta{ID: "me-city"}, Until: day - 1}).Save()
			for _, asOf := range []graph.Date{day - 999, day, day + 999} {
				q := at(graph.Place{Customer: "city"})
				q.AsOf = asOf
				me.gapRefused(q, graph.CodeNotFound, "gap.place.customer")
				me.found(graph.KindCustomer, graph.Filter{AsOf: asOf})
			}
		}},
		{"A snapshot, of a store that can take one, shows a viewer no more than the store", func(w *World) {
			me := w.Partner("me").Shy("shy").asPartner("me")
			still, can := w.Store.(graph.Snapshotter)
			if !can {
				return
			}
			snapshot, err := still.Snapshot(w.Context(), graph.Operator)
			w.must(err)
			for _, take := range []func() (graph.Snapshot, error){
				func() (graph.Snapshot, error) { return snapshot, nil }, func() (graph.Snapshot, error) { return still.Snapshot(w.Context(), me.viewer) },
			} {
				snapshot, err := take()
				if err == nil {
					var page graph.Page
					page, err = snapshot.List(w.Context(), me.viewer, graph.ListQuery{Kind: graph.KindPartner, Order: byID, Page: graph.PageQuery{First: 9}})
					if err == nil {
						w.same("partners", idsOf(page), []string{"me"})
					}
				}
				if err != nil {
					w.refused(err, graph.CodeForbidden, "")
				}
			}
		}},
	}
}
