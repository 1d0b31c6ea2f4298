package neo4jstore

import (
	"slices"
	"strings"

	"valueweb/graph"
)

// from is the key beyond which a page begins, in the order in which it is read.
func from(key orderKey, page graph.PageQuery, down bool) string {
	place := page.After
	if page.Backward() {
		place = page.Before
	}
	switch {
	case place != nil:
		return key.text(*place)
	case down:
		return lastKey
	}
	return firstKey
}

// merged puts drafts among the rows of a page that was read, in the order of reading.
func merged(key orderKey, rows []graph.Node, more []graph.Node, page graph.PageQuery) []graph.Node {
	if len(more) == 0 {
		return rows
	}
	down := page.Backward()
	begin := from(key, page, down)
	for _, node := range more {
		if at := key.of(node); at != begin && at > begin != down {
			rows = append(rows, node)
		}
	}
	slices.SortFunc(rows, func(a, b graph.Node) int {
		order := strings.Compare(key.of(a), key.of(b))
		if down {
			return -order
		}
		return order
	})
	return rows
}

// cut makes a page, still without its nodes, of rows in the order of reading, of which one more than the page
// holds was read. It returns the rows of the page in their order.
func cut[R any](rows []R, q graph.PageQuery) ([]R, graph.Page) {
	more := len(rows) > q.Limit()
	rows = rows[:min(len(rows), q.Limit())]
	page := graph.Page{Total: -1, HasNext: more, HasPrevious: q.After != nil}
	if q.Backward() {
		slices.Reverse(rows)
		page.HasNext, page.HasPrevious = q.Before != nil, more
	}
	return rows, page
}

// paged makes a page of rows as cut takes them.
func paged(key orderKey, rows []graph.Node, q graph.PageQuery, total int64) graph.Page {
	rows, page := cut(rows, q)
	for _, node := range rows {
		page.Nodes = append(page.Nodes, node)
		page.Keys = append(page.Keys, key.key(key.of(node)))
	}
	if q.Total {
		page.Total = int(total)
	}
	return page
}
