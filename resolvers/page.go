package resolvers

import (
	"valueweb/graph"
	"valueweb/internal/gql"
)

// pageInfo says where a page begins and ends.
func pageInfo(cursors []string, hasPrevious, hasNext bool) *gql.PageInfo {
	info := &gql.PageInfo{HasNextPage: hasNext, HasPreviousPage: hasPrevious}
	if len(cursors) > 0 {
		info.StartCursor, info.EndCursor = &cursors[0], &cursors[len(cursors)-1]
	}
	return info
}

// rows are the edges and the nodes of a page. km is the distance of a row, nil where it was not measured.
func rows[N graph.Node, E any](page *graph.ListPage, edge func(cursor string, node N, km *float64) E) (edges []E, nodes []N) {
	edges, nodes = make([]E, len(page.Nodes)), make([]N, len(page.Nodes))
	for i, node := range page.Nodes {
		var km *float64
		if i < len(page.Km) {
			km = &page.Km[i]
		}
		nodes[i] = node.(N)
		edges[i] = edge(page.Cursors[i], nodes[i], km)
	}
	return edges, nodes
}

func infoOf(page *graph.ListPage) *gql.PageInfo {
	return pageInfo(page.Cursors, page.HasPrevious, page.HasNext)
}
