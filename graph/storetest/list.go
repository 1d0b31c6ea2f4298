package storetest

import (
	"fmt"
	"slices"

	"valueweb/graph"
)

var byID = graph.Order{Field: graph.OrderByID}

// idsOf are the ids of a page; it checks that the keys stand beside them.
func idsOf(page graph.Page) []string {
	var ids []string
	for i, node := range page.Nodes {
		ids = append(ids, node.Header().ID)
		if page.Keys[i].ID != node.Header().ID {
			panic(fmt.Sprintf("the key %+v stands beside %s", page.Keys[i], node.GID()))
		}
	}
	return ids
}

func sorted(texts []string) []string { return slices.Sorted(slices.Values(texts)) }

// list reads a page, after what is still to be written.
func (w *World) list(q graph.ListQuery) graph.Page {
	w.Helper()
	w.Save()
	if q.Filter.AsOf == 0 {
		q.Filter.AsOf = Today
	}
	page, err := w.List(w.Context(), w.viewer, q)
	w.must(err)
	return page
}

// all is the whole list, in one page and forward and backward page by page: the three must agree.
func (w *World) all(kind graph.Kind, filter graph.Filter, order graph.Order) []string {
	w.Helper()
	whole := w.list(graph.ListQuery{Kind: kind, Filter: filter, Order: order, Page: graph.PageQuery{First: 1000, Total: true}})
	ids := idsOf(whole)
	w.same("total", whole.Total, len(ids))
	w.same("the whole list has neighbours", []bool{whole.HasPrevious, whole.HasNext}, []bool{false, false})
	for _, size := range []int{1, 2, 3} {
		w.same(fmt.Sprint("forward by ", size), w.pages(kind, filter, order, size, false), ids)
		w.same(fmt.Sprint("backward by ", size), w.pages(kind, filter, order, size, true), ids)
	}
	return ids
}

// onward is the whole list by id, in one page and forward page by page: who may read what is the same in every order
// and both ways, which the cases of lists and of access try.
func (w *World) onward(kind graph.Kind, filter graph.Filter) []string {
	w.Helper()
	whole := w.list(graph.ListQuery{Kind: kind, Filter: filter, Order: byID, Page: graph.PageQuery{First: 1000, Total: true}})
	ids := idsOf(whole)
	w.same("total", whole.Total, len(ids))
	w.same("forward by 2", w.pages(kind, filter, byID, 2, false), ids)
	return ids
}

// pages reads a list page by page, forward or backward, and returns it in its own order.
func (w *World) pages(kind graph.Kind, filter graph.Filter, order graph.Order, size int, backward bool) []string {
	w.Helper()
	var ids []string
	q := graph.ListQuery{Kind: kind, Filter: filter, Order: order}
	q.Page.First = size
	if backward {
		q.Page.First, q.Page.Last = 0, size
	}
	for {
		page := w.list(q)
		if len(page.Nodes) > size {
			w.Fatalf("a page of %d has %d rows", size, len(page.Nodes))
		}
		more := page.HasNext
		if backward {
			ids, more = slices.Concat(idsOf(page), ids), page.HasPrevious
		} else {
			ids = append(ids, idsOf(page)...)
		}
		if !more {
			return ids
		}
		if len(page.Keys) == 0 || len(ids) > 1000 {
			w.Fatalf("the list by pages of %d does not end", size)
		}
		if backward {
			q.Page.Before = &page.Keys[0]
		} else {
			q.Page.After = &page.Keys[len(page.Keys)-1]
		}
	}
}

// orderCase checks a list in an order, ascending and descending.
func orderCase(build func(w *World), kind graph.Kind, field graph.OrderField, want ...string) func(*World) {
	return func(w *World) {
		build(w)
		filter := graph.Filter{}
		if field == graph.OrderByKm {
			filter.Near = &graph.Place{Point: &Here}
		}
		w.same("ascending", w.all(kind, filter, graph.Order{Field: field}), want)
		down := slices.Clone(want)
		slices.Reverse(down)
		w.same("descending", w.all(kind, filter, graph.Order{Field: field, Descending: true}), down)
	}
}

// alphabet adds competencies a to e.
func alphabet(w *World) *World {
	return w.Competency("b").Competency("d").Competency("a").Competency("e").Competency("c")
}

