package embedded

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"valueweb/graph"
)

// List implements graph.Lister.
func (s *Store) List(ctx context.Context, v graph.Viewer, q graph.ListQuery) (graph.Page, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return graph.Page{}, err
	}
	return now.list(q)
}

// entry is a node with its place in the order of a list.
type entry struct {
	node graph.Node
	key  graph.Key
	km   float64
}

// list reads a page: along an index where the order has one and the filter no better way in, else by
// gathering what the filter finds and sorting it.
func (s *sight) list(q graph.ListQuery) (graph.Page, error) {
	f, err := s.compile(q.Kind, q.Filter)
	if err != nil {
		return graph.Page{}, err
	}
	walk := s.walk(q, f)
	if walk == nil {
		walk = s.gather(q, f)
	}
	return s.paginate(q.Page, q.Order.Descending, walk), nil
}

// walker calls yield for the entries of a list that match, in its ascending or descending order, from
// beyond a key (nil: from the end).
type walker func(descending bool, beyond *graph.Key, yield func(entry) bool)

// namesOf are the indexes by name.
var namesOf = map[graph.Kind]indexID{
	graph.KindPartner: partnersByName, graph.KindOffice: officesByName, graph.KindCompetency: competenciesByName,
	graph.KindCustomer: customersByName, graph.KindSite: sitesByName, graph.KindSolution: solutionsByName, graph.KindRegion: regionsByName,
}

// walk reads along the index of the order; nil where there is none or the filter has a better way in.
func (s *sight) walk(q graph.ListQuery, f *filter) walker {
	if f.gather != nil {
		return nil
	}
	switch q.Order.Field {
	case graph.OrderByID:
		return along(s.nodes[q.Kind], f, func(key graph.Key) string { return key.ID }, func(key string) graph.Key { return graph.Key{ID: key} })
	case graph.OrderByName:
		i, ok := namesOf[q.Kind]
		if !ok {
			return nil
		}
		return along(s.index[i], f, func(key graph.Key) string { return key.Text + separator + key.ID }, func(key string) graph.Key {
			text, id, _ := strings.Cut(key, separator)
			return graph.Key{Text: text, ID: id}
		})
	}
	return nil
}

// along walks a tree whose keys stand for keys of the list.
func along(t *tree, f *filter, text func(graph.Key) string, parse func(string) graph.Key) walker {
	return func(descending bool, beyond *graph.Key, yield func(entry) bool) {
		pivot := ""
		if beyond != nil {
			pivot = text(*beyond)
		}
		visit := func(key string, node graph.Node) bool {
			if beyond != nil && key == pivot || !f.matches(node) {
				return true
			}
			return yield(entry{node: node, key: parse(key), km: graph.DistanceKm(node, f.points)})
		}
		switch {
		case descending && beyond == nil:
			t.Reverse(visit)
		case descending:
			t.Descend(pivot, visit)
		default:
			t.Ascend(pivot, visit)
		}
	}
}

// gather collects everything that the filter finds and sorts it.
func (s *sight) gather(q graph.ListQuery, f *filter) walker {
	var all []entry
	add := func(node graph.Node) {
		if f.matches(node) {
			km := graph.DistanceKm(node, f.points)
			all = append(all, entry{node: node, key: keyOf(node, q.Order.Field, km), km: km})
		}
	}
	if f.gather != nil {
		f.gather(add)
	} else {
		s.nodes[q.Kind].Scan(func(_ string, node graph.Node) bool {
			add(node)
			return true
		})
	}
	slices.SortFunc(all, func(a, b entry) int { return compareKeys(a.key, b.key) })
	return func(descending bool, beyond *graph.Key, yield func(entry) bool) {
		for i := range all {
			e := all[i]
			if descending {
				e = all[len(all)-1-i]
			}
			if beyond != nil {
				if by := compareKeys(e.key, *beyond); by == 0 || by < 0 != descending {
					continue
				}
			}
			if !yield(e) {
				return
			}
		}
	}
}

func compareKeys(a, b graph.Key) int {
	return cmp.Or(cmp.Compare(a.Number, b.Number), strings.Compare(a.Text, b.Text), strings.Compare(a.ID, b.ID))
}

// keyOf is the place of a node in an order.
func keyOf(node graph.Node, field graph.OrderField, km float64) graph.Key {
	k := graph.Key{ID: node.Header().ID}
	switch field {
	case graph.OrderByName:
		k.Text = graph.NameKey(graph.Title(node))
	case graph.OrderByKm:
		k.Number = km
	case graph.OrderByTier:
		k.Number = float64(graph.TierRank(node.(*graph.Partner).Tier))
	case graph.OrderByJoined:
		k.Number = float64(node.(*graph.Partner).JoinedOn)
	case graph.OrderBySent:
		k.Number = float64(node.(*graph.Referral).SentOn)
	case graph.OrderByPosted:
		k.Number = float64(node.(*graph.Opportunity).PostedOn)
	}
	return k
}

// paginate takes a keyset page off a walk of what the viewer may read.
func (s *sight) paginate(q graph.PageQuery, descending bool, walk walker) graph.Page {
	page := graph.Page{Total: -1}
	var rows []entry
	beyond, more := q.After, false
	if q.Backward() {
		beyond, descending = q.Before, !descending
	}
	walk(descending, beyond, func(e entry) bool {
		if len(rows) == q.Limit() {
			more = true
			return false
		}
		rows = append(rows, e)
		return true
	})
	page.HasNext, page.HasPrevious = more, beyond != nil
	if q.Backward() {
		slices.Reverse(rows)
		page.HasNext, page.HasPrevious = beyond != nil, more
	}
	for _, row := range rows {
		page.Nodes = append(page.Nodes, s.tell(row.node))
		page.Keys = append(page.Keys, row.key)
		page.Km = append(page.Km, row.km)
	}
	if q.Total {
		page.Total = 0
		walk(false, nil, func(entry) bool {
			page.Total++
			return true
		})
	}
	return page
}