func listCases() []testCase {
	return []testCase{
		{"A list is ordered by id", orderCase(func(w *World) { alphabet(w).Competency("B").Competency("é") }, graph.KindCompetency, graph.OrderByID, "B", "a", "b", "c", "d", "e", "é")},
		{"A list is ordered by name without regard to case and accents, then by id", orderCase(func(w *World) {
			for id, name := range map[string]string{"5": "Zeta", "3": "Ärzte", "4": "beta", "2": "alpha", "1": "BETA", "6": "!", "9": "Alpha Beta"} {
				w.Add(&graph.Customer{Meta: graph.Meta{ID: id}, Name: name})
			}
		}, graph.KindCustomer, graph.OrderByName, "6", "2", "9", "3", "1", "4", "5")},
		{"Partners are ordered by tier from the lowest, none stated with it, then by id", orderCase(func(w *World) {
			w.Partner("d", graph.Partner{Tier: "PLATINUM"}).Partner("c", graph.Partner{Tier: "GOLD"}).Partner("b", graph.Partner{Tier: "SILVER"})
			w.Partner("a", graph.Partner{Tier: "SILVER"}).Partner("x").Partner("w", graph.Partner{Tier: "REGISTERED"})
		}, graph.KindPartner, graph.OrderByTier, "w", "x", "a", "b", "c", "d")},
		{"Partners are ordered by the day of joining, those without one first", orderCase(func(w *World) {
			w.Partner("c", graph.Partner{JoinedOn: Day("2026-01-01")}).Partner("b", graph.Partner{JoinedOn: Day("2026-01-02")})
			w.Partner("a", graph.Partner{JoinedOn: Day("2026-01-02")}).Partner("z")
		}, graph.KindPartner, graph.OrderByJoined, "z", "c", "a", "b")},
		{"Offices are ordered by kilometres, then by id", orderCase(func(w *World) {
			w.Partner("p").Office("c", North(5)).Office("b", North(500)).Office("z", Far).Office("a", North(500)).Office("y", Here)
		}, graph.KindOffice, graph.OrderByKm, "y", "c", "a", "b", "z")},
		{"Offices are ordered by name, else by city, else by id", orderCase(func(w *World) {
			w.Partner("p").Office("m", Here).Office("x", Here, graph.Office{Name: "Lab"}).Office("y", Here, graph.Office{City: "Oslo"}).Office("z", Here, graph.Office{Name: "Aar", City: "Zug"})
		}, graph.KindOffice, graph.OrderByName, "z", "x", "m", "y")},
		{"Sites are ordered by kilometres", orderCase(func(w *World) {
			w.Customer("c", North(3), North(1), North(2))
		}, graph.KindSite, graph.OrderByKm, "c-2", "c-3", "c-1")},
		{"Referrals are ordered by the day of sending, then by id", orderCase(func(w *World) {
			w.Partner("sender").Partner("p").Received(graph.Referral{Meta: graph.Meta{ID: "b"}, SentOn: Day("2026-01-01")})
			w.Received(graph.Referral{Meta: graph.Meta{ID: "a"}, SentOn: Day("2026-01-01")}).Received(graph.Referral{Meta: graph.Meta{ID: "c"}, SentOn: Day("2025-01-01")})
		}, graph.KindReferral, graph.OrderBySent, "c", "a", "b")},
		{"Opportunities are ordered by the day of posting, those without one first", orderCase(func(w *World) {
			w.Opportunity("b", graph.Opportunity{PostedOn: Day("2026-01-01")}).Opportunity("a", graph.Opportunity{PostedOn: Day("2026-01-01")}).Opportunity("z", graph.Opportunity{})
		}, graph.KindOpportunity, graph.OrderByPosted, "z", "a", "b")},
		{"Every kind can be listed by id", func(w *World) {
			counts := map[graph.Kind]int{}
			for _, node := range Specimens() {
				w.Add(node)
				counts[node.Kind()]++
			}
			for _, kind := range graph.Kinds {
				w.same(string(kind), len(w.all(kind, graph.Filter{}, byID)), counts[kind])
			}
		}},
		{"A snapshot, of a store that can take one, shows nothing of what is written after it", func(w *World) {
			alphabet(w)
			w.Save()
			still, can := w.Store.(graph.Snapshotter)
			if !can {
				return
			}
			snapshot, err := still.Snapshot(w.Context(), graph.Operator)
			w.must(err)
			before, err := snapshot.List(w.Context(), graph.Operator, graph.ListQuery{Kind: graph.KindCompetency, Order: byID, Page: graph.PageQuery{First: 100}})
			w.must(err)
			w.same("seq", snapshot.Seq(), w.seq())
			w.Competency("later", "a").Save()
			after, err := snapshot.List(w.Context(), graph.Operator, graph.ListQuery{Kind: graph.KindCompetency, Order: byID, Page: graph.PageQuery{First: 100}})
			w.must(err)
			w.same("keys", after.Keys, before.Keys)
			w.same("the store went on", snapshot.Seq() < w.seq(), true)
			_, err = snapshot.List(w.Context(), graph.Viewer{}, graph.ListQuery{Kind: graph.KindCompetency, Order: byID})
			w.refused(err, graph.CodeForbidden, "")
			_, err = still.Snapshot(w.Context(), graph.Viewer{})
			w.refused(err, graph.CodeForbidden, "")
		}},
		{"An empty list is a page without rows", func(w *World) {
			w.same("ids", w.all(graph.KindPartner, graph.Filter{}, byID), []string(nil))
		}},
		{"A total is counted only where it is asked for, over all pages", func(w *World) {
			alphabet(w)
			q := graph.ListQuery{Kind: graph.KindCompetency, Order: byID, Page: graph.PageQuery{First: 2}}
			w.same("unasked", w.list(q).Total, -1)
			q.Page.Total, q.Page.After = true, &graph.Key{ID: "b"}
			w.same("asked", w.list(q).Total, 5)
		}},
		{"A page says whether there is more on either side", func(w *World) {
			alphabet(w)
			for _, page := range []struct {
				q              graph.PageQuery
				ids            []string
				previous, next bool
			}{
				{graph.PageQuery{First: 2}, []string{"a", "b"}, false, true},
				{graph.PageQuery{First: 2, After: &graph.Key{ID: "b"}}, []string{"c", "d"}, true, true},
				{graph.PageQuery{First: 2, After: &graph.Key{ID: "d"}}, []string{"e"}, true, false},
				{graph.PageQuery{First: 3, After: &graph.Key{ID: "b"}}, []string{"c", "d", "e"}, true, false},
				{graph.PageQuery{Last: 2}, []string{"d", "e"}, true, false},
				{graph.PageQuery{Last: 2, Before: &graph.Key{ID: "d"}}, []string{"b", "c"}, true, true},
				{graph.PageQuery{Last: 2, Before: &graph.Key{ID: "c"}}, []string{"a", "b"}, false, true},
			} {
				got := w.list(graph.ListQuery{Kind: graph.KindCompetency, Order: byID, Page: page.q})
				w.same("ids", idsOf(got), page.ids)
				w.same(fmt.Sprint("previous and next of ", page.ids), []bool{got.HasPrevious, got.HasNext}, []bool{page.previous, page.next})
			}
		}},
		{"Inserts and retirements between two pages neither skip nor repeat a row", func(w *World) {
			// Pages of ACTIVE partners by name; between two pages the last row leaves, and others come before
			// and after it.
			member := func(id string, status graph.PartnerStatus) *graph.Partner {
				return &graph.Partner{Meta: graph.Meta{ID: id}, Name: "Name " + id, Status: status}
			}
			for _, order := range []graph.Order{{Field: graph.OrderByName}, byID, {Field: graph.OrderByTier}} {
				for _, id := range []string{"b", "d", "f", "h"} {
					w.Add(member(id, graph.Active))
				}
				for _, id := range []string{"a", "c", "e"} {
					w.Add(member(id, graph.Left))
				}
				q := graph.ListQuery{Kind: graph.KindPartner, Filter: graph.Filter{Statuses: []graph.PartnerStatus{graph.Active}}, Order: order, Page: graph.PageQuery{First: 2}}
				first := w.list(q)
				w.same("first page", idsOf(first), []string{"b", "d"})
				w.Add(member("d", graph.Left), member("a", graph.Active), member("e", graph.Active))
				q.Page.After = &first.Keys[1]
				w.same("second page", idsOf(w.list(q)), []string{"e", "f"})

				back := graph.ListQuery{Kind: graph.KindPartner, Filter: q.Filter, Order: order, Page: graph.PageQuery{Last: 2}}
				last := w.list(back)
				w.same("last page", idsOf(last), []string{"f", "h"})
				w.Add(member("f", graph.Left), member("c", graph.Active))
				back.Page.Before = &last.Keys[0]
				w.same("page before", idsOf(w.list(back)), []string{"c", "e"})
			}
		}},
		{"A row that moves between two pages comes at its new place", func(w *World) {
			for _, id := range []string{"a", "b", "c", "d"} {
				w.Add(&graph.Customer{Meta: graph.Meta{ID: id}, Name: id})
			}
			q := graph.ListQuery{Kind: graph.KindCustomer, Order: graph.Order{Field: graph.OrderByName}, Page: graph.PageQuery{First: 2}}
			first := w.list(q)
			w.Add(&graph.Customer{Meta: graph.Meta{ID: "a"}, Name: "z"}, &graph.Customer{Meta: graph.Meta{ID: "d"}, Name: "A"})
			q.Page.After = &first.Keys[1]
			w.same("second page", idsOf(w.list(q)), []string{"c", "a"})
		}},
		{"Kilometres stand beside the rows", func(w *World) {
			w.Partner("p").Office("a", North(5)).Office("b", North(7))
			page := w.list(graph.ListQuery{Kind: graph.KindOffice, Filter: graph.Filter{Near: &graph.Place{Point: &Here}}, Order: graph.Order{Field: graph.OrderByKm}, Page: graph.PageQuery{First: 9}})
			w.same("km", page.Km, []float64{graph.Kilometres(Here, North(5)), graph.Kilometres(Here, North(7))})
		}},
	}
}
